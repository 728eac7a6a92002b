package io.kappamesh.format;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * How the keys of a source are written, and the text that a product knows them by. Keys of published ports are that text in UTF-8.
 * Implementations are immutable and thread-safe; two that say the same should be equal.
 */
@FunctionalInterface
public interface KeyFormat {

    /**
     * The text of a key: the same for equal bytes, and another for other bytes, because two keys of one text would become one.
     *
     * @param bytes as the record has them; not to be changed
     * @return empty = these bytes are no key of this format: the record is a dead letter
     */
    Optional<String> text(byte[] bytes);

    /**
     * Whether keys begin with byte 0 and the id of an Avro schema in the registry. Then a record waits, before it is read, until the registry
     * has said what its id stands for.
     */
    default boolean hasSchemaIds() {
        return false;
    }

    /** This format with the schemas that keys name. Formats {@linkplain #hasSchemaIds without schema ids} leave it alone. */
    default KeyFormat using(WriterSchemas writers) {
        return this;
    }

    /** Whole numbers in eight bytes, big-endian, as Kafka's own {@code LongSerializer} writes them; {@code 42} for 42. */
    static KeyFormat int64() {
        return Binary.INT64;
    }

    /** Whole numbers in four bytes, big-endian, as Kafka's own {@code IntegerSerializer} writes them; {@code 42} for 42. */
    static KeyFormat int32() {
        return Binary.INT32;
    }

    /** UUIDs in sixteen bytes, big-endian; {@code 0a6f5cd0-…}. Kafka's own {@code UUIDSerializer} writes text, which needs no format. */
    static KeyFormat uuid() {
        return Binary.UUID;
    }

    /** The formats that are built in. */
    enum Binary implements KeyFormat {
        INT64(Long.BYTES) {
            @Override
            String of(ByteBuffer bytes) {
                return Long.toString(bytes.getLong());
            }
        },
        INT32(Integer.BYTES) {
            @Override
            String of(ByteBuffer bytes) {
                return Integer.toString(bytes.getInt());
            }
        },
        UUID(2 * Long.BYTES) {
            @Override
            String of(ByteBuffer bytes) {
                return new UUID(bytes.getLong(), bytes.getLong()).toString();
            }
        };

        private final int length;

        Binary(int length) {
            this.length = length;
        }

        abstract String of(ByteBuffer bytes);

        @Override
        public Optional<String> text(byte[] bytes) {
            return bytes.length == length ? Optional.of(of(ByteBuffer.wrap(bytes))) : Optional.empty();
        }
    }
}
