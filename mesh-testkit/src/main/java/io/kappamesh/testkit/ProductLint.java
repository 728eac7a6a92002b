package io.kappamesh.testkit;

import io.kappamesh.lint.Finding;
import io.kappamesh.lint.Linter;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Looks in a product for what would make a replay differ from live, as a start does: {@code ProductLint.of(product).passes()}.
 * Immutable and thread-safe.
 */
public final class ProductLint {
    private final StreamingProduct product;
    private final List<Finding> findings;

    private ProductLint(StreamingProduct product, List<Finding> findings) {
        this.product = product;
        this.findings = findings;
    }

    /**
     * Looks at a product.
     *
     * @throws io.kappamesh.declaration.DeclarationException when a declared port is not wired
     */
    public static ProductLint of(StreamingProduct product) {
        return of(product, Map.of());
    }

    /** The same with settings of Kafka Streams that the product will run with. */
    public static ProductLint of(StreamingProduct product, Map<String, ?> streamsSettings) {
        return new ProductLint(product, Linter.lint(product, streamsSettings));
    }

    /** What is found and not exempt. */
    public List<Finding> findings() {
        return findings;
    }

    /**
     * Demands that nothing is found.
     *
     * @throws AssertionError with every finding
     */
    public void passes() {
        if (!findings.isEmpty()) {
            throw new AssertionError(findings.stream()
                    .map(Finding::message)
                    .collect(Collectors.joining(
                            System.lineSeparator(),
                            "a replay of " + product.product().name() + " would differ from live:"
                                    + System.lineSeparator(),
                            "")));
        }
    }
}
