package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.archive.Sale;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.settings.Settings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A broker and a registry for the tests of a class, and source ports of sales, each in a domain of its own with a product {@code all}. */
final class IngestLab implements BeforeAllCallback, AfterAllCallback {
    static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final int PARTITIONS = 3;

    private InJvmBroker broker;
    private FakeRegistry registry;
    private Path directory;

    InJvmBroker broker() {
        return broker;
    }

    FakeRegistry registry() {
        return registry;
    }

    /** A port as tests and their processes declare it: amounts are more than zero. */
    static SourcePort<GenericRecord> port(String domain) {
        return SourcePort.events(domain + ".sales.v1", GenericRecord.class)
                .schema(Sale.SCHEMA)
                .eventTime("at")
                .key("saleId")
                .promises(
                        "amount-positive",
                        "an amount is more than zero",
                        sale -> ((BigDecimal) sale.get("amount")).signum() > 0)
                .partitions(PARTITIONS)
                .describedAs("Sales of a test.")
                .build();
    }

    static ProductName product(String domain) {
        return ProductName.of(domain + ".all");
    }

    static Settings settings(String brokers, String registry) {
        return Settings.of(Map.of("bootstrap.servers", brokers, "schema.registry.url", registry), Map.of());
    }

    Settings settings() {
        return settings(broker.bootstrapServers(), registry.url());
    }

    /** The topics that provisioning makes. */
    void provision(String domain) throws Exception {
        broker.admin()
                .createTopics(List.of(
                        new NewTopic(domain + ".sales.v1", PARTITIONS, (short) 1)
                                .configs(Map.of(
                                        "retention.ms",
                                        "-1",
                                        "message.timestamp.before.max.ms",
                                        "9223372036854775807")),
                        new NewTopic(domain + ".all.dead-letters", 1, (short) 1).configs(Map.of("retention.ms", "-1"))))
                .all()
                .get();
    }

    PortIngestBuilder<GenericRecord> ingest(String domain, Object... files) {
        PortIngestBuilder<GenericRecord> builder = PortIngest.builder(settings(), product(domain), port(domain));
        for (Object file : files) {
            builder.files(file.toString());
        }
        return builder;
    }

    static IngestReport run(PortIngestBuilder<GenericRecord> builder) throws InterruptedException {
        try (PortIngest<GenericRecord> ingest = builder.build()) {
            return ingest.run();
        }
    }

    /** Begins an ingest on a thread of its own. */
    static FutureTask<IngestReport> begin(PortIngest<?> ingest) {
        FutureTask<IngestReport> running = new FutureTask<>(ingest::run);
        new Thread(running, "earlier").start();
        return running;
    }

    /** A later ingest of the port has ended this one. */
    static void assertReplaced(FutureTask<IngestReport> earlier) {
        assertThatThrownBy(earlier::get)
                .cause()
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("another ingest of this port has begun");
    }

    Path directory(String name) throws Exception {
        return Files.createDirectories(directory.resolve(name));
    }

    /** A line of CSV for each number, with the number as key, one second after the other. */
    static String csv(int from, int to, int step) {
        StringBuilder text = new StringBuilder("sale_id,amount,at\n");
        for (int number = from; number < to; number += step) {
            text.append(line(number));
        }
        return text.toString();
    }

    static String line(int number) {
        return "s" + number + "," + (1 + number % 900) + ".5," + Instant.ofEpochSecond(number) + "\n";
    }

    /** The last stable offsets of all partitions together. */
    int committedEnd(String domain) {
        return (int) broker.committedEnds(domain + ".sales.v1").values().stream()
                .mapToLong(one -> one)
                .sum();
    }

    /** All committed records, each partition in its order, once no transaction is open: a commit returns before its records are visible. */
    List<ConsumerRecord<byte[], byte[]>> records(String domain) {
        return settled(domain + ".sales.v1");
    }

    private List<ConsumerRecord<byte[], byte[]>> settled(String topic) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(broker.committedEnds(topic))
                        .isEqualTo(TopicEnds.written(broker.admin(), List.of(topic))));
        return broker.committed(topic);
    }

    /** Each number once, with its value and time, in the partition of its key, and in the order of time there. */
    void assertHolds(String domain, int from, int to) {
        Map<Integer, List<Integer>> byPartition = new HashMap<>();
        try (SchemaRegistry schemas = SchemaRegistry.connect(settings().registry())) {
            AvroDecoder<GenericRecord> decoder =
                    new AvroDecoder<>(io.kappamesh.avro.AvroType.generic(Sale.SCHEMA), schemas);
            for (ConsumerRecord<byte[], byte[]> record : records(domain)) {
                String key = new String(record.key(), StandardCharsets.UTF_8);
                int number = Integer.parseInt(key.substring(1));
                GenericRecord sale = decoder.asDeserializer().deserialize(record.topic(), record.value());
                assertThat(sale.get("saleId")).hasToString(key);
                assertThat(sale.get("amount")).hasToString((1 + number % 900) + ".50");
                assertThat(record.timestamp()).isEqualTo(number * 1000L);
                assertThat(record.partition()).isEqualTo(Utils.toPositive(Utils.murmur2(record.key())) % PARTITIONS);
                byPartition
                        .computeIfAbsent(record.partition(), partition -> new ArrayList<>())
                        .add(number);
            }
        }
        assertThat(byPartition.values())
                .allSatisfy(numbers -> assertThat(numbers).isSorted());
        List<Integer> all = new ArrayList<>();
        byPartition.values().forEach(all::addAll);
        assertThat(all).hasSize(to - from).doesNotHaveDuplicates().allMatch(number -> number >= from && number < to);
    }

    List<DeadLetter> deadLetters(String domain) {
        return settled(domain + ".all.dead-letters").stream()
                .map(DeadLetter::of)
                .toList();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        broker = InJvmBroker.start();
        registry = new FakeRegistry();
        directory = Files.createTempDirectory("ingest-lab-");
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (registry != null) {
            registry.close();
        }
        if (broker != null) {
            broker.stop();
        }
        if (directory != null) {
            Utils.delete(directory.toFile());
        }
    }
}
