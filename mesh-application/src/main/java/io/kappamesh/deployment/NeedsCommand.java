package io.kappamesh.deployment;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.evolution.ContractFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches what others need of a domain, for its build. */
@Command(
        name = "needs",
        description =
                "Writes what products of other domains need of a domain's ports into files, for the domain's repository: its build then refuses"
                        + " what would break them. Removes files of products that do not read any of them now.")
final class NeedsCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "DOMAIN", description = "Such as sales.")
    private String domain = "";

    @Option(
            names = "--to",
            paramLabel = "DIRECTORY",
            required = true,
            description = "The directory of the domain's contracts. Files are needs/PRODUCT.json in it.")
    private Path to = Path.of("");

    private final Shell shell;

    NeedsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Discovery discovery = connection.discover(shell)) {
            Catalog catalog = discovery.catalog();
            catalog.leftOut().forEach(why -> shell.err().println("not read: " + why));
            List<ProductDescription> products = catalog.products().stream()
                    .flatMap(product -> product.description().stream())
                    .toList();
            boolean isRead = new NeededFiles(domain, new ContractFiles(to), shell.out()::println, shell.err()::println)
                    .update(products, !catalog.leftOut().isEmpty() || discovery.mayHide());
            if (!isRead) {
                shell.err().println("No product of another domain in the catalogue reads a port of " + domain + ".");
            }
            return 0;
        }
    }
}
