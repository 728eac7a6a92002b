package io.kappamesh.serde;

import static java.util.Objects.requireNonNull;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.registry.RegistryUnavailableException;
import io.kappamesh.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Out of the Confluent wire format (byte 0, schema id in 4 bytes big-endian, Avro binary) into the reader's own schema.
 *
 * <p>Whoever wrote the bytes, with whatever version of the schema: fields the reader does not know are dropped, fields it knows
 * and the writer did not get their defaults. No bytes make {@link #decode} throw, nor take more memory than a small multiple of
 * their length.
 *
 * <p>Thread-safe, and meant to be shared: the registry is asked once per schema id.
 */
public final class AvroDecoder<T> {

    /**
     * How many records, arrays and maps may be inside each other. A tenth of what the steps that follow can do: Avro's writer,
     * comparison and JSON each need several times the stack that reading takes.
     */
    static final int MAX_DEPTH = 100;

    private static final byte MAGIC = 0;

    private final AvroType<T> type;
    private final SchemaRegistry registry;
    private final ConcurrentMap<Integer, Projection<T>> projections = new ConcurrentHashMap<>();

    /** A decoder of values of a type, written with any schema that the registry knows. */
    public AvroDecoder(AvroType<T> type, SchemaRegistry registry) {
        this.type = requireNonNull(type, "type");
        this.registry = requireNonNull(registry, "registry");
    }

    /** The schema id that bytes in the wire format begin with; empty if they are not in that format. */
    public static OptionalInt schemaId(byte[] bytes) {
        return isFramed(bytes) ? OptionalInt.of(id(bytes)) : OptionalInt.empty();
    }

    /** What the bytes say. Asks the registry, and so may take as long as its timeouts, only for an id that was never seen. */
    public Decoded<T> decode(byte[] bytes) {
        if (!isFramed(bytes)) {
            return new Decoded.Refused<>(
                    bytes.length < AvroEncoder.HEADER_LENGTH
                            ? "too short for a schema id: %d bytes".formatted(bytes.length)
                            : "not in the Confluent wire format: does not begin with byte 0");
        }
        int id = id(bytes);
        Projection<T> projection = projections.get(id);
        return projection == null ? decodeFirst(id, bytes) : projection.read(bytes, AvroEncoder.HEADER_LENGTH);
    }

    private Decoded<T> decodeFirst(int id, byte[] bytes) {
        return registry.lookup(id)
                .fold(
                        writer -> projections
                                .computeIfAbsent(id, first -> new Projection<>(type, writer, MAX_DEPTH))
                                .read(bytes, AvroEncoder.HEADER_LENGTH),
                        Decoded.Refused::new,
                        cause -> new Decoded.Waiting<>(id, cause));
    }

    /**
     * The same for Kafka's own clients. Null stays null; what is refused is a {@link SerializationException}, and an unreachable
     * registry a {@link RegistryUnavailableException}.
     */
    public Deserializer<T> asDeserializer() {
        return (topic, bytes) -> bytes == null
                ? null
                : decode(bytes)
                        .fold(
                                value -> value,
                                reason -> {
                                    throw new SerializationException("topic %s: %s".formatted(topic, reason));
                                },
                                (id, cause) -> {
                                    throw new RegistryUnavailableException(
                                            "topic %s: schema id %d was never seen and the registry does not answer"
                                                    .formatted(topic, id),
                                            cause);
                                });
    }

    private static boolean isFramed(byte[] bytes) {
        return bytes.length >= AvroEncoder.HEADER_LENGTH && bytes[0] == MAGIC;
    }

    private static int id(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt(1);
    }
}
