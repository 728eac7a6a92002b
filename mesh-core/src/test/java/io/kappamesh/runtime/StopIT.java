package io.kappamesh.runtime;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.Stall;
import io.kappamesh.observe.ProductState;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Products that are stopped after their brokers have gone. */
@Timeout(240)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class StopIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** What is promised. */
    private static final Duration BOUND = Duration.ofSeconds(35);

    @TempDir
    private Path directory;

    /** Two products, because they are not to wait one after the other. */
    @Test
    void aStopHasABoundWithoutBrokersAndKeepsTheStateOfWhatIsCommitted() throws Exception {
        Stall stall = new Stall("bounded");
        List<StreamingProduct> products =
                List.of(stall.totals(stall.raw, UnaryOperator.identity()), stall.copy(stall.raw));
        try (FakeRegistry registry = new FakeRegistry()) {
            InJvmBroker broker = InJvmBroker.start();
            MeshRuntime runtime;
            try {
                runtime = MeshRuntime.start(
                        Settings.of(
                                Map.of(
                                        "bootstrap.servers",
                                        broker.bootstrapServers(),
                                        "schema.registry.url",
                                        registry.url(),
                                        "mesh.state.dir",
                                        directory.toString()),
                                Map.of()),
                        products);
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(runtime.products())
                                .allSatisfy(
                                        product -> assertThat(product.state()).isEqualTo(ProductState.LIVE)));
                broker.write(stall.record(registry, "b1", basket(NOON, "pen", 2)));
                await().atMost(TIMEOUT)
                        .until(() -> !broker.committed("bounded.totals.v1").isEmpty()
                                && !broker.committed("bounded.baskets.v1").isEmpty());
            } finally {
                broker.stop();
            }
            // Some more of its own long commits, which find nobody.
            await().atMost(TIMEOUT)
                    .until(() ->
                            runtime.products().stream().allMatch(product -> product.state() == ProductState.WAITING));

            long from = System.nanoTime();
            runtime.close();

            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(BOUND);
            assertThat(runtime.products())
                    .allSatisfy(product -> assertThat(product.state()).isEqualTo(ProductState.STOPPED));
            for (String generation : List.of("bounded.totals.g1", "bounded.copy.g1")) {
                assertThat(directory.resolve(generation).resolve(".kappa-mesh.lock"))
                        .as("beyond what Kafka Streams has thrown away itself nothing is at the next start")
                        .isEmptyFile();
            }
        }
    }
}
