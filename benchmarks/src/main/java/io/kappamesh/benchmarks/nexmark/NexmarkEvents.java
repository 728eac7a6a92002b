package io.kappamesh.benchmarks.nexmark;

import io.kappamesh.avro.AvroType;
import io.kappamesh.benchmarks.data.OrderEvents;
import io.kappamesh.benchmarks.data.Rows;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes Nexmark's events into the sources of the queries, and computes what has to come out. Stateless. */
public final class NexmarkEvents {
    private NexmarkEvents() {}

    /**
     * Writes all events.
     *
     * @return how many records each topic has
     */
    public static Map<String, Long> load(String bootstrapServers, SchemaRegistry registry, Generator generator) {
        Map<String, Long> counts = new HashMap<>();
        load(bootstrapServers, registry, NexmarkPorts.PERSONS.address().topic(), generator.persons(), counts);
        load(bootstrapServers, registry, NexmarkPorts.AUCTIONS.address().topic(), generator.auctions(), counts);
        load(bootstrapServers, registry, NexmarkPorts.BIDS.address().topic(), generator.bids(), counts);
        return counts;
    }

    private static <E extends SpecificRecord> void load(
            String bootstrapServers,
            SchemaRegistry registry,
            String topic,
            Stream<E> events,
            Map<String, Long> counts) {
        List<RegisteredSchema> versions = registry.versions(topic + "-value");
        int id = versions.get(versions.size() - 1).id();
        Map<Class<?>, AvroEncoder<SpecificRecord>> encoders = new HashMap<>();
        Iterator<ProducerRecord<byte[], byte[]>> records = events.map(event -> {
                    counts.merge(topic, 1L, Long::sum);
                    byte[] value = encoder(encoders, event, id).encode(event);
                    int time = event.getSchema().getField("dateTime").pos();
                    return new ProducerRecord<>(
                            topic, null, ((Instant) event.get(time)).toEpochMilli(), key(event), value);
                })
                .iterator();
        OrderEvents.write(bootstrapServers, records);
    }

    /** What has to stand in the output of a query in the end. */
    public static Rows answers(Query query, Generator generator) {
        Map<Class<?>, AvroEncoder<SpecificRecord>> encoders = new HashMap<>();
        return query.answers(generator)
                .map(row -> Rows.NONE.and(key(row), encoder(encoders, row, 0).encode(row)))
                .reduce(Rows.NONE, Rows::plus);
    }

    @SuppressWarnings("unchecked") // an encoder for the class of the record
    private static AvroEncoder<SpecificRecord> encoder(
            Map<Class<?>, AvroEncoder<SpecificRecord>> encoders, SpecificRecord record, int id) {
        return encoders.computeIfAbsent(
                record.getClass(), type -> new AvroEncoder<>(AvroType.of((Class<SpecificRecord>) type), id));
    }

    private static byte[] key(SpecificRecord record) {
        return ((String) record.get(0)).getBytes(StandardCharsets.UTF_8);
    }
}
