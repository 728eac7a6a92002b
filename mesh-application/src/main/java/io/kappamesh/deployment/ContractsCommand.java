package io.kappamesh.deployment;

import io.kappamesh.build.Build;
import io.kappamesh.build.LibraryVersion;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.Shell;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what this build declares. */
@Command(
        name = "contracts",
        mixinStandardHelpOptions = true,
        description =
                "Prints what this build declares, in JSON: each product with its ports and what it needs of others. `can-i-deploy` reads it."
                        + " Needs no platform.")
public final class ContractsCommand implements Callable<Integer> {
    private static final String BUILD_VARIABLE = "MESH_BUILD";

    @Option(names = "--to", paramLabel = "FILE", description = "Writes it there.")
    private @Nullable Path to;

    private final Shell shell;
    private final List<StreamingProduct> products;

    /** @param products of which this program has a build */
    ContractsCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = List.copyOf(products);
    }

    @Override
    public Integer call() throws IOException {
        Optional<String> named =
                Optional.ofNullable(shell.environment().get(BUILD_VARIABLE)).filter(name -> !name.isBlank());
        String text = ContractFiles.text(described(products, named));
        if (to == null) {
            shell.out().println(text);
        } else {
            Files.writeString(to, text);
        }
        return 0;
    }

    /**
     * What a build declares.
     *
     * @param named the name of the build, where it has one
     */
    public static List<ProductDescription> described(List<StreamingProduct> products, Optional<String> named) {
        return products.stream()
                .map(one -> ProductDescription.of(
                        one.product(), named.orElseGet(() -> Build.digest(one)), LibraryVersion.text(), Map.of()))
                .toList();
    }
}
