package io.kappamesh.serde;

import static java.util.Objects.requireNonNull;

import io.kappamesh.Internal;
import io.kappamesh.avro.AvroType;
import io.kappamesh.encoding.BinaryWriter;
import io.kappamesh.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Into the Confluent wire format, with a schema id that was registered at start. Thread-safe, and meant to be shared.
 *
 * @see SchemaRegistry#register
 */
public final class AvroEncoder<T> {

    public static final int HEADER_LENGTH = 1 + Integer.BYTES;

    private final BinaryWriter<T> writer;
    private final SizeBound<T> bound;

    /** An encoder of values of a type, whose schema the registry knows by this id. */
    public AvroEncoder(AvroType<T> type, int schemaId) {
        byte[] header = ByteBuffer.allocate(HEADER_LENGTH)
                .put((byte) 0)
                .putInt(schemaId)
                .array();
        this.writer = new BinaryWriter<>(requireNonNull(type, "type"), header);
        this.bound = SizeBound.of(type);
    }

    /**
     * A new array: byte 0, the schema id in 4 bytes big-endian, Avro binary.
     *
     * @throws SerializationException if the value does not fit its schema: names the field where known, never the value
     */
    public byte[] encode(T value) {
        return writer.write(requireNonNull(value, "value"));
    }

    /**
     * How long the array of a value would be. Up to the limit a number that is not smaller is enough; most values need not be encoded for it.
     *
     * @throws SerializationException if the value does not fit its schema
     */
    @Internal
    public int size(T value, int limit) {
        long most = bound.of(requireNonNull(value, "value"));
        return most != SizeBound.UNKNOWN && HEADER_LENGTH + most <= limit
                ? (int) (HEADER_LENGTH + most)
                : encode(value).length;
    }

    /** The same for Kafka's own clients. Null stays null. */
    public Serializer<T> asSerializer() {
        return (topic, value) -> value == null ? null : encode(value);
    }
}
