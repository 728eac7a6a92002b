package io.kappamesh.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Catalog.PublishedPort;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.discovery.SampledRecord;
import io.kappamesh.display.CatalogJson;
import io.kappamesh.display.CatalogText;
import io.kappamesh.display.LevelJson;
import io.kappamesh.display.LevelText;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.RetiredPort;
import io.kappamesh.slo.PortLevel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes a port or a product. */
@Command(
        name = "describe",
        description =
                "Describes a port: topic, schema, owner, the meaning of each field, freshness, who reads it, and some of its newest records,"
                        + " without what the schema classifies. Or describes a product.")
final class DescribeCommand implements Callable<Integer> {
    private static final int MOST = 100;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "ADDRESS|PRODUCT", description = "Such as sales.orders.v1, or sales.orders.")
    private String what = "";

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many records, at most 100; 0 = none. If not given: ${DEFAULT-VALUE}.")
    private int sample = 3;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private final Shell shell;

    DescribeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (sample < 0 || sample > MOST) {
            throw new StartupException(
                    ExitCode.CONFIGURATION, List.of("--sample: must be from 0 to " + MOST + " but was " + sample));
        }
        try (Discovery discovery = connection.discover(shell)) {
            Catalog catalog = discovery.catalog();
            Optional<PublishedPort> port = catalog.port(what);
            Optional<FoundProduct> product = port.isPresent() ? Optional.empty() : product(catalog);
            if (port.isPresent()) {
                describe(discovery, port.get(), catalog.readers(what), levels(catalog));
            } else if (product.isPresent()) {
                print(
                        json
                                ? List.of(CatalogJson.product(product.get()).toPrettyString())
                                : CatalogText.product(product.get()));
            } else {
                RetiredPort retired = retired(discovery).orElseThrow(() -> unknown(discovery, catalog));
                print(json ? List.of(CatalogJson.retired(retired).toPrettyString()) : CatalogText.retired(retired));
            }
            return 0;
        }
    }

    private Optional<RetiredPort> retired(Discovery discovery) {
        try {
            return discovery.retired(PortAddress.of(what));
        } catch (DeclarationException noAddress) {
            return Optional.empty();
        }
    }

    private Optional<FoundProduct> product(Catalog catalog) {
        try {
            return catalog.product(ProductName.of(what));
        } catch (DeclarationException noName) {
            return Optional.empty();
        }
    }

    private StartupException unknown(Discovery discovery, Catalog catalog) {
        return new StartupException(
                ExitCode.CONFIGURATION,
                List.of(what
                        + ": no product and no published port of this name stands in a catalogue; `products` lists those that"
                        + " do"
                        + (catalog.leftOut().isEmpty() ? "" : ". Not read: " + String.join("; ", catalog.leftOut()))
                        + (discovery.mayHide() ? ". " + ProductsCommand.HIDDEN : "")));
    }

    private List<PortLevel> levels(Catalog catalog) {
        return PortLevel.of(catalog, Instant.now()).stream()
                .filter(level -> level.port().equals(what))
                .toList();
    }

    private void describe(Discovery discovery, PublishedPort port, List<Edge> readers, List<PortLevel> levels) {
        List<SampledRecord> records = List.of();
        @Nullable String noSample = null;
        if (sample > 0) {
            try {
                records = discovery.sample(port.output(), sample);
                noSample = records.isEmpty() ? "it holds no records" : null;
            } catch (LifecycleException refused) {
                // Everything else is in the catalogue, which may be read by more people than the port.
                noSample = refused.getMessage();
            }
        }
        Optional<RetiredPort> retired = retired(discovery);
        if (json) {
            ObjectNode all = CatalogJson.port(port, readers, records, noSample);
            all.set("retired", retired.<JsonNode>map(CatalogJson::retired).orElse(NullNode.getInstance()));
            all.set("measured", LevelJson.of(levels));
            print(List.of(all.toPrettyString()));
        } else {
            print(CatalogText.port(port, readers, records, noSample));
            if (!levels.isEmpty()) {
                print(List.of("  levels of service"));
                print(LevelText.ofPort(levels));
            }
            retired.ifPresent(record -> print(CatalogText.retired(record)));
        }
    }

    private void print(List<String> lines) {
        lines.forEach(shell.out()::println);
    }
}
