package io.kappamesh.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.cut.Progress;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.PostgresServer;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A broker, a registry and a PostgreSQL for the tests of a class, and ports of one kind of record: {@code {id, note, amount}}. */
final class LoadLab implements BeforeAllCallback, AfterAllCallback {
    static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final Schema SALE = new Schema.Parser().parse("""
                    {"type": "record", "name": "Sale", "namespace": "shop", "doc": "A sale.", "fields": [
                      {"name": "saleId", "type": "string", "doc": "Its number."},
                      {"name": "note", "type": ["null", "string"], "default": null},
                      {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
                      {"name": "round", "type": "int"}]}
                    """);

    private InJvmBroker broker;
    private FakeRegistry registry;
    private PostgresServer postgres;
    private Path directory;

    InJvmBroker broker() {
        return broker;
    }

    FakeRegistry registry() {
        return registry;
    }

    PostgresServer postgres() {
        return postgres;
    }

    Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        values.put("bootstrap.servers", broker.bootstrapServers());
        values.put("schema.registry.url", registry.url());
        values.put("mesh.state.dir", directory.toString());
        return values;
    }

    Settings settings() {
        return Settings.of(values(), Map.of());
    }

    /** A compacted topic of a port, and its first schema. */
    int port(String address, int partitions, Schema schema) throws Exception {
        return port(address, partitions, schema, Map.of("cleanup.policy", "compact"));
    }

    int port(String address, int partitions, Schema schema, Map<String, String> configs) throws Exception {
        broker.admin()
                .createTopics(List.of(new NewTopic(address, partitions, (short) 1).configs(configs)))
                .all()
                .get();
        broker.awaitTopic(address, Uuid.ZERO_UUID);
        return registry.register(address + "-value", schema);
    }

    PortLoaderBuilder loader(String address) {
        return PortLoader.builder(settings(), address)
                .jdbc(postgres.url())
                .lease(Duration.ofSeconds(3))
                .writeEvery(Duration.ofMillis(20));
    }

    void load(String address) {
        try (PortLoader loader = loader(address).build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }
    }

    LoadVerification verify(String address) {
        return loader(address).verify(Progress.SILENT);
    }

    /** The table says what the topic says, all of it. */
    LoadVerification assertComplete(String address) {
        LoadVerification found = verify(address);
        assertThat(found.isComplete()).as("%s", found).isTrue();
        assertThat(found.equal()).as("%s", found).isEqualTo(found.topicKeys() - found.overtaken());
        return found;
    }

    /** The table says what the topic said at the positions that stand beside it; the topic may be further. */
    void assertCompleteUpToItsPositions(String address) {
        LoadVerification found = verify(address);
        assertThat(found.isComplete()).as("%s", found).isTrue();
    }

    /** What a look at topic and table says that uses nothing of the loader's own comparison: there is a row for each key that has a value, of its last record. */
    void assertRowsComeFromTheLatestRecords(String address) throws Exception {
        assertRowsComeFromTheLatestRecords(address.substring(0, address.indexOf('.')), address);
    }

    void assertRowsComeFromTheLatestRecords(String schema, String address) throws Exception {
        Map<String, String> latest = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.committed(address)) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                latest.remove(key);
            } else {
                latest.put(key, key + "|" + record.partition() + "|" + record.offset());
            }
        }
        assertThat(postgres.rows("SELECT mesh_key, mesh_partition, mesh_offset FROM " + schema
                        + ".sales_v1 ORDER BY mesh_key COLLATE \"C\""))
                .isEqualTo(List.copyOf(latest.values()));
    }

    /** Waits until everything that is in the topic now is loaded. */
    void awaitLoaded(String address) {
        Map<Integer, Long> ends = new HashMap<>();
        broker.committedEnds(address).forEach((partition, end) -> ends.put(partition.partition(), end));
        String domain = address.substring(0, address.indexOf('.'));
        await().atMost(TIMEOUT).ignoreExceptions().untilAsserted(() -> {
            for (Map.Entry<Integer, Long> end : ends.entrySet()) {
                assertThat(Long.parseLong(postgres.value("SELECT next_offset FROM " + domain
                                + "._mesh_positions WHERE port = '" + address + "' AND partition = " + end.getKey())))
                        .isGreaterThanOrEqualTo(end.getValue());
            }
        });
    }

    static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ProducerRecord<>(topic, null, 1_000L, key.getBytes(StandardCharsets.UTF_8), value);
    }

    static byte[] sale(int schemaId, String id, String note, long cents, int round) {
        GenericData.Record sale = new GenericData.Record(SALE);
        sale.put("saleId", id);
        sale.put("note", note);
        sale.put(
                "amount",
                java.nio.ByteBuffer.wrap(java.math.BigInteger.valueOf(cents).toByteArray()));
        sale.put("round", round);
        return new AvroEncoder<>(AvroType.raw(SALE), schemaId).encode(sale);
    }

    /** Sales of random keys, some of them deletions. */
    List<ProducerRecord<byte[], byte[]>> sales(
            String topic, int schemaId, int keys, int number, int round, Random random) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String key = "s-" + random.nextInt(keys);
            byte[] value = random.nextInt(5) == 0
                    ? null
                    : sale(schemaId, key, random.nextBoolean() ? null : "note\t" + i + "\\\n", random.nextInt(), round);
            records.add(record(topic, key, value));
        }
        return records;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        postgres = PostgresServer.startOrSkip();
        broker = InJvmBroker.start();
        registry = new FakeRegistry();
        directory = Files.createTempDirectory("load-lab-");
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (registry != null) {
            registry.close();
        }
        if (broker != null) {
            broker.stop();
        }
        if (postgres != null) {
            postgres.close();
        }
        if (directory != null) {
            deleteAll();
        }
    }

    private void deleteAll() throws IOException {
        Utils.delete(directory.toFile());
    }
}
