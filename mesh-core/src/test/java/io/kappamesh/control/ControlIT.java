package io.kappamesh.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.contract.ProductName;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.generation.Acknowledgement;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.OffsetCheckpoint;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is decided, written and read on a real broker. Each test has a domain of its own. */
@Timeout(60)
class ControlIT {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final String READER = "reader";

    private static InJvmBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.startSecured(List.of(READER));
    }

    @AfterAll
    static void stop() throws Exception {
        broker.stop();
    }

    /** Two products of a domain shared a partition once, and a command that died for one hid what was decided about the other. */
    @Test
    void aTransactionOfAnotherProductHidesNothingFromTheNextDecision() throws Exception {
        ProductName product = ProductName.of("shared.orders");
        ProductName other = ProductName.of("shared.payments");
        begin(other);
        begin(product);
        try (KafkaProducer<byte[], byte[]> killed = dead(other);
                ControlView view = ControlView.open(broker.admin(), client())) {
            view.follow(other);
            promote(product);

            try (ControlWriter aborting = ControlWriter.take(product, client())) {
                assertThat(serving(aborting.current())).isEqualTo(2);
            }
            view.refresh(product).get(30, TimeUnit.SECONDS);
            assertThat(serving(view.lifecycle(product).orElseThrow())).isEqualTo(2);
            assertThat(ControlSnapshot.read(List.of(product, other), client(), SOON)
                            .unknown())
                    .containsOnlyKeys(other);
            killed.abortTransaction();
        }
    }

    /** All products of a process are followed by one consumer. */
    @ParameterizedTest
    @EnumSource(names = {"READ", "DESCRIBE"})
    void aControlTopicThatMayNotBeReadAnyMoreHoldsUpNoOtherProduct(AclOperation lost) throws Exception {
        ProductName product = ProductName.of("allowed-" + lost.name().toLowerCase(Locale.ROOT) + ".orders");
        ProductName other = ProductName.of("denied-" + lost.name().toLowerCase(Locale.ROOT) + ".orders");
        begin(product);
        begin(other);
        Map<String, Object> reader = new HashMap<>(broker.securedClient(READER));
        mayRead(product);
        mayRead(other);
        try (Admin admin = Admin.create(reader);
                ControlView view = ControlView.open(admin, reader)) {
            view.follow(product);
            view.follow(other);
            view.refresh(product).get(30, TimeUnit.SECONDS);
            view.refresh(other).get(30, TimeUnit.SECONDS);

            broker.admin()
                    .deleteAcls(List.of(right(other, AclOperation.READ).toFilter()))
                    .all()
                    .get();
            if (lost == AclOperation.READ) {
                broker.admin()
                        .createAcls(List.of(right(other, AclOperation.DESCRIBE)))
                        .all()
                        .get();
            }
            // Brokers answer that a right is gone before they act on it.
            await().until(() -> view.refused(other).isPresent());
            promote(other);
            promote(product);
            view.refresh(product).get(30, TimeUnit.SECONDS);

            assertThat(serving(view.lifecycle(product).orElseThrow())).isEqualTo(2);
            assertThat(serving(view.lifecycle(other).orElseThrow())).isEqualTo(1);
            assertThat(view.refused(product)).isEmpty();
            assertThat(view.refresh(other)).isNotCompleted();

            mayRead(other);
            await().until(() -> serving(view.lifecycle(other).orElseThrow()) == 2);
            await().until(() -> view.refused(other).isEmpty());
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private static void mayRead(ProductName product) throws Exception {
        AclBinding right = right(product, AclOperation.READ);
        broker.admin().createAcls(List.of(right)).all().get();
        await().until(() ->
                broker.admin().describeAcls(right.toFilter()).values().get().contains(right));
    }

    /** Who may read may describe, too. */
    private static AclBinding right(ProductName product, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, ControlTopic.of(product), PatternType.LITERAL),
                new AccessControlEntry("User:" + READER, "*", operation, AclPermissionType.ALLOW));
    }

    @Test
    void theNextWriterEndsWhatADeadOneHadBegun() throws Exception {
        ProductName product = ProductName.of("died.orders");
        begin(product);
        try (KafkaProducer<byte[], byte[]> killed = dead(product)) {
            promote(product);

            assertThat(catchThrowable(killed::commitTransaction)).isInstanceOf(KafkaException.class);
            assertThat(serving(read(product))).isEqualTo(2);
        }
    }

    @Test
    void whatIsNotReadToItsEndIsDecidedByNobody() throws Exception {
        ProductName product = ProductName.of("hidden.orders");
        begin(product);
        try (KafkaProducer<byte[], byte[]> stranger = transaction("hidden.stranger", word(product))) {
            assertThat(catchThrowableOfType(
                            UndecidedException.class, () -> ControlWriter.take(product, client(), SOON, false)))
                    .hasMessageContainingAll(
                            "hidden.orders", "open from offset", "kafka-transactions.sh", "--start-offset");
            assertThat(catchThrowableOfType(
                            UndecidedException.class,
                            () -> ControlSnapshot.read(List.of(product), client(), SOON)
                                    .lifecycle(product)))
                    .isNotNull();

            stranger.commitTransaction();
            promote(product);
            assertThat(serving(read(product))).isEqualTo(2);
        }
    }

    /** A commit is answered before what was committed can be read. */
    @Test
    void whoAsksWhatIsDecidedWaitsForWhatIsWritten() throws Exception {
        ProductName product = ProductName.of("awaited.orders");
        begin(product);
        try (ControlView view = ControlView.open(broker.admin(), client());
                KafkaProducer<byte[], byte[]> deciding = transaction(
                        ControlWriter.transactionalId(product),
                        ControlRecords.of(read(product).promoted(1, 2)))) {
            view.follow(product);
            await().until(() -> view.lifecycle(product).isPresent());

            CompletableFuture<Void> known = view.refresh(product);

            assertThat(catchThrowable(() -> known.get(2, TimeUnit.SECONDS))).isInstanceOf(TimeoutException.class);
            deciding.commitTransaction();
            known.get(30, TimeUnit.SECONDS);
            assertThat(serving(view.lifecycle(product).orElseThrow())).isEqualTo(2);
        }
    }

    @Test
    void aDeadDecisionHoldsUpAProcessForAMomentOnly() throws Exception {
        ProductName product = ProductName.of("fenced.orders");
        begin(product);
        try (KafkaProducer<byte[], byte[]> killed = dead(product);
                ControlView view = ControlView.open(broker.admin(), client(), SOON)) {
            view.refresh(product).get(30, TimeUnit.SECONDS);

            assertThat(serving(view.lifecycle(product).orElseThrow())).isEqualTo(1);
            assertThat(catchThrowable(killed::commitTransaction)).isInstanceOf(KafkaException.class);
        }
    }

    @Test
    void aRecordThatCannotBeReadStopsItsProductOnly() throws Exception {
        ProductName product = ProductName.of("unread.orders");
        ProductName other = ProductName.of("unread.payments");
        begin(product);
        begin(other);
        broker.write(new ProducerRecord<>(
                ControlTopic.of(product),
                "product/unread.orders".getBytes(UTF_8),
                "{\"product\":\"unread.orders\",\"generations\":[{\"number\":1,\"role\":\"PAUSED\"}]}"
                        .getBytes(UTF_8)));

        assertThat(catchThrowableOfType(UndecidedException.class, () -> ControlWriter.take(product, client())))
                .satisfies(refused -> assertThat(refused.isUnreadable()).isTrue())
                .hasMessageContainingAll("at offset", "unread.orders.mesh.control", "role", "recover unread.orders")
                .hasMessageNotContaining("PAUSED");
        promote(other);
        ControlSnapshot both = ControlSnapshot.read(List.of(product, other), client());
        assertThat(both.unknown()).containsOnlyKeys(product);
        assertThat(both.lifecycles()).extracting(ProductLifecycle::product).containsExactly("unread.payments");
        try (ControlView view = ControlView.open(broker.admin(), client())) {
            CompletableFuture<Void> known = view.refresh(product);
            view.refresh(other).get(30, TimeUnit.SECONDS);
            assertThat(serving(view.lifecycle(other).orElseThrow())).isEqualTo(2);
            await().until(() -> view.unreadable(product).isPresent());
            assertThat(known).isNotDone();

            try (ControlWriter writer = ControlWriter.takeUnread(product, client())) {
                writer.decide(now -> now.with(generation(7, Role.SERVING)));
            }
            known.get(30, TimeUnit.SECONDS);
            assertThat(serving(view.lifecycle(product).orElseThrow())).isEqualTo(7);
        }
    }

    @Test
    void whatANewerVersionWroteSurvivesADecisionOfThisOne() throws Exception {
        ProductName product = ProductName.of("newer.orders");
        begin(product);
        ObjectNode newer = (ObjectNode) ControlRecords.written(read(product), null);
        newer.putObject("policy").put("keep", 3);
        ((ObjectNode) newer.get("generations").get(1)).put("owner", "somebody");
        broker.write(ControlRecords.of(product, newer));

        promote(product);

        ConsumerRecord<byte[], byte[]> last = latest(product);
        JsonNode written = new ObjectMapper().readTree(last.value());
        assertThat(written.at("/policy/keep").asInt()).isEqualTo(3);
        assertThat(written.at("/generations/1/owner").asText()).isEqualTo("somebody");
        assertThat(written.at("/generations/1/role").asText()).isEqualTo("SERVING");
    }

    @Test
    void wordsOfPastCutsAndOfRetiredGenerationsAreDeletedWithTheNextDecision() throws Exception {
        ProductName product = ProductName.of("tidied.orders");
        begin(product);
        Generation retired = new Generation(product, 2);
        try (ControlWriter writer = ControlWriter.take(product, client())) {
            writer.decide(now -> now.change(2, one -> one.as(Role.RETIRED)));
        }
        broker.write(ControlRecords.of(
                Acknowledgement.of(new Generation(product, 1), "p", "cut", Map.of(), List.of(), List.of())));
        broker.write(ControlRecords.of(OffsetCheckpoint.of(retired, Map.of(), Map.of())));
        broker.write(ControlRecords.of(OffsetCheckpoint.of(new Generation(product, 1), Map.of(), Map.of())));

        try (ControlWriter writer = ControlWriter.take(product, client())) {
            writer.decide(now -> now);
        }

        Map<String, Boolean> kept = new HashMap<>();
        read(product); // which waits for the markers of the commit
        broker.committed(ControlTopic.of(product))
                .forEach(record -> kept.put(new String(record.key(), UTF_8), record.value() != null));
        assertThat(kept)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "product/tidied.orders", true,
                        "rest/tidied.orders.g1", true,
                        "rest/tidied.orders.g2", false,
                        "cut/tidied.orders.g1/p", false));
    }

    @Test
    void recordsAsLargeAsAPortAllowsCanBeWrittenWithADecision() throws Exception {
        ProductName product = ProductName.of("large.orders");
        begin(product);
        int bytes = 12 * 1024 * 1024;
        broker.admin()
                .createTopics(List.of(new NewTopic("large.orders.v1", Optional.of(1), Optional.empty())
                        .configs(Map.of("max.message.bytes", String.valueOf(bytes + 64 * 1024)))))
                .all()
                .get();
        byte[] value = new byte[bytes];
        new Random(1).nextBytes(value);

        try (ControlWriter writer = ControlWriter.take(product, client())) {
            writer.decide(
                    now -> now.promoted(1, 2),
                    sink -> sink.accept(new ProducerRecord<>("large.orders.v1", new byte[] {1}, value)));
        }

        assertThat(serving(read(product))).isEqualTo(2);
        // A commit is answered before its markers are written, to one partition before the other.
        await().untilAsserted(() -> assertThat(broker.committed("large.orders.v1"))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).hasSize(bytes)));
    }

    @Test
    void brokersThatAllowShortTransactionsOnlyAreTakenAsTheyAre() throws Exception {
        InJvmBroker strict = InJvmBroker.start(Map.of("transaction.max.timeout.ms", "60000"));
        try {
            ProductName product = ProductName.of("short.orders");
            ControlTopic.ensure(strict.admin(), product);
            Map<String, Object> client = Map.of("bootstrap.servers", strict.bootstrapServers());
            try (ControlWriter writer = ControlWriter.take(product, client)) {
                writer.decide(now -> now.with(generation(1, Role.SERVING)));
            }
            assertThat(serving(ControlSnapshot.read(List.of(product), client)
                            .lifecycle(product)
                            .orElseThrow()))
                    .isEqualTo(1);
        } finally {
            strict.stop();
        }
    }

    private static ConsumerRecord<byte[], byte[]> latest(ProductName product) {
        read(product); // which waits for the markers of the commit
        List<ConsumerRecord<byte[], byte[]>> all = broker.committed(ControlTopic.of(product));
        return all.get(all.size() - 1);
    }

    private static int serving(ProductLifecycle lifecycle) {
        return lifecycle.serving().orElseThrow().number();
    }

    private static ProductLifecycle read(ProductName product) {
        return ControlSnapshot.read(List.of(product), client())
                .lifecycle(product)
                .orElseThrow();
    }

    private static void promote(ProductName product) {
        try (ControlWriter writer = ControlWriter.take(product, client())) {
            writer.decide(now -> now.promoted(1, 2));
        }
    }

    private static void begin(ProductName product) throws Exception {
        ControlTopic.ensure(broker.admin(), product);
        try (ControlWriter writer = ControlWriter.take(product, client())) {
            writer.decide(now -> now.with(generation(1, Role.SERVING)).with(generation(2, Role.CANDIDATE)));
        }
    }

    private static GenerationRecord generation(int number, Role role) {
        return GenerationRecord.begun(
                number,
                role,
                Computation.of("build", List.of("fingerprint"), List.of()),
                new PortTopics(List.of(), List.of()),
                History.upTo(Map.of(), "2026-01-01T00:00:00Z"));
    }

    /** As a command leaves it that is killed between its record and its commit. */
    private static KafkaProducer<byte[], byte[]> dead(ProductName product) throws Exception {
        return transaction(ControlWriter.transactionalId(product), word(product));
    }

    private static ProducerRecord<byte[], byte[]> word(ProductName product) {
        return ControlRecords.noCheckpoint(new Generation(product, 7));
    }

    private static KafkaProducer<byte[], byte[]> transaction(String id, ProducerRecord<byte[], byte[]> record)
            throws Exception {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(record).get();
        return producer;
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
