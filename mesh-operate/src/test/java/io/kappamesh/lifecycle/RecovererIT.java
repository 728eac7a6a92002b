package io.kappamesh.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.Stall;
import io.kappamesh.fixture.TestMesh;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.ProductState;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a product does whose control topic is wrong or was lost. Each test has a domain of its own. */
@Timeout(120)
class RecovererIT {
    @RegisterExtension
    static final TestMesh mesh = TestMesh.create();

    @Test
    void aControlTopicThatForgetsIsRefused() throws Exception {
        Stall stall = new Stall("forgetting");
        mesh.broker()
                .admin()
                .createTopics(List.of(new NewTopic("forgetting.totals.mesh.control", Optional.of(1), Optional.empty())
                        .configs(Map.of("cleanup.policy", "delete"))))
                .all()
                .get();

        try (MeshRuntime runtime = run(totals(stall))) {
            MeshRuntime.End end = runtime.awaitEnd();

            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems())
                    .anyMatch(problem -> problem.contains("cleanup.policy must be compact but is delete"));
        }
    }

    @Test
    void whoseControlTopicWasLostBeginsNoFirstGenerationAndGoesOnOnceRecovered() throws Exception {
        Stall stall = new Stall("lost");
        ProductName product = ProductName.of("lost.totals");
        try (MeshRuntime first = run(totals(stall))) {
            awaitLive(first, Generation.of("lost.totals.g1"));
            mesh.writePens(stall, 0, 10);
            awaitPublished(stall, 1);
        }
        lose(product);

        try (MeshRuntime second = run(totals(stall))) {
            MeshRuntime.End end = second.awaitEnd();
            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems())
                    .singleElement()
                    .asString()
                    .contains("group lost.totals.g1", "-changelog", "records in lost.totals.v1", "recover lost.totals");
        }

        try (Lifecycle lifecycle = Lifecycle.connect(mesh.settings("operator"))) {
            lifecycle.recover(product, OptionalInt.empty(), false, Progress.SILENT);

            assertThat(lifecycle.status(product))
                    .singleElement()
                    .satisfies(one -> assertThat(one.role()).isEqualTo(Role.SERVING));
            try (MeshRuntime third = run(totals(stall))) {
                awaitLive(third, Generation.of("lost.totals.g1"));
                mesh.writePens(stall, 10, 15);
                awaitPublished(stall, 2);
                assertThat(lifecycle.replay(product)).isEqualTo(Generation.of("lost.totals.g2"));
            }
            assertThat(catchThrowableOfType(
                            LifecycleException.class,
                            () -> lifecycle.recover(product, OptionalInt.empty(), false, Progress.SILENT)))
                    .hasMessageContaining("what is decided about it is there");
        }
    }

    @Test
    void ofSeveralGenerationsTheOperatorSaysWhichOneServedOrBeginsAnew() throws Exception {
        Stall stall = new Stall("several");
        ProductName product = ProductName.of("several.totals");
        try (Lifecycle lifecycle = Lifecycle.connect(mesh.settings("operator"))) {
            try (MeshRuntime first = run(totals(stall))) {
                mesh.writePens(stall, 0, 10);
                awaitPublished(stall, 1);
                lifecycle.replay(product);
                awaitLive(first, Generation.of("several.totals.g2"));
                lose(product);
                assertThat(catchThrowableOfType(
                                LifecycleException.class,
                                () -> lifecycle.recover(product, OptionalInt.of(1), false, Progress.SILENT)))
                        .hasMessageContaining("stop all processes of the product first");
            }
            assertThat(catchThrowableOfType(
                            LifecycleException.class,
                            () -> lifecycle.recover(product, OptionalInt.empty(), false, Progress.SILENT)))
                    .hasMessageContainingAll("--serving", "[1, 2]", "--anew");

            lifecycle.recover(product, OptionalInt.of(1), false, Progress.SILENT);
            assertThat(lifecycle.status(product))
                    .extracting(GenerationStatus::role)
                    .containsExactly(Role.SERVING, Role.CANDIDATE);
            try (MeshRuntime second = run(totals(stall))) {
                awaitLive(second, Generation.of("several.totals.g1"));
                lifecycle.retire(Generation.of("several.totals.g2"), Progress.SILENT);
                await().atMost(TestMesh.TIMEOUT) // brokers list for a moment what they have deleted
                        .untilAsserted(() -> assertThat(mesh.broker()
                                        .admin()
                                        .listTopics()
                                        .names()
                                        .get())
                                .noneMatch(topic -> topic.startsWith("several.") && topic.contains(".g2")));
            }

            lose(product);
            lifecycle.recover(product, OptionalInt.empty(), true, Progress.SILENT);
            lifecycle.retire(Generation.of("several.totals.g1"), Progress.SILENT);
            try (MeshRuntime third = run(totals(stall))) {
                awaitLive(third, Generation.of("several.totals.g2"));
            }
        }
    }

    private static void lose(ProductName product) throws Exception {
        mesh.broker()
                .admin()
                .deleteTopics(List.of(ControlTopic.of(product)))
                .all()
                .get();
        await().atMost(TestMesh.TIMEOUT)
                .until(() -> !mesh.broker().admin().listTopics().names().get().contains(ControlTopic.of(product)));
    }

    private static StreamingProduct totals(Stall stall) {
        return stall.totals(stall.raw, UnaryOperator.identity());
    }

    /** Each time something comes out, more does. */
    private static void awaitPublished(Stall stall, int atLeast) {
        await().atMost(TestMesh.TIMEOUT)
                .until(() ->
                        mesh.broker().committed(stall.totals.address().topic()).size() >= atLeast);
    }

    private static void awaitLive(MeshRuntime runtime, Generation generation) {
        await().atMost(TestMesh.TIMEOUT)
                .until(() -> runtime.products().stream()
                        .anyMatch(one ->
                                one.generation().equals(Optional.of(generation)) && one.state() == ProductState.LIVE));
    }

    private MeshRuntime run(StreamingProduct product) {
        return MeshRuntime.start(mesh.settings("service"), List.of(product));
    }
}
