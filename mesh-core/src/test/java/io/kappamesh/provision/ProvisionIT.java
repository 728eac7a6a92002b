package io.kappamesh.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.ManualClock;
import io.kappamesh.fixture.Products;
import io.kappamesh.intake.RecordLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Topics and start-up checks on a real broker. Each test has topics of its own. */
class ProvisionIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static InJvmBroker broker;
    private static Admin admin;

    private final RetryPolicy retries = RetryPolicy.of(Optional.of(Duration.ofMinutes(1)));
    private final Topics topics = new Topics(admin, retries);

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.start();
        admin = broker.admin();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.stop();
    }

    @Test
    void whatAProductOwnsIsCreatedAsDeclaredAndASecondTimeFoundToBeSo() throws Exception {
        DataProduct product = product("made", 3);

        Map<String, Integer> partitions = topics.prepare(List.of(product));

        assertThat(partitions).isEqualTo(Map.of("made.raw.v1", 3));
        assertThat(topics.partitions(Set.of("made.out.v1", "made.out.dead-letters")))
                .isEqualTo(Map.of("made.out.v1", 3, "made.out.dead-letters", 1));
        assertThat(config("made.raw.v1", "retention.ms")).isEqualTo("-1");
        assertThat(config("made.out.v1", "cleanup.policy")).isEqualTo("compact");
        assertThat(config("made.out.dead-letters", "max.message.bytes")).isEqualTo("" + (16 << 20));
        assertThat(topics.prepare(List.of(product))).isEqualTo(partitions);
    }

    @Test
    void severalProcessesMayCreateTheSameTopicsAtOnce() {
        DataProduct product = product("raced", 2);
        List<CompletableFuture<Map<String, Integer>>> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(CompletableFuture.supplyAsync(() -> prepared(product)));
        }

        assertThat(processes).allSatisfy(process -> assertThat(process.join()).isEqualTo(Map.of("raced.raw.v1", 2)));
    }

    @Test
    void driftIsNamedAltogetherAndNothingIsAlteredOrCreated() throws Exception {
        create(new NewTopic("drifted.raw.v1", 5, (short) 1).configs(Map.of("retention.ms", "1000")));
        create(new NewTopic("drifted.out.dead-letters", 1, (short) 1).configs(Map.of("retention.ms", "604800000")));

        StartupException refused =
                catchThrowableOfType(StartupException.class, () -> topics.prepare(List.of(product("drifted", 3))));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONTRACT);
        assertThat(refused.problems())
                .anyMatch(problem -> problem.contains("drifted.raw.v1: partitions must be 3 but are 5"))
                .anyMatch(problem ->
                        problem.contains("drifted.raw.v1: retention.ms must be -1 but is 1000; run kafka-configs.sh"))
                .anyMatch(problem ->
                        problem.contains("drifted.out.dead-letters: retention.ms must be -1 but is 604800000"));
        assertThat(config("drifted.raw.v1", "retention.ms")).isEqualTo("1000");
        assertThat(admin.listTopics().names().get()).doesNotContain("drifted.out.v1");
    }

    @Test
    void whatAnOperatorAddsIsLeftAlone() throws Exception {
        DataProduct product = product("tuned", 1);
        topics.prepare(List.of(product));
        alter("tuned.out.v1", "min.insync.replicas", "1");
        alter("tuned.out.v1", "max.message.bytes", "9000000");

        assertThat(topics.prepare(List.of(product))).containsKey("tuned.raw.v1");
    }

    @Test
    void aForeignInputIsWaitedForByNameAndNeverCreated() throws Exception {
        OutputPort<GenericRecord> foreign =
                Products.table("theirs.orders.v1").partitions(2).build();
        DataProduct reader = Products.product(
                "ours.copy", foreign.asInput(), Products.table("ours.copy.v1").build());
        List<String> said = new ArrayList<>();
        RetryPolicy[] waiting = new RetryPolicy[1];
        ManualClock time = new ManualClock();
        waiting[0] = RetryPolicy.of(Optional.empty(), time, length -> {
            String words = waiting[0].waitingFor().orElse("");
            said.add(words);
            if (words.contains("theirs.orders.v1") && !exists("theirs.orders.v1")) {
                assertThat(exists("ours.copy.v1")).isTrue();
                assertThat(exists("ours.copy.dead-letters")).isFalse();
                createQuietly(
                        new NewTopic("theirs.orders.v1", 2, (short) 1).configs(Map.of("max.message.bytes", "5000000")));
            }
            return time.pause(length);
        });

        Map<String, Integer> partitions = new Topics(admin, waiting[0]).prepare(List.of(reader));

        assertThat(partitions).isEqualTo(Map.of("theirs.orders.v1", 2));
        // Before that it may have waited for brokers to know what it had created.
        assertThat(said)
                .anySatisfy(words -> assertThat(words).contains("inputs that other products own", "theirs.orders.v1"));
        assertThat(config("ours.copy.dead-letters", "max.message.bytes")).isEqualTo("" + (16 << 20));
    }

    @Test
    void brokersThatKnowTransactionsOfVersionTwoAreAccepted() throws Exception {
        assertThat(checks(Optional.empty()).features()).isEmpty();
    }

    @Test
    void anInputThatForgetsIsRefusedUnlessSoMuchHistoryIsEnough() throws Exception {
        create(new NewTopic("forgets.a.v1", 1, (short) 1).configs(Map.of("retention.ms", "86400000")));
        create(new NewTopic("forgets.b.v1", 1, (short) 1)
                .configs(Map.of("retention.ms", "-1", "retention.bytes", "1000000")));
        create(new NewTopic("forgets.c.v1", 1, (short) 1).configs(Map.of("retention.ms", "-1")));
        create(new NewTopic("forgets.d.v1", 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
        DataProduct reader = DataProduct.named("ours.reader")
                .ownedBy("team", "mail")
                .describedAs("Reads.")
                .reads(Products.events("forgets.a.v1").build().asInput())
                .reads(Products.events("forgets.b.v1").build().asInput())
                .reads(Products.events("forgets.c.v1").build().asInput())
                .reads(Products.events("forgets.d.v1").build().asInput())
                .publishes(Products.table("ours.reader.v1").build())
                .build();

        assertThat(checks(Optional.empty()).retention(List.of(reader)))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("forgets.a.v1: retention.ms must be -1 but is 86400000"))
                .anyMatch(problem -> problem.contains("forgets.b.v1: retention.bytes must be -1"))
                .anyMatch(problem -> problem.contains("forgets.d.v1: is read as events but compacted"));
        assertThat(checks(Optional.of(Duration.ofDays(1))).retention(List.of(reader)))
                .noneMatch(problem -> problem.contains("forgets.a.v1"));
        assertThat(checks(Optional.of(Duration.ofDays(2))).retention(List.of(reader)))
                .anyMatch(problem -> problem.contains("forgets.a.v1: retention.ms must be at least 172800000"));
    }

    @Test
    void aRetentionThatTheOwnerDeclaredIsItsPromise() throws Exception {
        SourcePort<GenericRecord> source =
                Products.source("short.raw.v1").keptFor(Duration.ofDays(3)).build();
        DataProduct product = Products.product(
                "short.out", source.asInput(), Products.table("short.out.v1").build());
        topics.prepare(List.of(product));

        assertThat(checks(Optional.empty()).retention(List.of(product))).isEmpty();
    }

    @Test
    void historyBeganWithTheOldestOfTheFirstRecords() throws Exception {
        create(new NewTopic("aged.raw.v1", 2, (short) 1)
                .configs(Map.of("retention.ms", "-1", "message.timestamp.after.max.ms", "" + Long.MAX_VALUE)));
        write("aged.raw.v1", 0, NOW.minus(Duration.ofDays(9)));
        write("aged.raw.v1", 1, NOW.minus(Duration.ofDays(3000)));
        write("aged.raw.v1", 1, NOW.minus(Duration.ofDays(2)));
        create(new NewTopic("aged.none.v1", 1, (short) 1));

        assertThat(checks(Optional.empty()).ageOf(Set.of("aged.raw.v1", "aged.none.v1")))
                .isEqualTo(Duration.ofDays(3000));
        assertThat(checks(Optional.empty()).ageOf(Set.of("aged.none.v1"))).isZero();
    }

    @Test
    void aChangelogThatForgetsBeforeTheHistoryIsOverIsRefused() throws Exception {
        create(internal(
                "kept.g1-windows-changelog", Map.of("cleanup.policy", "compact,delete", "retention.ms", "90000000")));
        create(internal("kept.g1-orders-changelog", Map.of("cleanup.policy", "compact")));
        create(internal("kept.g1-lines-repartition", Map.of("retention.ms", "-1")));
        create(internal("kept.g11-windows-changelog", Map.of("retention.ms", "1")));

        assertThat(checks(Optional.empty()).internalTopics("kept.g1", Duration.ofDays(1), new RecordLimit(1000)))
                .isEmpty();
        assertThat(checks(Optional.empty()).internalTopics("kept.g1", Duration.ofDays(3000), new RecordLimit(1000)))
                .singleElement()
                .asString()
                .contains("kept.g1-windows-changelog: retention.ms must be at least 259200000000", "is 90000000");
    }

    @Test
    void anInternalTopicThatRefusesEventsAheadOfTheClockIsRefused() throws Exception {
        create(new NewTopic("ahead.g1-orders-changelog", 1, (short) 1)
                .configs(Map.of("cleanup.policy", "compact", "message.timestamp.after.max.ms", "3600000")));

        assertThat(checks(Optional.empty()).internalTopics("ahead.g1", Duration.ofDays(1), new RecordLimit(1000)))
                .singleElement()
                .asString()
                .contains("ahead.g1-orders-changelog", "message.timestamp.after.max.ms", "kafka-configs.sh");
    }

    /** As Kafka Streams makes it by the settings of a product: whatever the event time of a record is. */
    private static NewTopic internal(String name, Map<String, String> more) {
        Map<String, String> configs = new HashMap<>(more);
        configs.put("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
        configs.put("message.timestamp.before.max.ms", String.valueOf(Long.MAX_VALUE));
        return new NewTopic(name, 1, (short) 1).configs(configs);
    }

    private StartupChecks checks(Optional<Duration> historyRequired) {
        return new StartupChecks(admin, retries, Clock.fixed(NOW, ZoneOffset.UTC), historyRequired);
    }

    private static DataProduct product(String domain, int partitions) {
        return Products.product(
                domain + ".out",
                Products.source(domain + ".raw.v1")
                        .partitions(partitions)
                        .build()
                        .asInput(),
                Products.table(domain + ".out.v1").partitions(partitions).build());
    }

    private Map<String, Integer> prepared(DataProduct product) {
        try {
            return new Topics(admin, retries).prepare(List.of(product));
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private static void create(NewTopic topic) throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(topic)).all().get();
        RetryPolicy retries = RetryPolicy.of(Optional.of(Duration.ofMinutes(1)));
        new Topics(admin, retries).partitions(Set.of(topic.name())); // brokers see it a moment after the controller
    }

    private static void createQuietly(NewTopic topic) {
        try {
            create(topic);
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static boolean exists(String topic) {
        try {
            return admin.listTopics().names().get().contains(topic);
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String config(String topic, String name) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return config.get(name).value();
    }

    private static void alter(String topic, String name, String value) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    }

    private static void write(String topic, int partition, Instant at) throws ExecutionException, InterruptedException {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, partition, at.toEpochMilli(), new byte[1], new byte[1]))
                    .get();
        }
    }
}
