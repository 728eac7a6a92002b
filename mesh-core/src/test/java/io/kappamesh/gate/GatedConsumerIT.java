package io.kappamesh.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.generation.Acknowledgement;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Cut.Afterwards;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.inputs.InputEnds;
import io.kappamesh.inputs.InputHistory;
import io.kappamesh.inputs.InputLostException;
import io.kappamesh.inputs.InputProgress;
import io.kappamesh.inputs.PositionGuard;
import io.kappamesh.inputs.UncommittedRecords;
import io.kappamesh.observe.ProductMetrics;
import io.kappamesh.registry.SchemaRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gate in front of a real broker: the schema of some records is not known while the registry is down. */
@Timeout(120)
class GatedConsumerIT {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int KNOWN = 1;
    private static final int UNKNOWN = 2;

    private static final GenerationRecord SERVING = GenerationRecord.begun(
            1,
            Role.SERVING,
            Computation.of("b", List.of(), List.of()),
            new PortTopics(List.of(), List.of()),
            History.upTo(Map.of(), "2026-01-01T00:00:00Z"));

    private static InJvmBroker broker;
    private static int topics;

    private final FakeRegistry server = new FakeRegistry();
    private final SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", server.url()));
    private final List<String> got = new ArrayList<>();
    private String topic;
    private TopicPartition zero;
    private TopicPartition one;
    private GatedConsumer consumer;
    private final UncommittedRecords uncommitted = new UncommittedRecords();
    private InputProgress progress;
    private final List<Acknowledgement> said = new ArrayList<>();
    private @Nullable Origin origin;
    private CompletableFuture<Void> known = CompletableFuture.completedFuture(null);
    private final AtomicLong nanos = new AtomicLong();
    private final CutGate cuts = new CutGate(
            Generation.of("p.x.g1"),
            "b",
            () -> known,
            said::add,
            new Throttle(OptionalLong.empty(), nanos::get),
            nanos::get);

    @BeforeAll
    static void startBroker() throws Exception {
        broker = InJvmBroker.start();
    }

    @AfterAll
    static void stopBroker() throws Exception {
        broker.stop();
    }

    @BeforeEach
    void open() throws Exception {
        decide(null);
        topic = "gated-" + topics++;
        zero = new TopicPartition(topic, 0);
        one = new TopicPartition(topic, 1);
        broker.admin()
                .createTopics(List.of(new NewTopic(topic, 2, (short) 1)))
                .all()
                .get();
        server.register("in-value", Basket.getClassSchema());
        registry.lookup(KNOWN);
        server.goDown();
        progress = new InputProgress(
                Set.of(topic),
                1,
                uncommitted,
                new ProductMetrics(Generation.of("p.x.g1"), new SimpleMeterRegistry(), Clock.systemUTC()),
                System::nanoTime);
        consumer = gated(new CutLine(cuts, Set.of(topic), "p.x.g1-process-StreamThread-1-consumer"));
        consumer.assign(List.of(zero, one));
        consumer.seekToBeginning(List.of(zero, one));
    }

    private GatedConsumer gated(CutLine cut) {
        return new GatedConsumer(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        "p.x.g1",
                        "enable.auto.commit",
                        false),
                new SchemaGate(
                        "p.x",
                        registry,
                        RetryPolicy.of(Optional.empty()),
                        new SchemaGate.Claims(Set.of(topic), Set.of()),
                        tooLong -> {}),
                cut,
                progress,
                uncommitted,
                new PositionGuard(
                        Generation.of("p.x.g1"),
                        Set.of(topic),
                        new InputHistory(
                                Generation.of("p.x.g1"),
                                origin,
                                Set.of(topic),
                                () -> Optional.of(Role.SERVING),
                                broker.admin())),
                new PlacementCheck(Map.of(), (misplaced, records) -> {}),
                new LivePacing(Duration.ofMillis(100), Duration.ofSeconds(5), () -> true, System::nanoTime));
    }

    @AfterEach
    void close() {
        consumer.close();
        registry.close();
        server.close();
    }

    @Test
    void aPartitionStandsStillAtTheFirstRecordThatMayNotPassAndTheOtherFlows() {
        write(zero, KNOWN, KNOWN, UNKNOWN, KNOWN);
        write(one, KNOWN);

        pollUntil(() -> got.size() == 3);
        write(one, KNOWN, KNOWN);
        pollUntil(() -> got.size() == 5);

        assertThat(got).containsExactlyInAnyOrder("0@0", "0@1", "1@0", "1@1", "1@2");
        assertThat(consumer.position(zero)).isEqualTo(2);
        assertThat(consumer.paused()).containsExactly(zero);
    }

    @Test
    void howMuchThereIsToReadIsKnownWithoutAPoll() {
        progress.begin(Map.of(zero, 0L, one, 0L), Map.of(zero, 0L, one, 0L));
        write(zero, KNOWN);
        pollUntil(() -> got.size() == 1);
        try (InputEnds ends = InputEnds.asking(broker.admin())) {
            ends.follow(progress);

            write(zero, KNOWN, KNOWN, KNOWN);

            await().atMost(Duration.ofSeconds(30)).until(() -> progress.lag() == 3);
        }
    }

    @Test
    void whatPassedIsToBeCommittedUpToTheRecordThatDidNot() {
        write(zero, KNOWN, KNOWN, UNKNOWN, KNOWN);
        List<Long> next = new ArrayList<>();

        pollUntil(
                () -> got.size() == 2,
                records -> Optional.ofNullable(records.nextOffsets().get(zero))
                        .ifPresent(offset -> next.add(offset.offset())));

        assertThat(next).isNotEmpty().last().isEqualTo(2L);
    }

    @Test
    void streamsCannotReleaseWhatTheGateHolds() {
        write(zero, KNOWN, UNKNOWN);
        pollUntil(() -> got.size() == 1);

        consumer.pause(List.of(zero, one));
        consumer.resume(List.of(zero, one));

        assertThat(consumer.paused()).containsExactly(zero);
        write(one, KNOWN);
        pollUntil(() -> got.size() == 2);
        assertThat(got).containsExactly("0@0", "1@0");
        assertThat(consumer.position(zero)).isEqualTo(1);
    }

    @Test
    void onceTheSchemaIsKnownEverythingComesOnceAndInOrder() {
        write(zero, KNOWN, KNOWN, UNKNOWN, KNOWN, UNKNOWN);
        pollUntil(() -> got.size() == 2);

        server.comeUp();

        pollUntil(() -> got.size() == 5);
        assertThat(got).containsExactly("0@0", "0@1", "0@2", "0@3", "0@4");
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void theGateDoesNotReleaseWhatStreamsHasPaused() {
        write(zero, KNOWN, UNKNOWN);
        pollUntil(() -> got.size() == 1);
        consumer.pause(List.of(zero));
        server.comeUp();
        pollUntil(() -> registry.knows(UNKNOWN));
        write(one, KNOWN);
        pollUntil(() -> got.size() == 2);
        assertThat(got).containsExactly("0@0", "1@0");

        consumer.resume(List.of(zero));

        pollUntil(() -> got.size() == 3);
        assertThat(got).last().isEqualTo("0@1");
    }

    @Test
    void recordsThatClaimEverNewSchemaIdsPassByBatches() {
        server.comeUp();
        int[] ids = IntStream.range(10_000, 10_200).toArray();
        write(zero, ids);

        List<Integer> batches = new ArrayList<>();
        pollUntil(() -> got.size() == ids.length, records -> {
            if (!records.isEmpty()) {
                batches.add(records.count());
            }
        });

        assertThat(batches).as("one batch after the other, not one record").hasSizeLessThan(ids.length / 4);
        assertThat(got).doesNotHaveDuplicates();
    }

    @Test
    void aPartitionThatIsNoLongerOursIsForgotten() {
        write(zero, UNKNOWN);
        write(one, KNOWN);
        pollUntil(() -> got.size() == 1 && consumer.paused().contains(zero));

        consumer.assign(List.of(one));
        write(one, KNOWN);
        pollUntil(() -> got.size() == 2);
        server.comeUp();
        consumer.assign(List.of(zero, one));
        consumer.seekToBeginning(List.of(zero, one));

        pollUntil(() -> got.contains("0@0"));
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void nothingFlowsBeforeItIsKnownWhatIsDecided() {
        known = new CompletableFuture<>();
        consumer.unsubscribe();
        CutLine blind = new CutLine(cuts, Set.of(topic), "another");
        write(zero, KNOWN);
        try (GatedConsumer shut = gated(blind)) {
            consumer = shut;
            consumer.assign(List.of(zero, one));
            consumer.seekToBeginning(List.of(zero, one));
            for (int i = 0; i < 20; i++) {
                assertThat(consumer.poll(POLL)).isEmpty();
            }

            known.complete(null);

            pollUntil(() -> got.size() == 1);
        }
    }

    @Test
    void anOrderToFreezeHoldsWhereItIsAndTellsWhereThatIs() {
        cuts.writes("p.x.g1-process-1");
        write(zero, KNOWN, KNOWN);
        pollUntil(() -> got.size() == 2);

        decide(freeze(1, Afterwards.TAKE_OVER));
        write(zero, KNOWN);
        write(one, KNOWN);

        pollUntil(() -> !said.isEmpty());
        assertThat(said)
                .containsExactly(Acknowledgement.of(
                        Generation.of("p.x.g1"),
                        "p.x.g1-process",
                        "c1",
                        Map.of(zero, 2L, one, 0L),
                        List.of(consumer.groupMetadata().memberId()),
                        List.of("p.x.g1-process-1")));
        for (int i = 0; i < 10; i++) {
            assertThat(consumer.poll(POLL)).isEmpty();
        }
    }

    @Test
    void anOrderToAdvanceLetsEachPartitionGoToItsOffsetAndNoFurther() {
        write(zero, KNOWN, KNOWN, KNOWN, KNOWN);
        write(one, KNOWN, KNOWN);
        List<Long> next = new ArrayList<>();
        Cut freeze = freeze(1, Afterwards.TAKE_OVER);

        decide(freeze.advance(List.of(1), Map.of(zero, 3L, one, 1L)));

        pollUntil(
                () -> got.size() == 4,
                records -> Optional.ofNullable(records.nextOffsets().get(zero))
                        .ifPresent(offset -> next.add(offset.offset())));
        for (int i = 0; i < 10; i++) {
            assertThat(consumer.poll(POLL)).isEmpty();
        }
        assertThat(got).containsExactlyInAnyOrder("0@0", "0@1", "0@2", "1@0");
        assertThat(next).last().isEqualTo(3L);
        assertThat(consumer.position(zero)).isEqualTo(3);
        assertThat(consumer.currentLag(zero))
                .as("nothing that a task would have to wait for")
                .hasValue(0);
        decide(null);
        pollUntil(() -> got.size() == 6);
    }

    @Test
    void anOrderWithALeaseEndsByItself() {
        decide(freeze(1, Afterwards.GO_ON));
        write(zero, KNOWN);
        pollUntil(() -> !said.isEmpty());

        nanos.addAndGet(Duration.ofMillis(1001).toNanos());

        pollUntil(() -> got.size() == 1);
    }

    @Test
    void anOrderOfAPromotionHoldsUntilSomebodyTakesOver() {
        decide(freeze(1, Afterwards.TAKE_OVER));
        write(zero, KNOWN);
        pollUntil(() -> !said.isEmpty());
        assertThat(cuts.abandoned()).isNull();

        nanos.addAndGet(Duration.ofMillis(1001).toNanos());

        assertThat(cuts.abandoned()).isNotNull();
        for (int i = 0; i < 10; i++) {
            assertThat(consumer.poll(POLL)).isEmpty();
        }
    }

    @Test
    void anOrderToAnotherGenerationIsNotOurs() {
        decide(freeze(2, Afterwards.TAKE_OVER));
        write(zero, KNOWN);

        pollUntil(() -> got.size() == 1);

        assertThat(said).isEmpty();
    }

    @Test
    void nothingPassesOnceAnotherBuildComputesTheGeneration() {
        cuts.changed(new ProductLifecycle("p.x", List.of(SERVING), null).adopted(1, "another", "2026-01-02T00:00:00Z"));
        write(zero, KNOWN);
        write(one, KNOWN);

        for (int i = 0; i < 20; i++) {
            consumer.poll(POLL).forEach(record -> got.add(record.partition() + "@" + record.offset()));
        }

        assertThat(got).isEmpty();
        decide(null);
        pollUntil(() -> got.size() == 2);
    }

    private static Cut freeze(int generation, Afterwards afterwards) {
        return Cut.freeze("c1", List.of(generation), Duration.ofSeconds(1), afterwards, Instant.now());
    }

    private void decide(@Nullable Cut order) {
        cuts.changed(new ProductLifecycle("p.x", List.of(SERVING), order));
    }

    private void pollUntil(BooleanSupplier reached) {
        pollUntil(reached, records -> {});
    }

    private void pollUntil(BooleanSupplier reached, java.util.function.Consumer<ConsumerRecords<byte[], byte[]>> seen) {
        Instant giveUp = Instant.now().plusSeconds(30);
        while (!reached.getAsBoolean()) {
            assertThat(Instant.now()).as("got %s", got).isBefore(giveUp);
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            seen.accept(records);
            records.forEach(record -> got.add(record.partition() + "@" + record.offset()));
        }
    }

    @Test
    void aPositionWhoseRecordsAreGoneIsAnErrorThatTellsTheGap() throws Exception {
        write(zero, KNOWN, KNOWN, KNOWN, KNOWN, KNOWN);
        begun(Map.of(zero, 2L, one, 0L));
        broker.admin()
                .deleteRecords(Map.of(zero, RecordsToDelete.beforeOffset(4)))
                .all()
                .get();

        assertThatThrownBy(() -> pollUntil(() -> false))
                .isInstanceOfSatisfying(
                        InputLostException.class,
                        lost -> assertThat(lost.problems())
                                .singleElement()
                                .asString()
                                .contains(
                                        topic + ", partition 0",
                                        "offset 2",
                                        "begins at 4",
                                        "2 offsets are gone",
                                        "replay p.x"));
    }

    @Test
    void aPositionThatIsMissingIsNotTheBeginning() throws Exception {
        write(zero, KNOWN);
        begun(Map.of(one, 0L));

        assertThatThrownBy(() -> pollUntil(() -> false))
                .isInstanceOfSatisfying(
                        InputLostException.class,
                        lost -> assertThat(lost.problems())
                                .singleElement()
                                .asString()
                                .contains(topic + ", partition 0", "no position"));
        assertThatThrownBy(() -> consumer.seekToBeginning(List.of(zero))).isInstanceOf(InputLostException.class);
    }

    @Test
    void aConsumerThatItsGroupHasOvertakenHasBeenAway() throws Exception {
        write(zero, KNOWN, KNOWN, KNOWN, KNOWN, KNOWN);
        begun(Map.of(zero, 5L, one, 0L));
        consumer.seek(zero, 1);
        broker.admin()
                .deleteRecords(Map.of(zero, RecordsToDelete.beforeOffset(4)))
                .all()
                .get();

        assertThatThrownBy(() -> pollUntil(() -> false)).isInstanceOf(TaskMigratedException.class);
    }

    /** Begins anew as a generation whose positions are known. */
    private void begun(Map<TopicPartition, Long> committed) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        committed.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        consumer.close();
        broker.admin().alterConsumerGroupOffsets("p.x.g1", offsets).all().get();
        origin = Origin.of(Map.of(topic, "id"), Map.of(zero, 0L, one, 0L));
        consumer = gated(new CutLine(cuts, Set.of(topic), "p.x.g1-process-StreamThread-1-consumer"));
        consumer.assign(List.of(zero, one));
    }

    private void write(TopicPartition to, int... ids) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int id : ids) {
            records.add(new ProducerRecord<>(to.topic(), to.partition(), null, null, SchemaGateTest.record(id)));
        }
        broker.writeAll(records);
    }
}
