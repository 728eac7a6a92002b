package io.kappamesh.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.fixture.PostgresServer;
import io.kappamesh.settings.Settings;
import io.kappamesh.testkit.LocalMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A database with logical replication, and tables that are captured into topics of a real broker. */
final class CaptureLab implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalMesh mesh;
    private final PostgresServer postgres;
    private final Admin admin;

    private CaptureLab(LocalMesh mesh, PostgresServer postgres) {
        this.mesh = mesh;
        this.postgres = postgres;
        this.admin = Admin.create(Map.of("bootstrap.servers", mesh.bootstrapServers()));
    }

    static CaptureLab startOrSkip(LocalMesh mesh) throws IOException, InterruptedException {
        return new CaptureLab(
                mesh, PostgresServer.startOrSkip(Map.of("wal_level", "logical", "max_replication_slots", "20")));
    }

    PostgresServer postgres() {
        return postgres;
    }

    Settings settings() {
        return Settings.of(mesh.settings(), Map.of());
    }

    /** A table of its own, {@code public.NAME}, and the topic of port {@code NAME.rows.v1}. */
    void table(String name, int rows) throws Exception {
        postgres.run(
                "CREATE TABLE " + name + " (id bigint PRIMARY KEY, n integer NOT NULL, part integer DEFAULT 7)",
                "INSERT INTO " + name + " SELECT i, 0, NULL FROM generate_series(1, " + rows + ") i");
        topic(name);
    }

    /** The topic of port {@code NAME.rows.v1}. */
    void topic(String name) throws Exception {
        admin.createTopics(List.of(new NewTopic(port(name), 3, (short) 1)
                        .configs(Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "1"))))
                .all()
                .get();
    }

    static String port(String name) {
        return name + ".rows.v1";
    }

    PortCaptureBuilder capture(String name) {
        return PortCapture.builder(settings(), port(name))
                .jdbc(postgres.url())
                .table("public." + name)
                .heartbeat(Duration.ofMillis(500));
    }

    static void toEnd(PortCaptureBuilder builder) {
        try (PortCapture capture = builder.build()) {
            assertThat(capture.captureToEnd()).isTrue();
        }
    }

    /** Everything that is written by now, in the order of each partition, once it is committed; others may write on. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) throws Exception {
        Map<TopicPartition, Long> ends = TopicEnds.written(admin, List.of(topic));
        await().atMost(TIMEOUT)
                .untilAsserted(() -> TopicEnds.committed(admin, List.of(topic))
                        .forEach((partition, end) ->
                                assertThat(end).isGreaterThanOrEqualTo(ends.getOrDefault(partition, 0L))));
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        CommittedReaders.readTo(Map.of("bootstrap.servers", mesh.bootstrapServers()), ends, TIMEOUT, all::add);
        return all;
    }

    /** What somebody else writes. */
    void write(String topic, byte[] key, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", mesh.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>(topic, key, value));
        }
    }

    /** The latest row of each key, as columns joined by |. */
    List<String> rows(String name) throws Exception {
        Map<Long, String> rows = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records(port(name))) {
            long id = json(record.key()).get("id").asLong();
            if (record.value() == null) {
                rows.remove(id);
            } else if (!json(record.value()).get("op").asText().equals("d")) {
                JsonNode after = json(record.value()).get("after");
                rows.put(id, text(after));
            }
        }
        return List.copyOf(rows.values());
    }

    private static String text(JsonNode row) {
        List<String> columns = new ArrayList<>();
        row.forEach(column -> columns.add(column.asText()));
        return String.join("|", columns);
    }

    /** What changes of one row say of a column, in their order; deletions are {@code d}, snapshots left out. */
    List<String> changes(String name, long id, String column) throws Exception {
        List<String> changes = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(port(name))) {
            if (record.value() != null && json(record.key()).get("id").asLong() == id) {
                JsonNode envelope = json(record.value());
                switch (envelope.get("op").asText()) {
                    case "r" -> {}
                    case "d" -> changes.add("d");
                    default -> changes.add(envelope.get("after").get(column).asText());
                }
            }
        }
        return changes;
    }

    /** How many changes there are of all rows, without snapshots. */
    long changes(String name) throws Exception {
        return records(port(name)).stream()
                .filter(record -> record.value() != null
                        && !json(record.value()).get("op").asText().equals("r"))
                .count();
    }

    static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    void assertSame(String name) throws Exception {
        assertThat(rows(name)).isEqualTo(postgres.rows("SELECT * FROM " + name + " ORDER BY id"));
    }

    /** The slots of a table's port. */
    List<String> slots(String name) throws Exception {
        return postgres.rows("SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'mesh_" + name
                + "_rows_v1_%' ORDER BY 1");
    }

    /** The slot of a table's port, once nobody reads it. */
    String freeSlot(String name) throws Exception {
        String slot = slots(name).get(0);
        await().atMost(TIMEOUT)
                .until(() -> postgres.value("SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'")
                        .equals("f"));
        return slot;
    }

    @Override
    public void close() throws IOException {
        admin.close();
        postgres.close();
    }
}
