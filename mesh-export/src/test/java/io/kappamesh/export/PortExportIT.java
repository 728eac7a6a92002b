package io.kappamesh.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.avro.AvroType;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.settings.Settings;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ports of a real broker in files that DuckDB reads. */
@Timeout(120)
class PortExportIT {
    private static final int PARTITIONS = 3;
    private static final int KEYS = 400;
    private static final Schema SALE = new Schema.Parser().parse("""
                    {"type": "record", "name": "Sale", "namespace": "shop", "fields": [
                      {"name": "saleId", "type": "string"},
                      {"name": "note", "type": ["null", "string"], "default": null},
                      {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}}]}
                    """);

    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    Path temporary;

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.start();
        registry = new FakeRegistry();
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        broker.stop();
    }

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void filesHaveTheLatestValueOfEachKeyAtTheCut(ExportFormat format) throws Exception {
        String port = format.suffix() + ".sales.v1";
        int id = port(port, Map.of("cleanup.policy", "compact"));
        Map<String, String> expected = new TreeMap<>();
        try (KafkaProducer<byte[], byte[]> producer = transactional(port)) {
            for (int round = 0; round < 3; round++) {
                producer.beginTransaction();
                for (int i = round; i < KEYS; i += round + 1) {
                    boolean deletes = (i + round) % 7 == 0;
                    byte[] value = deletes ? null : sale(id, "s" + i, i % 3 == 0 ? null : "", i * 100L + round);
                    producer.send(new ProducerRecord<>(port, i % PARTITIONS, key("s" + i), value))
                            .get();
                    if (deletes) {
                        expected.remove("s" + i);
                    } else {
                        expected.put("s" + i, "s" + i + "|" + (i % 3 == 0 ? "null" : "") + "|" + i + "." + "0" + round);
                    }
                }
                producer.commitTransaction();
            }
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(port, 0, key("aborted"), sale(id, "aborted", null, 1)))
                    .get();
            producer.abortTransaction();
        }
        awaitMarkers(port);
        Path directory = temporary.resolve("out");

        ExportReport report = export(port, format, directory);

        assertThat(report.counts().rows()).isEqualTo(expected.size());
        try (DuckDb duck = DuckDb.open()) {
            assertThat(duck.rows("SELECT mesh_key, note, amount::DECIMAL(12,2) FROM " + reading(format, directory)
                            + " ORDER BY mesh_key"))
                    .containsExactlyElementsOf(expected.values());
        }
        JsonNode manifest =
                new ObjectMapper().readTree(directory.resolve("manifest.json").toFile());
        assertThat(manifest.get("port").textValue()).isEqualTo(port);
        assertThat(manifest.get("contractVersion").intValue()).isEqualTo(1);
        assertThat(manifest.get("rows").longValue()).isEqualTo(expected.size());
        assertThat(manifest.get("files")).hasSize(PARTITIONS);
        broker.committedEnds(port)
                .forEach((partition, end) -> assertThat(manifest.get("endOffsets")
                                .get(Integer.toString(partition.partition()))
                                .longValue())
                        .isEqualTo(end));
        long rows = 0;
        for (JsonNode file : manifest.get("files")) {
            byte[] bytes = Files.readAllBytes(directory.resolve(file.get("name").textValue()));
            assertThat(file.get("bytes").longValue()).isEqualTo(bytes.length);
            assertThat(file.get("sha256").textValue())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
            rows += file.get("rows").longValue();
        }
        assertThat(rows).isEqualTo(expected.size());
        assertThat(new Schema.Parser()
                        .parse(directory.resolve("schema.avsc").toFile())
                        .getFields())
                .extracting(Schema.Field::name)
                .containsExactly("mesh_key", "saleId", "note", "amount");
        assertThat(names(directory)).noneMatch(name -> name.endsWith(".partial"));

        assertThatThrownBy(() -> export(port, format, directory))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("has an export already");
    }

    @Test
    void whatCannotBeARowIsKeptWithItsReason() throws Exception {
        String port = "bad.facts.v1";
        int id = port(port, Map.of("cleanup.policy", "delete"));
        broker.writeAll(List.of(
                new ProducerRecord<>(port, 0, key("a"), sale(id, "a", "n", 1)),
                new ProducerRecord<>(port, 0, null, sale(id, "b", "n", 1)),
                new ProducerRecord<>(port, 0, key("garbage"), key("no avro")),
                new ProducerRecord<>(port, 1, new byte[] {(byte) 0xff}, sale(id, "c", "n", 1)),
                new ProducerRecord<>(port, 1, key("digits"), sale(id, "d", "n", 1_000_000_000_000L))));
        Path directory = temporary.resolve("out");

        ExportReport report = export(port, ExportFormat.PARQUET, directory);

        assertThat(report.counts().rows()).isEqualTo(1);
        assertThat(report.counts().rejected()).isEqualTo(4);
        assertThat(Files.readAllLines(directory.resolve("rejected.jsonl")))
                .hasSize(4)
                .anyMatch(line -> line.contains("has no key"))
                .anyMatch(line -> line.contains("field amount is no decimal of at most 12 digits"));
    }

    @Test
    void failedExportLeavesNothingBehind() throws Exception {
        String port = "half.sales.v1";
        int id = port(port, Map.of("cleanup.policy", "compact"));
        broker.write(new ProducerRecord<>(port, 0, key("a"), sale(id, "a", "n", 1)));
        Path directory = temporary.resolve("out");
        Progress failing = new Progress() {
            @Override
            public void step(String what) {
                if (what.startsWith("Writing")) {
                    throw new IllegalStateException("stopped");
                }
            }

            @Override
            public void progress(long done, long total) {}
        };

        assertThatThrownBy(
                        () -> PortExport.of(settings(), port, ExportFormat.CSV).into(directory, failing))
                .hasMessage("stopped");
        assertThat(names(directory)).isEmpty();
        assertThatThrownBy(() -> export("half.nothing.v1", ExportFormat.CSV, directory))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("no schema under half.nothing.v1-value");
        Files.writeString(directory.resolve("part-00000.csv.partial"), "half");
        assertThatThrownBy(() -> export(port, ExportFormat.CSV, directory))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("under way, or was interrupted");
    }

    private static String reading(ExportFormat format, Path directory) {
        return switch (format) {
            case CSV ->
                "read_csv('" + directory
                        + "/part-*.csv', header = true, allow_quoted_nulls = false, all_varchar = true)";
            case JSONL ->
                "read_json('" + directory
                        + "/part-*.jsonl', columns = {mesh_key: 'VARCHAR', note: 'VARCHAR', amount: 'VARCHAR'})";
            case PARQUET -> "'" + directory + "/part-*.parquet'";
        };
    }

    private ExportReport export(String port, ExportFormat format, Path directory) {
        return PortExport.of(settings(), port, format).into(directory, Progress.SILENT);
    }

    private Settings settings() {
        return Settings.of(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "schema.registry.url", registry.url(),
                        "mesh.state.dir", temporary.resolve("state").toString()),
                Map.of());
    }

    private static int port(String address, Map<String, String> configs) throws Exception {
        broker.admin()
                .createTopics(List.of(new NewTopic(address, PARTITIONS, (short) 1).configs(configs)))
                .all()
                .get();
        return registry.register(address + "-value", SALE);
    }

    /** The end of a transaction may be told to its writer before it can be read. */
    private static void awaitMarkers(String port) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Map<TopicPartition, Long> committed = broker.committedEnds(port);
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            committed.keySet().forEach(partition -> asked.put(partition, OffsetSpec.latest()));
            Map<TopicPartition, Long> written = new HashMap<>();
            broker.admin()
                    .listOffsets(asked)
                    .all()
                    .get()
                    .forEach((partition, end) -> written.put(partition, end.offset()));
            assertThat(committed).isEqualTo(written);
        });
    }

    private static KafkaProducer<byte[], byte[]> transactional(String id) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private static byte[] sale(int schemaId, String id, String note, long cents) {
        GenericData.Record sale = new GenericData.Record(SALE);
        sale.put("saleId", id);
        sale.put("note", note);
        sale.put("amount", ByteBuffer.wrap(BigInteger.valueOf(cents).toByteArray()));
        return new AvroEncoder<>(AvroType.raw(SALE), schemaId).encode(sale);
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
