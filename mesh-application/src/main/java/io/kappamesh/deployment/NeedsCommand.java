package io.kappamesh.deployment;

import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.evolution.ContractFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
            ContractFiles files = new ContractFiles(to);
            Catalog catalog = discovery.catalog();
            catalog.leftOut().forEach(why -> shell.err().println("not read: " + why));
            Map<String, ContractFiles.Needs> all = new TreeMap<>();
            catalog.products().stream()
                    .flatMap(product -> product.description().stream())
                    .filter(product -> !product.name().domain().equals(domain))
                    .filter(product -> reads(ContractFiles.Needs.of(product)))
                    .forEach(product -> all.put(product.product(), kept(files, product)));
            all.values().forEach(needs -> {
                boolean isNews = !files.isKept(needs);
                if (isNews) {
                    files.keep(needs);
                }
                shell.out().println(needs.product() + (isNews ? "  written" : "  as it was"));
            });
            forget(files, all.keySet(), !catalog.leftOut().isEmpty() || discovery.mayHide());
            if (all.isEmpty()) {
                shell.err().println("No product of another domain in the catalogue reads a port of " + domain + ".");
            }
            return 0;
        }
    }

    /** What products do not need any more would keep the build from changing it. */
    private void forget(ContractFiles files, Set<String> readers, boolean isIncomplete) {
        for (ContractFiles.Needs needs : files.needs()) {
            boolean isOver = !readers.contains(needs.product())
                    && !ProductName.of(needs.product()).domain().equals(domain)
                    && reads(needs);
            if (isOver && isIncomplete) {
                shell.err()
                        .println(needs.product()
                                + ": is kept, although nothing is seen of it: not every catalogue could be read");
            } else if (isOver) {
                List<InputDescription> others =
                        needs.inputs().stream().filter(input -> !isOwn(input)).toList();
                files.keep(new ContractFiles.Needs(needs.product(), others));
                shell.out().println(needs.product() + "  removed: it reads no port of " + domain + " any more");
            }
        }
    }

    /** In a directory that several domains share, a file also has what its product needs of the others. */
    private ContractFiles.Needs kept(ContractFiles files, ProductDescription product) {
        ContractFiles.Needs all = ContractFiles.Needs.of(product);
        boolean isShared = files.needs(product.product())
                .filter(needs -> !needs.inputs().stream().allMatch(this::isOwn))
                .isPresent();
        return isShared
                ? all
                : new ContractFiles.Needs(
                        all.product(), all.inputs().stream().filter(this::isOwn).toList());
    }

    private boolean reads(ContractFiles.Needs needs) {
        return needs.inputs().stream().anyMatch(this::isOwn);
    }

    private boolean isOwn(InputDescription input) {
        return PortAddress.of(input.address()).domain().equals(domain);
    }
}
