package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.lint.Finding;
import io.kappamesh.lint.Rule;
import io.kappamesh.topology.StreamingProduct;
import java.util.Map;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;

class ProductLintTest {
    private final Facts facts = new Facts("shop");

    @Test
    void aProductWhoseReplayEqualsLivePasses() {
        ProductLint.of(facts.product()).passes();
    }

    @Test
    void anotherOneFailsWithEverythingThatIsFound() {
        StreamingProduct hasty = new StreamingProduct(
                facts.product().product(),
                ports -> ports.publish(
                        facts.facts,
                        ports.read(facts.raw).stream().filter((key, fact) -> System.nanoTime() > 0, Named.as("ever"))));

        assertThatThrownBy(() ->
                        ProductLint.of(hasty, Map.of("max.task.idle.ms", -1)).passes())
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(
                        "a replay of shop.copy would differ from live",
                        "max.task.idle.ms is -1",
                        "calls java.lang.System.nanoTime (ProductLintTest.java:");
        assertThat(ProductLint.of(hasty).findings()).extracting(Finding::rule).containsExactly(Rule.CLOCK);
    }
}
