package io.kappamesh.system;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tpch.TpchEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Writes shipment events under the schema that logistics knows, under a newer one that it has not seen, and under one that does not
 * exist; asks the registry only while it is made. Used by one thread.
 */
final class ShipmentFeed implements AutoCloseable {
    private static final String TOPIC = "logistics.shipment-events.v1";
    private static final int PARTITIONS = 4;
    private static final int NOBODYS_SCHEMA = 1_000_000;
    private static final int BEHIND_MAGIC_BYTE = 1;

    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroEncoder<ShipmentEvent> encoder;
    private final int newerSchema;
    private final Map<Integer, Long> ends = new HashMap<>();

    ShipmentFeed(String bootstrapServers, SchemaRegistry registry) {
        List<RegisteredSchema> versions = registry.versions(TOPIC + "-value");
        encoder = new AvroEncoder<>(
                AvroType.of(ShipmentEvent.class),
                versions.get(versions.size() - 1).id());
        newerSchema = registry.register(TOPIC + "-value", withNote(), Compatibility.FULL_TRANSITIVE);
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 10),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void send(Iterable<TpchEvent> events) throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        events.forEach(event -> sent.add(send(event, encode(event))));
        for (Future<RecordMetadata> record : sent) {
            acknowledged(record);
        }
    }

    /** Returns the offset. */
    long sendUnderNewerSchema(TpchEvent event) throws ExecutionException, InterruptedException {
        byte[] old = encode(event);
        // The new field comes last, and its null is the first branch of its union: one byte, zero.
        byte[] newer = ByteBuffer.allocate(old.length + 1)
                .put(old)
                .putInt(BEHIND_MAGIC_BYTE, newerSchema)
                .array();
        return acknowledged(send(event, newer));
    }

    /** Returns the offset. */
    long sendUnderSchemaThatNobodyHas(TpchEvent event) throws ExecutionException, InterruptedException {
        byte[] value = ByteBuffer.wrap(encode(event))
                .putInt(BEHIND_MAGIC_BYTE, NOBODYS_SCHEMA)
                .array();
        return acknowledged(send(event, value));
    }

    /** The offset behind the last record of each partition. */
    Map<Integer, Long> ends() {
        return Map.copyOf(ends);
    }

    static int partition(TpchEvent event) {
        return Utils.toPositive(Utils.murmur2(event.key().getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }

    private byte[] encode(TpchEvent event) {
        return encoder.encode((ShipmentEvent) event.value());
    }

    private Future<RecordMetadata> send(TpchEvent event, byte[] value) {
        byte[] key = event.key().getBytes(StandardCharsets.UTF_8);
        return producer.send(new ProducerRecord<>(TOPIC, partition(event), event.timestamp(), key, value));
    }

    private long acknowledged(Future<RecordMetadata> sent) throws ExecutionException, InterruptedException {
        RecordMetadata record = sent.get();
        ends.merge(record.partition(), record.offset() + 1, Math::max);
        return record.offset();
    }

    private static Schema withNote() {
        Schema known = ShipmentEvent.getClassSchema();
        List<Field> fields = new ArrayList<>();
        known.getFields().forEach(field -> fields.add(new Field(field, field.schema())));
        Schema text = Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING));
        fields.add(new Field("note", text, "What the carrier wrote down.", Field.NULL_DEFAULT_VALUE));
        return Schema.createRecord(known.getName(), known.getDoc(), known.getNamespace(), false, fields);
    }

    @Override
    public void close() {
        producer.close();
    }
}
