package io.kappamesh.policy;

import io.kappamesh.Internal;
import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A product as policies see it. An immutable value.
 *
 * @param name {@code sales.orders}
 * @param team who owns it
 * @param contact where to reach them
 * @param description what it offers
 * @param ports what it publishes
 * @param inputs what it reads
 */
public record DescribedProduct(
        String name,
        String team,
        String contact,
        String description,
        List<DescribedPort> ports,
        List<DescribedInput> inputs) {
    private static final String TABLE = "table";

    public DescribedProduct {
        ports = List.copyOf(ports);
        inputs = List.copyOf(inputs);
    }

    /**
     * As a catalogue describes it.
     *
     * @param retentions of what it reads, by address, where they are known and finite
     */
    @Internal
    public static DescribedProduct of(ProductDescription product, Map<String, Duration> retentions) {
        return new DescribedProduct(
                product.product(),
                product.owner().team(),
                product.owner().contact(),
                product.description(),
                product.outputs().stream().map(DescribedProduct::port).toList(),
                product.inputs().stream()
                        .map(input -> new DescribedInput(
                                input.address(),
                                input.kind().equals(TABLE),
                                Optional.ofNullable(retentions.get(input.address()))))
                        .toList());
    }

    /** For how long the ports of products are kept, by address, where that is finite. */
    @Internal
    public static Map<String, Duration> retentions(Stream<ProductDescription> products) {
        Map<String, Duration> retentions = new HashMap<>();
        products.flatMap(product -> product.outputs().stream())
                .forEach(output -> duration(
                                output.levels() == null ? null : output.levels().retention())
                        .ifPresent(kept -> retentions.put(output.address(), kept)));
        return retentions;
    }

    private static DescribedPort port(OutputDescription output) {
        Optional<OutputDescription.Levels> levels = Optional.ofNullable(output.levels());
        return new DescribedPort(
                output.address(),
                output.kind().equals(TABLE),
                output.description(),
                Optional.ofNullable(output.records().keyField()),
                Optional.ofNullable(output.records().eventTime()),
                levels.flatMap(known -> duration(known.freshness())),
                levels.flatMap(known -> duration(known.retention())),
                levels.flatMap(known -> duration(known.lookBack())),
                Optional.ofNullable(output.records().schema()).map(FieldMeaning::of).orElse(List.of()).stream()
                        .map(field -> new DescribedField(field.path(), field.type(), field.doc(), field.said()))
                        .toList());
    }

    /** What somebody else has published may be no duration. */
    private static Optional<Duration> duration(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Duration::parse);
        } catch (DateTimeException noDuration) {
            return Optional.empty();
        }
    }
}
