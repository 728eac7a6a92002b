package io.kappamesh.slo;

import io.kappamesh.contract.ProductName;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.level.Counts;
import io.kappamesh.level.Objective;
import io.kappamesh.level.Reading;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An objective of a port, and how it stands. An immutable value.
 *
 * @param port {@code sales.orders.v1}
 * @param product that publishes it
 * @param objective what is promised
 * @param reading what was measured, by all processes
 * @param silentSince since when nobody measures it any more; empty = somebody does, or nobody ever did
 */
public record PortLevel(
        String port, ProductName product, Objective objective, Reading reading, Optional<Instant> silentSince) {

    /** The objectives of all published ports, by product and port. */
    public static List<PortLevel> of(Catalog catalog, Instant now) {
        return catalog.products().stream()
                .flatMap(product -> of(catalog, product, now))
                .toList();
    }

    private static Stream<PortLevel> of(Catalog catalog, FoundProduct product, Instant now) {
        List<Counts> counts = catalog.counts().getOrDefault(product.name(), List.of());
        return product.description().stream()
                .flatMap(known -> known.outputs().stream())
                .flatMap(output -> output.objectives().stream()
                        .map(objective -> new PortLevel(
                                output.address(),
                                product.name(),
                                objective,
                                Counts.reading(counts, output.address(), objective, now),
                                Counts.silentSince(counts, now))));
    }

    /** Whether more is bad than the objective allows. */
    public boolean isMissed() {
        return reading.state() == Reading.State.MISSED;
    }
}
