package io.kappamesh.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.display.CatalogJson;
import io.kappamesh.display.CatalogText;
import io.kappamesh.display.FieldLineage;
import io.kappamesh.display.LineageSvg;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows who reads whom. */
@Command(
        name = "lineage",
        description =
                "Shows who reads which port, with lag and rate. SILENT is who declares to read and does not; UNDECLARED is a consumer group"
                        + " that reads without a product in the catalogue that says so.")
final class LineageCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(
            paramLabel = "ADDRESS|PRODUCT",
            arity = "0..1",
            description =
                    "Such as sales.orders.v1: only what it is made of, and what is made of it. If not given: all.")
    private String start = "";

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Option(names = "--fields", description = "Shows who reads which field, by the schemas with which readers read.")
    private boolean fields;

    @Option(names = "--svg", paramLabel = "FILE", description = "Writes a picture to a file besides.")
    private @Nullable Path svg;

    private final Shell shell;

    LineageCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Discovery discovery = connection.discover(shell)) {
            Catalog all = discovery.catalog();
            Catalog catalog = start.isEmpty() ? all : around(all);
            if (json) {
                ObjectNode printed = CatalogJson.lineage(catalog);
                printed.set("fields", FieldLineage.json(catalog));
                shell.out().println(printed.toPrettyString());
            } else if (catalog.edges().isEmpty()) {
                shell.out().println("Nobody is known to read anything.");
            } else {
                (fields ? FieldLineage.text(catalog) : CatalogText.lineage(catalog)).forEach(shell.out()::println);
            }
            if (svg != null) {
                draw(catalog, svg);
            }
            return ProductsCommand.said(shell, discovery, all);
        }
    }

    private Catalog around(Catalog all) {
        Catalog some = all.around(start);
        if (some.products().isEmpty() && some.edges().isEmpty()) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of(
                            start
                                    + ": no product and no port of this name stands in a catalogue; `products` lists those that do"));
        }
        return some;
    }

    private void draw(Catalog catalog, Path file) {
        try {
            Files.writeString(file, LineageSvg.of(catalog, Instant.now()));
        } catch (IOException failed) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of("--svg " + file + ": cannot be written (" + failed
                            + "); name a file in a directory that is there"));
        }
        shell.err().println("Picture: " + file);
    }
}
