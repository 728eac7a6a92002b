package io.kappamesh.format;

import io.kappamesh.declaration.DeclarationException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * How the values of a source are written: Avro in the Confluent wire format unless a source port says otherwise. Published ports are always
 * in that format. Implementations are immutable and thread-safe.
 */
public interface ValueFormat {

    /**
     * A format of your own.
     *
     * @param type the class of the values of every port that has this format
     * @param decoder from the bytes of a value; pure and safe to call from several threads. If it throws, the record is a dead letter
     */
    static <T extends IndexedRecord> ValueFormat of(Class<T> type, Decoder<T> decoder) {
        return new OwnFormat<>(type, Set.of(), decoder);
    }

    /**
     * A format of your own that reads headers too, such as one that says which version of the value this is.
     *
     * @param type the class of the values of every port that has this format
     * @param headers the names of the headers that it reads; no others are seen
     * @param decoder from the bytes of a value, and from headers by their names; pure and safe to call from several threads. If it throws, the
     *     record is a dead letter
     */
    static <T extends IndexedRecord> ValueFormat of(Class<T> type, Set<String> headers, HeaderDecoder<T> decoder) {
        return new OwnFormat<>(type, headers, new OwnFormat.WithHeaders<>(decoder));
    }

    /** The names of the headers that it reads: what a value is depends on its bytes and on these. */
    default Set<String> headers() {
        return Set.of();
    }

    /**
     * Whether its values fit their schema, whatever the bytes are. Those of a format that does not see to it are written once at the intake, and
     * rejected if they cannot be: a decimal of another scale, or a null where none may be, would stop the product later.
     */
    default boolean checksValues() {
        return false;
    }

    /**
     * Reads values of one class. Asked once per port, before the first record.
     *
     * @param type a generated class, or {@code GenericRecord}
     * @param schema of the values
     * @throws DeclarationException when the format cannot hold values of this schema, with every problem
     */
    <V extends IndexedRecord> Decoder<V> decoder(Class<V> type, Schema schema);

    /**
     * Whether values begin with byte 0 and the id of an Avro schema in the registry. Then a record waits, before it is read, until the registry
     * has said what its id stands for.
     */
    default boolean hasSchemaIds() {
        return false;
    }

    /**
     * Reads values of one class that name the schema they were written with. Formats {@linkplain #hasSchemaIds without schema ids} leave it
     * alone.
     *
     * @param type a generated class, or {@code GenericRecord}
     * @param schema of the values
     * @param writers the schemas that values name
     * @throws DeclarationException when the format cannot hold values of this schema, with every problem
     */
    default <V extends IndexedRecord> Decoder<V> decoder(Class<V> type, Schema schema, WriterSchemas writers) {
        return decoder(type, schema);
    }

    /**
     * Writes values as the source's owner does, for tests that put them in. Empty where the format cannot: tests write bytes then.
     *
     * @param type a generated class, or {@code GenericRecord}
     * @param schema of the values
     */
    default <V extends IndexedRecord> Optional<Encoder<V>> encoder(Class<V> type, Schema schema) {
        return Optional.empty();
    }

    /** Values to bytes. Thread-safe. */
    @FunctionalInterface
    interface Encoder<V> {
        byte[] encode(V value);
    }

    /** Bytes to values. Thread-safe. */
    @FunctionalInterface
    interface Decoder<V> {

        /**
         * The value that the bytes hold, or that they delete their key, or why they hold nothing. Never throws because of the bytes, and takes no more memory than a small
         * multiple of their length.
         */
        Result<V> decode(byte[] bytes);

        /**
         * The same of a record with headers.
         *
         * @param headers the bytes of those that the format {@linkplain ValueFormat#headers declares} and the record has; of several of one name
         *     the last
         */
        default Result<V> decode(byte[] bytes, Map<String, byte[]> headers) {
            return decode(bytes);
        }
    }

    /** Bytes and headers to values. Thread-safe. */
    @FunctionalInterface
    interface HeaderDecoder<V> {

        /**
         * The value that the bytes hold.
         *
         * @param headers the bytes of those that the format declares and the record has; of several of one name the last
         */
        Result<V> decode(byte[] bytes, Map<String, byte[]> headers);
    }

    /** What became of the bytes of a value. */
    sealed interface Result<V> {

        static <V> Result<V> value(V value) {
            return new Value<>(value);
        }

        /** The record deletes its key, as a null value does. */
        static <V> Result<V> deleted() {
            return new Deleted<>();
        }

        /**
         * The record says nothing that belongs to the port, and is passed over: neither a value nor a dead letter. In a table it deletes its
         * key if it has one, because compaction keeps it in place of the row before it.
         */
        static <V> Result<V> ignored() {
            return new Ignored<>();
        }

        /** @param reason in plain words, without any value of the record: it is kept with the dead letter, and printed */
        static <V> Result<V> rejected(String reason) {
            return new Rejected<>(reason);
        }
    }

    /** The bytes are a value. */
    record Value<V>(V value) implements Result<V> {}

    /** The bytes say that the key is deleted. In a source of facts that are final this is a dead letter. */
    record Deleted<V>() implements Result<V> {}

    /** The bytes say nothing that belongs to the port. */
    record Ignored<V>() implements Result<V> {}

    /** The bytes are none, and never will be: a dead letter. */
    record Rejected<V>(String reason) implements Result<V> {}
}
