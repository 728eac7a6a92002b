package io.kappamesh.lifecycle;

import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.Stall;
import io.kappamesh.fixture.TestMesh;
import io.kappamesh.generation.Adoption;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Builds of a product that take each other's place, and processes that come and go with them. Each test has a domain of its own. */
@Timeout(240)
class BuildsIT {
    @RegisterExtension
    static final TestMesh mesh = TestMesh.create();

    @Test
    void processesThatBeginToReplayAtOnceShareOneCandidate() throws Exception {
        Stall stall = new Stall("together");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        mesh.run("b1", totals);
        List<MeshRuntime> candidates = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Map<String, String> values = mesh.values("b2");
            values.put(
                    "mesh.state.dir", mesh.directory().resolve("together-" + i).toString());
            MeshRuntime candidate = MeshRuntime.builder(List.of(totals))
                    .candidate(OptionalInt.empty())
                    .start(Settings.of(values, Map.of()));
            mesh.closeAfterwards(candidate);
            candidates.add(candidate);
        }

        candidates.forEach(TestMesh::awaitLive);

        assertThat(candidates)
                .extracting(
                        candidate -> candidate.products().get(0).generation().map(Object::toString))
                .containsOnly(Optional.of("together.totals.g2"));
    }

    @Test
    void aGenerationGoesOnWhereItStoodAlthoughTheBrokersHaveForgottenItsOffsets() throws Exception {
        Stall stall = new Stall("forgotten");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        try (MeshRuntime first = mesh.run("b1", totals)) {
            assertThat(first.products()).hasSize(1);
            mesh.writePens(stall, 0, 100);
            await().atMost(TestMesh.TIMEOUT)
                    .untilAsserted(() -> assertThat(
                                    mesh.quantities(stall.totals.address().topic()))
                            .isEqualTo(Map.of("pen", 100)));
        }
        mesh.broker()
                .admin()
                .deleteConsumerGroups(List.of("forgotten.totals.g1"))
                .all()
                .get();

        mesh.run("b1", totals);

        mesh.writePens(stall, 100, 110);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic()))
                                .isEqualTo(Map.of("pen", 110)));
    }

    @Test
    void stateWhoseOffsetsNobodyRemembersIsNotContinued() throws Exception {
        Stall stall = new Stall("unknown");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        try (MeshRuntime first = mesh.run("b1", totals)) {
            assertThat(first.products()).hasSize(1);
            mesh.writePens(stall, 0, 10);
            await().atMost(TestMesh.TIMEOUT)
                    .untilAsserted(() -> assertThat(
                                    mesh.quantities(stall.totals.address().topic()))
                            .isEqualTo(Map.of("pen", 10)));
        }
        mesh.broker()
                .admin()
                .deleteConsumerGroups(List.of("unknown.totals.g1"))
                .all()
                .get();
        mesh.broker()
                .write(new ProducerRecord<>(
                        "unknown.totals.mesh.control",
                        "rest/unknown.totals.g1".getBytes(StandardCharsets.UTF_8),
                        null));

        try (MeshRuntime second = MeshRuntime.start(mesh.settings("b1"), List.of(totals))) {
            MeshRuntime.End end = second.awaitEnd();

            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems()).singleElement().asString().contains("unknown.totals.g1", "replay");
        }
    }

    @Test
    void aProcessThatWasPromotedAndIsStartedAgainGoesOnWithWhatItRan() throws Exception {
        Stall stall = new Stall("again");
        ProductName product = ProductName.of("again.totals");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        mesh.run("b1", totals);
        mesh.writePens(stall, 0, 10);
        try (MeshRuntime candidate = mesh.replay("b2", totals);
                Lifecycle lifecycle = Lifecycle.connect(mesh.settings("operator"))) {
            lifecycle.promote(product, OptionalInt.empty(), true, Progress.SILENT);
            TestMesh.awaitRole(candidate, Role.SERVING);
        }

        MeshRuntime again = mesh.replay("b2", totals);

        assertThat(again.products())
                .singleElement()
                .satisfies(status -> assertThat(status.generation()).contains(Generation.of("again.totals.g2")));
        mesh.writePens(stall, 10, 20);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic()))
                                .isEqualTo(Map.of("pen", 20)));
    }

    @Test
    void aBuildWhoseTopologyDoesNotFitTheStateIsToldWhatDiffersAndToReplay() {
        Stall stall = new Stall("misfit");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        mesh.run("b1", totals);
        StreamingProduct other = Wiring.firstItems(stall, totals);

        try (MeshRuntime misfit = MeshRuntime.start(mesh.settings("b2"), List.of(other))) {
            MeshRuntime.End end = misfit.awaitEnd();

            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems())
                    .singleElement()
                    .asString()
                    .contains("misfit.totals", "g1", "stores sums", "replay misfit.totals");
        }
        assertThat(mesh.replay("b2", other).products())
                .singleElement()
                .satisfies(status -> assertThat(status.generation()).contains(Generation.of("misfit.totals.g2")));
    }

    /** Apart, because the linter follows the static fields of the class that wires. */
    private static final class Wiring {
        static StreamingProduct firstItems(Stall stall, StreamingProduct totals) {
            return new StreamingProduct(
                    totals.product(),
                    ports -> ports.publish(
                            stall.totals,
                            ports.read(stall.raw).stream()
                                    .mapValues(basket -> basket.getItems().get(0), Named.as("first-item"))));
        }
    }

    @Test
    void anotherBuildOfTheSameShapeGoesOnWithWhatServes() {
        Stall stall = new Stall("fits");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        try (MeshRuntime first = mesh.run("b1", totals)) {
            mesh.writePens(stall, 0, 10);
            await().atMost(TestMesh.TIMEOUT)
                    .untilAsserted(() -> assertThat(
                                    mesh.quantities(stall.totals.address().topic()))
                            .isEqualTo(Map.of("pen", 10)));
            assertThat(first.products()).hasSize(1);
        }

        MeshRuntime second = mesh.run("b2", totals);

        assertThat(second.products()).singleElement().satisfies(status -> {
            assertThat(status.generation()).contains(Generation.of("fits.totals.g1"));
            assertThat(status.role()).contains(Role.SERVING);
        });
    }

    @Test
    void anotherBuildWaitsAndIsReadyUntilTheLastProcessOfTheFirstHasStopped() throws Exception {
        Stall stall = new Stall("rolled");
        ProductName product = ProductName.of("rolled.totals");
        StreamingProduct once = stall.totals(stall.raw, UnaryOperator.identity());
        StreamingProduct twice = stall.totals(stall.raw, BuildsIT::doubled);
        MeshRuntime first = mesh.run("b1", once);
        MeshRuntime second = MeshRuntime.start(mesh.settings("b2"), List.of(twice));
        mesh.closeAfterwards(second);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(second.products())
                        .singleElement()
                        .satisfies(status -> {
                            assertThat(status.state()).isEqualTo(ProductState.ELSEWHERE);
                            assertThat(status.generation()).contains(Generation.of("rolled.totals.g1"));
                        }));
        assertThat(second.health().isReady()).isTrue();

        mesh.writePens(stall, 0, 10);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic()))
                                .isEqualTo(Map.of("pen", 10)));
        assertThat(second.products().get(0).state()).isEqualTo(ProductState.ELSEWHERE);
        first.close();
        TestMesh.awaitLive(second);
        mesh.writePens(stall, 10, 20);

        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic()))
                                .isEqualTo(Map.of("pen", 30)));
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
        StreamingProduct once = stall.totals(stall.raw, UnaryOperator.identity());
        StreamingProduct twice = stall.totals(stall.raw, BuildsIT::doubled);
        Lifecycle lifecycle = lifecycle();
        MeshRuntime old = mesh.run("b1", once);
        mesh.writePens(stall, 0, 10);
        MeshRuntime replayed = mesh.replay("b2", twice);
        lifecycle.promote(product, OptionalInt.empty(), true, Progress.SILENT);
        TestMesh.awaitRole(replayed, Role.SERVING);
        lifecycle.retire(Generation.of("mixed.totals.g1"), Progress.SILENT);
        assertThat(old.awaitEnd(TestMesh.TIMEOUT)).hasValueSatisfying(end -> {
            assertThat(end.code()).isEqualTo(ExitCode.OK);
            assertThat(end.problems()).singleElement().asString().contains("mixed.totals.g1 is retired");
        });

        MeshRuntime again = MeshRuntime.start(mesh.settings("b1"), List.of(once));
        mesh.closeAfterwards(again);
        await().atMost(TestMesh.TIMEOUT).until(() -> again.products().get(0).state() == ProductState.ELSEWHERE);
        mesh.writePens(stall, 10, 20);

        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic()))
                                .isEqualTo(Map.of("pen", 40)));
        Proof proof = lifecycle.prove(product, List.of(), Progress.SILENT);
        assertThat(proof.verification().agrees()).isTrue();
        assertThat(proof.candidate()).isEqualTo(Generation.of("mixed.totals.g3"));
    }

    @Test
    void retiringAGenerationEndsItAndNothingElse() throws Exception {
        Stall stall = new Stall("several");
        ProductName product = ProductName.of("several.totals");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        MeshRuntime both = mesh.live(MeshRuntime.start(mesh.settings("b1"), List.of(totals, stall.copy(stall.raw))));
        mesh.writePens(stall, 0, 10);
        mesh.replay("b2", totals);
        Lifecycle lifecycle = lifecycle();
        lifecycle.promote(product, OptionalInt.empty(), true, Progress.SILENT);

        lifecycle.retire(Generation.of("several.totals.g1"), Progress.SILENT);

        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(both.products())
                        .extracting(ProductStatus::state)
                        .containsExactly(ProductState.ENDED, ProductState.LIVE));
        mesh.writePens(stall, 10, 20);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(
                                mesh.broker().committed(stall.baskets.address().topic()))
                        .hasSize(20));
        assertThat(both.awaitEnd(Duration.ofMillis(1))).isEmpty();
        assertThat(both.health().isReady()).isTrue();
    }

    @Test
    void aProcessOfTheCandidatesBuildIsNotReadyWhileNobodyServes() throws Exception {
        Stall stall = new Stall("unserved");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        MeshRuntime old = mesh.run("b1", totals);
        mesh.replay("b2", totals).close();
        old.close();

        MeshRuntime upgraded = MeshRuntime.start(mesh.settings("b2"), List.of(totals));
        mesh.closeAfterwards(upgraded);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(upgraded.products().toString())
                        .contains("none runs unserved.totals.g1", "build b1"));
        assertThat(upgraded.health().isReady()).isFalse();
        mesh.run("b1", totals);

        await().atMost(TestMesh.TIMEOUT).untilAsserted(() -> {
            assertThat(upgraded.health().isReady()).isTrue();
            assertThat(upgraded.products())
                    .extracting(ProductStatus::state)
                    .containsExactly(ProductState.LIVE, ProductState.ELSEWHERE);
        });
    }

    private Lifecycle lifecycle() {
        return mesh.closeAfterwards(Lifecycle.connect(mesh.settings("operator")));
    }

    private static BasketItem doubled(BasketItem item) {
        return new BasketItem(item.getAt(), item.getSku(), 2 * item.getQuantity());
    }
}
