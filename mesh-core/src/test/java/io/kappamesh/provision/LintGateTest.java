package io.kappamesh.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.example.shop.Shop.EVENTS;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.example.shop.BrokenSteps;
import org.example.shop.BrokenTopologies;
import org.example.shop.Shop;
import org.junit.jupiter.api.Test;

/** What is refused here is refused before any broker is asked: there is none. */
class LintGateTest {

    @Test
    void productsWithFindingsDoNotStartAndAllAreNamed() {
        List<StreamingProduct> products =
                List.of(product("shop.one", BrokenSteps::instant), product("shop.two", BrokenTopologies::windows));

        StartupException refused = catchThrowableOfType(
                StartupException.class,
                () -> LintGate.require(settings(Map.of("streams.max.task.idle.ms", "-1")), products));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(refused.problems())
                .satisfiesExactly(
                        idle -> assertThat(idle).startsWith("product shop.one: max.task.idle.ms is -1"),
                        clock -> assertThat(clock).startsWith("product shop.one: BrokenSteps.instant calls"),
                        idle -> assertThat(idle).startsWith("product shop.two: max.task.idle.ms is -1"),
                        window -> assertThat(window).startsWith("product shop.two: count has windows that close"));
    }

    @Test
    void nothingOfThemIsProvisionedEither() {
        StartupException refused = catchThrowableOfType(
                StartupException.class,
                () -> MeshRuntime.provision(settings(Map.of()), List.of(product("shop.one", BrokenSteps::instant))));

        assertThat(refused.problems()).hasSize(1);
    }

    @Test
    void aStoreWithoutANameDoesNotStart() {
        StartupException refused = refused(product("shop.one", BrokenTopologies::unnamedTable));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(refused.problems()).singleElement().asString().contains("generated name", "[unnamed-state]");
    }

    @Test
    void aTopologyThatKeepsNotWhatIsDeclaredIsAWrongConfiguration() {
        StartupException refused = refused(product("shop.one", ports -> {}));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(refused.problems()).hasSize(2);
    }

    @Test
    void aWiringThatThrowsIsABug() {
        StartupException refused = refused(product("shop.one", ports -> {
            throw new IllegalStateException("broken on purpose");
        }));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.BUG);
        assertThat(refused.problems()).singleElement().asString().contains("product shop.one", "broken on purpose");
    }

    private static StreamingProduct product(String name, ProductTopology topology) {
        DataProduct product = DataProduct.named(name)
                .ownedBy("shop", "shop@example.org")
                .describedAs("A product of a test.")
                .reads(EVENTS)
                .publishes(Shop.BASKETS)
                .build();
        return new StreamingProduct(product, topology);
    }

    private static StartupException refused(StreamingProduct product) {
        return catchThrowableOfType(
                StartupException.class,
                () -> MeshRuntime.start(settings(Map.of()), List.of(product)).close());
    }

    private static Settings settings(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("bootstrap.servers", "none.invalid:1");
        values.put("schema.registry.url", "http://none.invalid");
        return Settings.of(values, Map.of());
    }
}
