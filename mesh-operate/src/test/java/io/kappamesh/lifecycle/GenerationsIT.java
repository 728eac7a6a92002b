package io.kappamesh.lifecycle;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.Stall;
import io.kappamesh.generation.Adoption;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Generations of a product on a real broker, while live events flow. Each test has a domain of its own. */
@Timeout(240)
class GenerationsIT {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationsIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SKUS = 40;
    private static final Progress LOGGED = new Progress() {
        @Override
        public void step(String what) {
            LOG.info("step: {}", what);
        }

        @Override
        public void progress(long done, long total) {}
    };

    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    private Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();

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

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void theSameCodeReplayedIsEqualAndIsPromotedAndTakenBackWithoutACorrection() throws Exception {
        Stall stall = new Stall("same");
        ProductName product = ProductName.of("same.totals");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        MeshRuntime serving = run("b1", totals);
        Feed feed = feed(stall);
        MeshRuntime candidate = replay("b2", totals);
        Lifecycle lifecycle = lifecycle();

        Verification verification = lifecycle.verify(product, OptionalInt.empty(), List.of(), LOGGED);
        LOG.info("{}", verification);
        Promotion promotion = lifecycle.promote(product, OptionalInt.empty(), false, LOGGED);
        LOG.info("{}", promotion);

        assertThat(verification.agrees()).isTrue();
        assertThat(verification.ports()).singleElement().satisfies(port -> {
            assertThat(port.servingKeys()).isEqualTo(SKUS);
            assertThat(port.equal()).isEqualTo(SKUS);
        });
        assertThat(promotion.totalCorrections()).isZero();
        awaitRole(candidate, Role.SERVING);
        awaitRole(serving, Role.CANDIDATE);
        feed.some(500);
        Promotion back = lifecycle.rollback(product, LOGGED);
        LOG.info("{}", back);
        assertThat(back.totalCorrections()).isZero();
        awaitRole(candidate, Role.CANDIDATE);
        awaitRole(serving, Role.SERVING);
        Map<String, Integer> expected = feed.stopped();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(quantities(stall.totals.address().topic())).isEqualTo(expected));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(quantities(stall.totals.address().topic() + ".g2"))
                                .isEqualTo(expected));
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void codeThatComputesSomethingElseIsFoundOutAndCorrectedWhereItDiffersAndNowhereElse() throws Exception {
        Stall stall = new Stall("fixed");
        ProductName product = ProductName.of("fixed.totals");
        run("b1", stall.totals(stall.raw.asInput(), UnaryOperator.identity()));
        Feed feed = feed(stall);
        replay("b2", stall.totals(stall.raw.asInput(), GenerationsIT::doubledIfItEndsInSeven));
        Lifecycle lifecycle = lifecycle();

        Verification found = lifecycle.verify(product, OptionalInt.empty(), List.of(), LOGGED);

        assertThat(found.agrees()).isFalse();
        assertThat(found.ports().get(0).changed()).isEqualTo(4);
        assertThat(found.ports().get(0).fields()).isEqualTo(Map.of("quantity", 4L));
        assertThat(found.ports().get(0).samples())
                .extracting(sample -> sample.key())
                .containsExactlyInAnyOrder("sku-7", "sku-17", "sku-27", "sku-37");
        assertThatThrownBy(() -> lifecycle.promote(product, OptionalInt.empty(), false, LOGGED))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("--expect");
        assertThat(lifecycle
                        .verify(product, OptionalInt.empty(), List.of("changed:quantity"), LOGGED)
                        .agrees())
                .isTrue();

        Promotion promotion = lifecycle.promote(product, OptionalInt.empty(), false, LOGGED);

        assertThat(promotion.totalCorrections()).isEqualTo(4);
        feed.some(200);
        Map<String, Integer> expected = new TreeMap<>(feed.stopped());
        Map<String, Integer> before = Map.copyOf(expected);
        expected.replaceAll((sku, quantity) -> sku.endsWith("7") ? 2 * quantity : quantity);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(quantities(stall.totals.address().topic())).isEqualTo(expected));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(quantities(stall.totals.address().topic() + ".g1"))
                                .isEqualTo(before));
        assertThat(corrections(stall.totals.address().topic())).hasSize(4);
        assertThat(lifecycle.rollback(product, LOGGED).totalCorrections()).isEqualTo(4);
        assertThat(quantities(stall.totals.address().topic())).isEqualTo(before);
    }

    @Test
    void aPortThatOnlyWhatServedPublishesKeepsWhatItSaysAndGoesOnCompleteAfterARollback() throws Exception {
        Stall stall = new Stall("removed");
        ProductName product = ProductName.of("removed.both");
        String totals = stall.totals.address().topic();
        run("b1", stall.both(UnaryOperator.identity()));
        write(stall, 0, 10);
        MeshRuntime candidate = replay("b2", stall.bothWithoutTotals());
        Lifecycle lifecycle = lifecycle();
        awaitBaskets(stall, "", 10);
        awaitBaskets(stall, ".g2", 10);

        lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);

        awaitRole(candidate, Role.SERVING);
        write(stall, 5, 12);
        awaitBaskets(stall, "", 12);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(quantities(totals + ".g1")).hasSize(12));
        assertThat(quantities(totals)).as("nobody writes it meanwhile").hasSize(10);
        Promotion back = lifecycle.rollback(product, LOGGED);
        assertThat(back.corrections()).isEqualTo(Map.of(totals, 2L));
        write(stall, 12, 13);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(quantities(totals)).hasSize(13));
        assertThat(broker.committed(totals)).noneMatch(record -> record.value() == null);
    }

    @Test
    void aPortThatOnlyTheCandidatePublishesIsCompleteAndStaysSoWhenRolesTurnAgain() throws Exception {
        Stall stall = new Stall("added");
        ProductName product = ProductName.of("added.both");
        String totals = stall.totals.address().topic();
        MeshRuntime first = run("b1", stall.bothWithoutTotals());
        write(stall, 0, 10);
        MeshRuntime candidate = replay("b2", stall.both(UnaryOperator.identity()));
        Lifecycle lifecycle = lifecycle();
        awaitBaskets(stall, "", 10);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(quantities(totals + ".g2")).hasSize(10));
        lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);
        awaitRole(candidate, Role.SERVING);
        broker.write(stall.record(registry, "b3", basket(NOON.plusSeconds(100), "pen", 33)));
        write(stall, 10, 12);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(quantities(totals)).hasSize(12));
        Map<String, Integer> served = quantities(totals);

        lifecycle.rollback(product, LOGGED);

        awaitRole(first, Role.SERVING);
        assertThat(quantities(totals)).isEqualTo(served).containsEntry("b3", 33);
        assertThat(lifecycle.promote(product, OptionalInt.of(2), true, LOGGED).totalCorrections())
                .as("old values do not come back")
                .isZero();
        assertThat(quantities(totals)).isEqualTo(served);
    }

    /** Baskets say how far back they look, totals do not: a candidate that has seen half of the history corrects what it can know. */
    @Test
    void whatACandidateCannotHaveSeenIsLeftAloneAndNothingOfItIsDeleted() throws Exception {
        Stall stall = new Stall("lost");
        ProductName product = ProductName.of("lost.both");
        String baskets = stall.baskets.address().topic();
        String totals = stall.totals.address().topic();
        MeshRuntime serving = run("b1", stall.both(UnaryOperator.identity()));
        write(stall, 0, 10);
        awaitBaskets(stall, "", 10);
        broker.admin()
                .deleteRecords(broker.committedEnds(stall.raw.address().topic()).entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, end -> RecordsToDelete.beforeOffset(end.getValue()))))
                .all()
                .get();
        write(stall, 3, 4);
        MeshRuntime candidate = replay("b2", stall.bothWithNotes("noted"));
        Lifecycle lifecycle = lifecycle();
        Instant later = Instant.now().plusSeconds(3600);
        broker.write(stall.record(registry, "new", basket(later, "pen", 1)));
        awaitBaskets(stall, "", 11);
        awaitBaskets(stall, ".g2", 2);

        Promotion promotion = lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);

        awaitRole(candidate, Role.SERVING);
        assertThat(promotion.corrections()).isEqualTo(Map.of(baskets, 1L));
        assertThat(corrections(baskets))
                .singleElement()
                .satisfies(record -> assertThat(new String(record.key(), StandardCharsets.UTF_8))
                        .isEqualTo("new"));
        assertThat(corrections(totals)).isEmpty();
        // begin horizon
        assertThat(promotion.beyondHorizon()).isEqualTo(Map.of(baskets, 10L, totals, 11L));
        Verification back = lifecycle.verify(product, OptionalInt.of(1), List.of(), LOGGED);
        assertThat(back.ports())
                .allSatisfy(port -> assertThat(port.horizon())
                        .as("of one that has served, and goes on complete")
                        .isNull());
        // end horizon
        Promotion rollback = lifecycle.rollback(product, LOGGED);
        awaitRole(serving, Role.SERVING);
        assertThat(rollback.corrections()).isEqualTo(Map.of(baskets, 1L));
        assertThat(corrections(baskets)).hasSize(2).noneMatch(record -> record.value() == null);
    }

    /** A correction that the topic does not take: the brokers said so, and so nobody has to wait until it is known. */
    @Test
    void whoCannotWriteTheCorrectionsLetsBothGoOnAtOnce() throws Exception {
        Stall stall = new Stall("refused");
        ProductName product = ProductName.of("refused.totals");
        String totals = stall.totals.address().topic();
        MeshRuntime serving = run("b1", stall.totals(stall.raw.asInput(), UnaryOperator.identity()));
        broker.write(stall.record(registry, "b7", basket(NOON, "sku-7", 1)));
        MeshRuntime candidate = replay("b2", stall.totals(stall.raw.asInput(), GenerationsIT::doubledIfItEndsInSeven));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(quantities(totals)).hasSize(1));
        Lifecycle lifecycle = lifecycle();
        configure(totals, "max.message.bytes", "80");

        assertThatThrownBy(() -> lifecycle.promote(product, OptionalInt.empty(), true, LOGGED))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("larger than");

        assertThat(ControlSnapshot.read(List.of(product), settings("operator").client())
                        .lifecycle(product)
                        .orElseThrow()
                        .cut())
                .isNull();
        configure(totals, "max.message.bytes", "1048588");
        broker.write(stall.record(registry, "b8", basket(NOON, "sku-8", 1)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(quantities(totals)).isEqualTo(Map.of("sku-7", 1, "sku-8", 1)));
        awaitRole(serving, Role.SERVING);
        awaitRole(candidate, Role.CANDIDATE);
    }

    private static void configure(String topic, String name, String value) throws Exception {
        broker.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static void awaitBaskets(Stall stall, String shadow, int many) {
        String topic = stall.baskets.address().topic() + shadow;
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(broker.committed(topic).stream()
                                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                                .distinct())
                        .hasSize(many));
    }

    @Test
    void processesThatBeginToReplayAtOnceShareOneCandidate() throws Exception {
        Stall stall = new Stall("together");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        run("b1", totals);
        List<MeshRuntime> candidates = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Map<String, String> values = values("b2");
            values.put("mesh.state.dir", directory.resolve("together-" + i).toString());
            MeshRuntime candidate = MeshRuntime.builder(List.of(totals))
                    .candidate(OptionalInt.empty())
                    .start(Settings.of(values, Map.of()));
            open.add(candidate);
            candidates.add(candidate);
        }

        candidates.forEach(GenerationsIT::awaitLive);

        assertThat(candidates)
                .extracting(
                        candidate -> candidate.products().get(0).generation().map(Object::toString))
                .containsOnly(Optional.of("together.totals.g2"));
    }

    @Test
    void aGenerationGoesOnWhereItStoodAlthoughTheBrokersHaveForgottenItsOffsets() throws Exception {
        Stall stall = new Stall("forgotten");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        try (MeshRuntime first = run("b1", totals)) {
            assertThat(first.products()).hasSize(1);
            write(stall, 0, 100);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(quantities(stall.totals.address().topic()))
                                    .isEqualTo(Map.of("pen", 100)));
        }
        broker.admin()
                .deleteConsumerGroups(List.of("forgotten.totals.g1"))
                .all()
                .get();

        run("b1", totals);

        write(stall, 100, 110);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(quantities(stall.totals.address().topic())).isEqualTo(Map.of("pen", 110)));
    }

    @Test
    void stateWhoseOffsetsNobodyRemembersIsNotContinued() throws Exception {
        Stall stall = new Stall("unknown");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        try (MeshRuntime first = run("b1", totals)) {
            assertThat(first.products()).hasSize(1);
            write(stall, 0, 10);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(quantities(stall.totals.address().topic()))
                                    .isEqualTo(Map.of("pen", 10)));
        }
        broker.admin().deleteConsumerGroups(List.of("unknown.totals.g1")).all().get();
        broker.write(new ProducerRecord<>(
                "unknown.totals.mesh.control", "rest/unknown.totals.g1".getBytes(StandardCharsets.UTF_8), null));

        try (MeshRuntime second = MeshRuntime.start(settings("b1"), List.of(totals))) {
            MeshRuntime.End end = second.awaitEnd();

            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems()).singleElement().asString().contains("unknown.totals.g1", "replay");
        }
    }

    @Test
    void aProcessThatWasPromotedAndIsStartedAgainGoesOnWithWhatItRan() throws Exception {
        Stall stall = new Stall("again");
        ProductName product = ProductName.of("again.totals");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        run("b1", totals);
        write(stall, 0, 10);
        try (MeshRuntime candidate = replay("b2", totals);
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);
            awaitRole(candidate, Role.SERVING);
        }

        MeshRuntime again = replay("b2", totals);

        assertThat(again.products())
                .singleElement()
                .satisfies(status -> assertThat(status.generation()).contains(Generation.of("again.totals.g2")));
        write(stall, 10, 20);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(quantities(stall.totals.address().topic())).isEqualTo(Map.of("pen", 20)));
    }

    @Test
    void aBuildWhoseTopologyDoesNotFitTheStateIsToldWhatDiffersAndToReplay() {
        Stall stall = new Stall("misfit");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        run("b1", totals);
        StreamingProduct other = new StreamingProduct(
                totals.product(),
                ports -> ports.publish(
                        stall.totals,
                        ports.read(stall.raw.asInput()).stream()
                                .mapValues(basket -> basket.getItems().get(0), Named.as("first-item"))));

        try (MeshRuntime misfit = MeshRuntime.start(settings("b2"), List.of(other))) {
            MeshRuntime.End end = misfit.awaitEnd();

            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems())
                    .singleElement()
                    .asString()
                    .contains("misfit.totals", "g1", "stores sums", "replay misfit.totals");
        }
        assertThat(replay("b2", other).products())
                .singleElement()
                .satisfies(status -> assertThat(status.generation()).contains(Generation.of("misfit.totals.g2")));
    }

    @Test
    void anotherBuildOfTheSameShapeGoesOnWithWhatServes() {
        Stall stall = new Stall("fits");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        try (MeshRuntime first = run("b1", totals)) {
            write(stall, 0, 10);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(quantities(stall.totals.address().topic()))
                                    .isEqualTo(Map.of("pen", 10)));
            assertThat(first.products()).hasSize(1);
        }

        MeshRuntime second = run("b2", totals);

        assertThat(second.products()).singleElement().satisfies(status -> {
            assertThat(status.generation()).contains(Generation.of("fits.totals.g1"));
            assertThat(status.role()).contains(Role.SERVING);
        });
    }

    @Test
    void anotherBuildWaitsAndIsReadyUntilTheLastProcessOfTheFirstHasStopped() throws Exception {
        Stall stall = new Stall("rolled");
        ProductName product = ProductName.of("rolled.totals");
        StreamingProduct once = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        StreamingProduct twice = stall.totals(stall.raw.asInput(), GenerationsIT::doubled);
        MeshRuntime first = run("b1", once);
        MeshRuntime second = MeshRuntime.start(settings("b2"), List.of(twice));
        open.add(second);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.products())
                        .singleElement()
                        .satisfies(status -> {
                            assertThat(status.state()).isEqualTo(ProductState.ELSEWHERE);
                            assertThat(status.generation()).contains(Generation.of("rolled.totals.g1"));
                        }));
        assertThat(second.health().isReady()).isTrue();

        write(stall, 0, 10);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(quantities(stall.totals.address().topic())).isEqualTo(Map.of("pen", 10)));
        assertThat(second.products().get(0).state()).isEqualTo(ProductState.ELSEWHERE);
        first.close();
        awaitLive(second);
        write(stall, 10, 20);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(quantities(stall.totals.address().topic())).isEqualTo(Map.of("pen", 30)));
        GenerationStatus status = lifecycle().status(product).get(0);
        assertThat(status.build()).isEqualTo("b2");
        assertThat(status.adoptions()).extracting(Adoption::from).containsExactly("b1");
        second.close();
        assertThatThrownBy(() -> lifecycle().replay(product))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("no process runs it");
    }

    @Test
    void aProcessThatIsStartedWithItsOldBuildDoesNotJoinWhatAReplayServes() throws Exception {
        Stall stall = new Stall("mixed");
        ProductName product = ProductName.of("mixed.totals");
        StreamingProduct once = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        StreamingProduct twice = stall.totals(stall.raw.asInput(), GenerationsIT::doubled);
        Lifecycle lifecycle = lifecycle();
        MeshRuntime old = run("b1", once);
        write(stall, 0, 10);
        MeshRuntime replayed = replay("b2", twice);
        lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);
        awaitRole(replayed, Role.SERVING);
        lifecycle.retire(Generation.of("mixed.totals.g1"), LOGGED);
        assertThat(old.awaitEnd(PATIENCE)).hasValueSatisfying(end -> {
            assertThat(end.code()).isEqualTo(ExitCode.OK);
            assertThat(end.problems()).singleElement().asString().contains("mixed.totals.g1 is retired");
        });

        MeshRuntime again = MeshRuntime.start(settings("b1"), List.of(once));
        open.add(again);
        await().atMost(PATIENCE).until(() -> again.products().get(0).state() == ProductState.ELSEWHERE);
        write(stall, 10, 20);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(quantities(stall.totals.address().topic())).isEqualTo(Map.of("pen", 40)));
        Proof proof = lifecycle.prove(product, List.of(), LOGGED);
        assertThat(proof.verification().agrees()).isTrue();
        assertThat(proof.candidate()).isEqualTo(Generation.of("mixed.totals.g3"));
    }

    @Test
    void retiringAGenerationEndsItAndNothingElse() throws Exception {
        Stall stall = new Stall("several");
        ProductName product = ProductName.of("several.totals");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        MeshRuntime both = awaited(MeshRuntime.start(settings("b1"), List.of(totals, stall.copy(stall.raw.asInput()))));
        write(stall, 0, 10);
        replay("b2", totals);
        Lifecycle lifecycle = lifecycle();
        lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);

        lifecycle.retire(Generation.of("several.totals.g1"), LOGGED);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(both.products())
                        .extracting(ProductStatus::state)
                        .containsExactly(ProductState.ENDED, ProductState.LIVE));
        write(stall, 10, 20);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                broker.committed(stall.baskets.address().topic()))
                        .hasSize(20));
        assertThat(both.awaitEnd(Duration.ofMillis(1))).isEmpty();
        assertThat(both.health().isReady()).isTrue();
    }

    @Test
    void aProcessOfTheCandidatesBuildIsNotReadyWhileNobodyServes() throws Exception {
        Stall stall = new Stall("unserved");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        MeshRuntime old = run("b1", totals);
        replay("b2", totals).close();
        old.close();

        MeshRuntime upgraded = MeshRuntime.start(settings("b2"), List.of(totals));
        open.add(upgraded);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(upgraded.products().toString())
                        .contains("none runs unserved.totals.g1", "build b1"));
        assertThat(upgraded.health().isReady()).isFalse();
        run("b1", totals);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(upgraded.health().isReady()).isTrue());
        assertThat(upgraded.products())
                .extracting(ProductStatus::state)
                .containsExactly(ProductState.LIVE, ProductState.ELSEWHERE);
    }

    private static BasketItem doubled(BasketItem item) {
        return new BasketItem(item.getAt(), item.getSku(), 2 * item.getQuantity());
    }

    private static void write(Stall stall, int from, int to) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(stall.record(registry, "b" + i, basket(NOON.plusSeconds(i), "pen", 1)));
        }
        broker.writeAll(records);
    }

    private static BasketItem doubledIfItEndsInSeven(BasketItem item) {
        return item.getSku().endsWith("7") ? new BasketItem(item.getAt(), item.getSku(), 2 * item.getQuantity()) : item;
    }

    /** Live events, without an end until it is stopped. */
    private static final class Feed implements AutoCloseable {
        private final Stall stall;
        private final Map<String, Integer> written = new TreeMap<>();
        private final Thread writer = new Thread(this::write, "feed");
        private final AtomicLong count = new AtomicLong();
        private volatile boolean stopped;

        Feed(Stall stall) {
            this.stall = stall;
        }

        private void write() {
            for (int i = 0; !stopped; i++) {
                String sku = "sku-" + i % SKUS;
                broker.write(stall.record(registry, "b" + i, basket(NOON.plusSeconds(i), sku, i % 7)));
                written.merge(sku, i % 7, Integer::sum);
                count.incrementAndGet();
            }
        }

        void some(long more) {
            long from = count.get();
            await().atMost(PATIENCE).until(() -> count.get() >= from + more);
        }

        Map<String, Integer> stopped() {
            stopped = true;
            await().until(() -> !writer.isAlive());
            return written;
        }

        @Override
        public void close() {
            stopped();
        }
    }

    private Feed feed(Stall stall) {
        Feed feed = new Feed(stall);
        open.add(feed);
        feed.writer.start();
        feed.some(1_000);
        return feed;
    }

    private MeshRuntime run(String build, StreamingProduct product) {
        return awaited(MeshRuntime.start(settings(build), List.of(product)));
    }

    private MeshRuntime replay(String build, StreamingProduct product) {
        return awaited(MeshRuntime.builder(List.of(product))
                .candidate(OptionalInt.empty())
                .start(settings(build)));
    }

    private MeshRuntime awaited(MeshRuntime runtime) {
        open.add(runtime);
        awaitLive(runtime);
        return runtime;
    }

    private static void awaitLive(MeshRuntime runtime) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(runtime.products())
                        .allSatisfy(product ->
                                assertThat(product.state()).as("%s", product).isEqualTo(ProductState.LIVE)));
    }

    private static void awaitRole(MeshRuntime runtime, Role role) {
        await().atMost(PATIENCE).until(() -> runtime.products().get(0).role().equals(Optional.of(role)));
    }

    private Lifecycle lifecycle() {
        Lifecycle lifecycle = Lifecycle.connect(settings("operator"));
        open.add(lifecycle);
        return lifecycle;
    }

    private Settings settings(String build) {
        return Settings.of(values(build), Map.of());
    }

    private Map<String, String> values(String build) {
        Map<String, String> values = new HashMap<>();
        values.put("bootstrap.servers", broker.bootstrapServers());
        values.put("schema.registry.url", registry.url());
        values.put("mesh.state.dir", directory.resolve(build).toString());
        values.put("mesh.build", build);
        return values;
    }

    private static List<ConsumerRecord<byte[], byte[]>> corrections(String topic) {
        return broker.committed(topic).stream()
                .filter(record -> record.headers().lastHeader("mesh-generation") != null)
                .toList();
    }

    private static Map<String, Integer> quantities(String topic) {
        Map<String, Integer> latest = new TreeMap<>();
        try (SchemaRegistry client = SchemaRegistry.connect(Map.of("schema.registry.url", registry.url()))) {
            AvroDecoder<BasketItem> decoder = new AvroDecoder<>(AvroType.of(BasketItem.class), client);
            for (ConsumerRecord<byte[], byte[]> record : broker.committed(topic)) {
                latest.put(
                        new String(record.key(), StandardCharsets.UTF_8),
                        decoder.asDeserializer()
                                .deserialize(record.topic(), record.value())
                                .getQuantity());
            }
        }
        return latest;
    }
}
