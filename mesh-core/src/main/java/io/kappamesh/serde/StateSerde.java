package io.kappamesh.serde;

import io.kappamesh.Internal;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Projection;
import io.kappamesh.encoding.BinaryWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The serde of what never leaves a generation: stores and repartition topics. Needs no registry.
 *
 * <p>Avro's single-object encoding: {@code C3 01}, the schema's fingerprint in 8 bytes little-endian, Avro binary. It reads only
 * what was written with the very schema of this build: state is not migrated, it is replayed. Positions of decimal points and
 * units of time are part of the fingerprint.
 *
 * <p>Null stays null. Thread-safe: Kafka Streams shares one instance among all its threads.
 */
@Internal
public final class StateSerde<T> implements Serde<T> {

    private static final short MARKER = (short) 0xC301;
    private static final int HEADER_LENGTH = Short.BYTES + Long.BYTES;

    private final String name;
    private final long fingerprint;
    private final BinaryWriter<T> writer;
    private final Projection<T> reader;
    private final int limit;

    /**
     * What tells two forms of state apart: one that was written under another fingerprint cannot be read. It covers names, types, and
     * logical types with the digits and scale of decimals, and neither documentation nor defaults.
     */
    public static long fingerprint(Schema schema) {
        return SchemaFingerprint.of(schema);
    }

    /** A serde of a type in the one form that this build gives it, of any size. */
    public StateSerde(AvroType<T> type) {
        this(type, Integer.MAX_VALUE);
    }

    /**
     * The same for values that have to fit into topics.
     *
     * @param limit the largest value in bytes
     */
    public StateSerde(AvroType<T> type, int limit) {
        this.limit = limit;
        Schema schema = type.schema();
        name = schema.getFullName();
        fingerprint = fingerprint(schema);
        reader = new Projection<>(type, schema, Integer.MAX_VALUE);
        writer = new BinaryWriter<>(
                type,
                ByteBuffer.allocate(HEADER_LENGTH)
                        .putShort(MARKER)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(fingerprint)
                        .array());
    }

    /** Throws {@link SerializationException} for a value that does not fit its schema, or is larger than allowed. */
    @Override
    public Serializer<T> serializer() {
        return (topic, value) -> value == null ? null : fitting(topic, writer.write(value));
    }

    private byte[] fitting(String topic, byte[] bytes) {
        if (bytes.length > limit) {
            throw new SerializationException(
                    "state %s of %s: a value of %d bytes is larger than the %d that the product's own topics take; keep less under one key, or declare a larger maxRecordBytes(…) of the port it comes from"
                            .formatted(topic, name, bytes.length, limit));
        }
        return bytes;
    }

    /** Throws {@link SerializationException} for anything that this build did not write. */
    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> bytes == null ? null : read(topic, bytes);
    }

    private T read(String topic, byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER_LENGTH || header.getShort() != MARKER) {
            throw new SerializationException(
                    "state %s of %s: is not in Avro's single-object encoding; it was not written by this library: replay"
                            .formatted(topic, name));
        }
        long found = header.order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (found != fingerprint) {
            throw new SerializationException(
                    "state %s of %s: was written by another build, with schema fingerprint %016x where this one has %016x: replay"
                            .formatted(topic, name, found, fingerprint));
        }
        return reader.read(bytes, HEADER_LENGTH)
                .fold(
                        value -> value,
                        reason -> {
                            throw new SerializationException("state %s: %s".formatted(topic, reason));
                        },
                        (id, cause) -> {
                            throw new IllegalStateException("state needs no registry", cause);
                        });
    }
}
