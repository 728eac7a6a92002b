package io.kappamesh.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.observe.ProductState;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A topic of other people that keeps its records for a month: a product over it is replayed when half of what it has read is gone. */
@Timeout(180)
class HorizonIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration KEPT = Duration.ofDays(30);
    private static final String TOPIC = "METERS";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final String PUBLIC = "grid.readings.v1";
    /** Ages in days: of the first five, nothing will be left; the sixth is left and older than what is kept for certain. */
    private static final List<Integer> AGES = List.of(60, 58, 56, 54, 52, 31, 20, 15, 10, 5);

    private static final int GONE = 5;
    private static final int BELOW = 6;

    private static final EventSource<BasketItem> METERS = SourcePort.events("grid.meters.v1", BasketItem.class)
            .topic(TOPIC)
            .format(JsonFormat.json())
            .eventTime("at")
            .key("sku")
            .keptFor(KEPT)
            .describedAs("Meters as they are read.")
            .build();
    private static final OutputPort<BasketItem> READINGS = OutputPort.table(PUBLIC, BasketItem.class)
            .eventTime("at")
            .key("sku")
            .lookingBack(Duration.ZERO)
            .describedAs("The last reading of each meter.")
            .build();

    private static final Pattern HORIZON = Pattern.compile("what is older than (\\S+) cannot be recomputed");

    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    private Path directory;

    private final Terminal terminal = new Terminal();

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

    @Test
    void whatLiesBelowTheHorizonStaysAsItWasAndEveryCommandSaysSo() throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        broker.admin()
                .createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)
                        .configs(Map.of(
                                "cleanup.policy",
                                "delete",
                                "retention.ms",
                                Long.toString(KEPT.toMillis()),
                                // One segment, which is as young as its last record: only this test deletes.
                                "segment.ms",
                                Long.toString(Duration.ofDays(365).toMillis())))))
                .all()
                .get();
        for (int meter = 0; meter < AGES.size(); meter++) {
            write(meter, now.minus(Duration.ofDays(AGES.get(meter))), 1);
        }
        Map<String, Long> expected = new TreeMap<>();
        for (int meter = 0; meter < AGES.size(); meter++) {
            expected.put("m" + meter, 1L);
        }
        try (MeshRuntime serving = MeshRuntime.start(settings("first"), List.of(readings(value -> value)))) {
            awaitPublished(expected);
            broker.admin()
                    .deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(GONE)))
                    .all()
                    .get();

            assertThat(mesh("plan", "grid.readings")).isZero();
            String planned = terminal.said();
            assertThat(planned)
                    .contains("input METERS", "partition 0 begins at offset 5", "port grid.readings.v1")
                    .contains("cannot be recomputed and is left alone")
                    .doesNotContain("REFUSED");
            assertThat(horizonIn(planned))
                    .isBetween(now.minus(KEPT), Instant.now().minus(KEPT));

            try (MeshRuntime candidate = MeshRuntime.builder(List.of(readings(value -> 10 * value)))
                    .candidate(OptionalInt.empty())
                    .start(settings("second"))) {
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(candidate.products())
                                .allSatisfy(
                                        product -> assertThat(product.state()).isEqualTo(ProductState.LIVE)));

                assertThat(mesh("verify", "grid.readings")).isEqualTo(1);
                String verified = terminal.said();
                assertThat(verified)
                        .contains(
                                "they DIFFER",
                                "10 keys serving, 5 in the candidate, 0 equal",
                                "4 changed",
                                BELOW + " that differ beyond the horizon, and are left alone",
                                "because records of [METERS-0] that were read before are gone")
                        .doesNotContain("only serving");
                assertThat(horizonIn(verified))
                        .isBetween(now.minus(KEPT), Instant.now().minus(KEPT));
                assertThat(mesh("verify", "grid.readings", "--expect", "changed:quantity"))
                        .isZero();
                assertThat(terminal.said()).contains("they differ as expected, in 4 keys");

                assertThat(mesh("promote", "grid.readings")).isZero();
                assertThat(terminal.said())
                        .contains(
                                PUBLIC + ": 4 corrections",
                                PUBLIC + ": " + BELOW + " keys beyond the horizon keep what they say");
                for (int meter = BELOW; meter < AGES.size(); meter++) {
                    expected.put("m" + meter, 10L);
                }
                awaitPublished(expected);
                assertThat(broker.committed(PUBLIC))
                        .as("nothing is deleted, and four corrected")
                        .hasSize(AGES.size() + 4)
                        .allMatch(record -> record.value() != null);

                // What is read from now on is published, below the horizon and above.
                write(0, now, 2);
                write(9, now, 3);
                expected.put("m0", 20L);
                expected.put("m9", 30L);
                awaitPublished(expected);
            }
            assertThat(serving.products()).isNotEmpty();
        }
    }

    private static StreamingProduct readings(IntUnaryOperator steps) {
        return new StreamingProduct(
                DataProduct.named("grid.readings")
                        .ownedBy("grid", "team@example.org")
                        .describedAs("The last reading of each meter.")
                        .reads(METERS)
                        .publishes(READINGS)
                        .build(),
                ports -> ports.publish(
                        READINGS,
                        ports.read(METERS).stream()
                                .mapValues(
                                        reading -> BasketItem.newBuilder(reading)
                                                .setQuantity(steps.applyAsInt(reading.getQuantity()))
                                                .build(),
                                        Named.as("computed"))));
    }

    private static void write(int meter, Instant at, int quantity) {
        String key = "m" + meter;
        broker.write(new ProducerRecord<>(
                TOPIC,
                0,
                at.toEpochMilli(),
                key.getBytes(StandardCharsets.UTF_8),
                ("{\"at\":\"" + at + "\",\"sku\":\"" + key + "\",\"quantity\":" + quantity + "}")
                        .getBytes(StandardCharsets.UTF_8)));
    }

    private static void awaitPublished(Map<String, Long> expected) {
        // The product makes its topic when it starts: until then the broker knows none.
        await().atMost(TIMEOUT)
                .ignoreExceptionsMatching(failed -> failed.getCause() instanceof ExecutionException unknown
                        && unknown.getCause() instanceof UnknownTopicOrPartitionException)
                .untilAsserted(() -> assertThat(published()).isEqualTo(expected));
    }

    /** Quantities by key, as any consumer reads them. */
    private static Map<String, Long> published() throws IOException {
        Map<String, Long> quantities = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.committed(PUBLIC)) {
            GenericRecord item = new GenericDatumReader<GenericRecord>(BasketItem.getClassSchema())
                    .read(null, DecoderFactory.get().binaryDecoder(record.value(), 5, record.value().length - 5, null));
            quantities.put(
                    new String(record.key(), StandardCharsets.UTF_8), ((Number) item.get("quantity")).longValue());
        }
        return quantities;
    }

    private static Instant horizonIn(String text) {
        Matcher horizon = HORIZON.matcher(text);
        assertThat(horizon.find()).as(text).isTrue();
        return Instant.parse(horizon.group(1));
    }

    private int mesh(String... arguments) {
        return terminal.run(environment(), arguments);
    }

    private static Map<String, String> environment() {
        return Map.of("MESH_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "MESH_SCHEMA_REGISTRY_URL", registry.url());
    }

    private Settings settings(String build) {
        return Settings.of(
                Map.of(
                        "mesh.build",
                        build,
                        "mesh.state.dir",
                        directory.resolve(build).toString()),
                environment());
    }
}
