package io.kappamesh.testkit;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.kappamesh.avro.AvroType;
import io.kappamesh.serde.AvroEncoder;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;

/**
 * Keys and values that somebody else writes in Avro and the Confluent wire format, such as Debezium's: a schema of theirs gets an id that every
 * {@link ProductDriver} and every replay proof of this JVM knows. Thread-safe.
 */
public final class ConfluentAvro {
    /** Beyond the ids that are given to the ports of a test. */
    private static final int FIRST_ID = 1_000_000;

    private static final AtomicInteger NEXT = new AtomicInteger(FIRST_ID);
    private static final Map<Schema, AvroEncoder<Object>> ENCODERS = new ConcurrentHashMap<>();
    private static final Map<Integer, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private ConfluentAvro() {}

    /**
     * The bytes of a value, to be piped or put into a history.
     *
     * @param value a {@code GenericRecord} of the schema, or text, a number and so on if the schema says so
     */
    public static byte[] bytes(Schema schema, Object value) {
        return ENCODERS.computeIfAbsent(schema, ConfluentAvro::encoder).encode(value);
    }

    private static AvroEncoder<Object> encoder(Schema schema) {
        int id = NEXT.getAndIncrement();
        SCHEMAS.put(id, schema);
        return new AvroEncoder<>(AvroType.raw(schema), id);
    }

    /** A registry in memory that knows these schemas besides those that are registered in it. */
    static SchemaRegistryClient registry() {
        return new MockSchemaRegistryClient() {
            @Override
            public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
                Schema foreign = SCHEMAS.get(id);
                return foreign == null ? super.getSchemaById(id) : new AvroSchema(foreign);
            }
        };
    }
}
