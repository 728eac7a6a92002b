package io.kappamesh.governance;

import io.kappamesh.command.Shell;
import io.kappamesh.discovery.Edge;
import io.kappamesh.document.Document;
import io.kappamesh.document.ProductDocuments;
import io.kappamesh.document.Standard;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints products as documents of an open standard. */
@Command(
        name = "documents",
        description = {
            "Prints data products as documents of an open standard: ODCS (a data contract for each port), ODPS (a data product), AsyncAPI, or"
                    + " entities of Backstage.",
            "From the catalogue they have the addresses of brokers and registry and the readers of each port in them; from a build they have"
                    + " not, and no platform is needed."
        })
final class DocumentsCommand implements Callable<Integer> {
    private static final String HIDDEN_USER = "[hidden]@";

    @Mixin
    private final Described described = new Described();

    @Option(
            names = "--as",
            paramLabel = "STANDARD",
            required = true,
            description = "odcs, odps, asyncapi or backstage.")
    private Standard standard = Standard.ODCS;

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description = "Writes a file for each document there, in place of those that are there of the same name.")
    private @Nullable Path directory;

    @Option(names = "--json", description = "JSON in place of YAML.")
    private boolean json;

    private final Shell shell;
    private final List<StreamingProduct> products;

    /** @param products of which this program has a build */
    DocumentsCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = List.copyOf(products);
    }

    @Override
    public Integer call() {
        Described.Found found = described.find(shell, products);
        ProductDocuments made = ProductDocuments.describing(found.products());
        if (found.catalog().isPresent()) {
            made = placed(made).readBy(readers(found));
        }
        List<Document> documents = made.as(standard);
        Optional<String> port = described.port(found.products());
        if (port.isPresent() && standard == Standard.ODCS) {
            documents = documents.stream()
                    .filter(one -> one.file().startsWith(port.get() + "."))
                    .toList();
        }
        if (directory == null) {
            print(documents);
        } else {
            write(documents, directory);
        }
        return 0;
    }

    private ProductDocuments placed(ProductDocuments made) {
        Settings settings = described.connection().settings(shell);
        return made.servedAt(
                List.of(settings.bootstrapServers().split(",", -1)),
                Optional.of(settings.registryUrl().split(",", -1)[0].replace(HIDDEN_USER, "")));
    }

    private static Map<String, List<String>> readers(Described.Found found) {
        return found.catalog().orElseThrow().edges().stream()
                .collect(Collectors.groupingBy(Edge::port, Collectors.mapping(Edge::reader, Collectors.toList())));
    }

    private void print(List<Document> documents) {
        if (json) {
            shell.out().println(documents.stream().map(Document::json).collect(Collectors.joining(",\n", "[", "]")));
        } else {
            shell.out().print(documents.stream().map(Document::yaml).collect(Collectors.joining("---\n")));
        }
    }

    private void write(List<Document> documents, Path into) {
        for (Document document : documents) {
            Path file = into.resolve(json ? document.file().replaceFirst("yaml$", "json") : document.file());
            try {
                Files.createDirectories(into);
                Files.writeString(file, json ? document.json() + "\n" : document.yaml());
            } catch (IOException failed) {
                throw new StartupException(
                        ExitCode.CONFIGURATION,
                        List.of("--dir " + into + ": " + file.getFileName() + " cannot be written (" + failed
                                + "); name a directory that you may write to"));
            }
            shell.out().println(file);
        }
    }
}
