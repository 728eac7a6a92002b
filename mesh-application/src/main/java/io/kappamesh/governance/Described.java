package io.kappamesh.governance;

import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.deployment.BuildFile;
import io.kappamesh.deployment.ContractsCommand;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.topology.StreamingProduct;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which products a command is about, and where it reads of them: a build, or else the catalogues on the brokers. */
final class Described {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(
            paramLabel = "ADDRESS|PRODUCT|DOMAIN",
            arity = "0..1",
            description = "Such as sales.orders.v1, sales.orders or sales. If not given: all.")
    private String what = "";

    @Option(
            names = "--build",
            paramLabel = "BUILD",
            description =
                    "A domain's jar, a directory with its classes and jars such as target, or a file with what its command `contracts` prints. If not"
                            + " given: this program's own build, or else the catalogues on the brokers.")
    private @Nullable Path build;

    /**
     * What was found.
     *
     * @param products those that were asked for, with those of their ports that were asked for
     * @param catalog where they were found; empty = in a build
     */
    record Found(List<ProductDescription> products, Optional<Catalog> catalog) {}

    ConnectionOptions connection() {
        return connection;
    }

    /** @param own the products of which this program has a build */
    Found find(Shell shell, List<StreamingProduct> own) {
        if (build != null) {
            return new Found(named(BuildFile.read(build), "in " + build), Optional.empty());
        }
        if (!own.isEmpty()) {
            return new Found(
                    named(ContractsCommand.described(own, Optional.empty()), "in this program"), Optional.empty());
        }
        try (Discovery discovery = connection.discover(shell)) {
            Catalog catalog = discovery.catalog();
            catalog.leftOut().forEach(why -> shell.err().println("not read: " + why));
            List<ProductDescription> all = catalog.products().stream()
                    .map(FoundProduct::description)
                    .flatMap(Optional::stream)
                    .toList();
            return new Found(named(all, "in a catalogue; `products` lists what does"), Optional.of(catalog));
        }
    }

    private List<ProductDescription> named(List<ProductDescription> all, String where) {
        List<ProductDescription> some = all.stream()
                .filter(product -> what.isEmpty()
                        || product.product().equals(what)
                        || product.name().domain().equals(what)
                        || product.outputs().stream().anyMatch(this::isAsked))
                .toList();
        if (some.isEmpty()) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of((what.isEmpty()
                                    ? "no product stands "
                                    : what + ": no product, port or domain of this name stands ")
                            + where));
        }
        return some;
    }

    private boolean isAsked(OutputDescription output) {
        return output.address().equals(what);
    }

    /** Whether one port alone was asked for; its address. */
    Optional<String> port(List<ProductDescription> products) {
        return products.stream()
                .flatMap(product -> product.outputs().stream())
                .filter(this::isAsked)
                .map(OutputDescription::address)
                .findFirst();
    }
}
