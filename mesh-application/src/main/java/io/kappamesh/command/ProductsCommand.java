package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.display.CatalogJson;
import io.kappamesh.display.CatalogText;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the products of all domains. */
@Command(
        name = "products",
        description =
                "Lists the products that stand in the catalogues of all domains: whose they are, and whether they run.")
final class ProductsCommand implements Callable<Integer> {
    /** On standard error, where it disturbs no program. */
    static final String HIDDEN =
            "Brokers hide catalogues and groups that these credentials may not describe; only the others are seen.";

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "DOMAIN", arity = "0..1", description = "Such as sales. If not given: all.")
    private String domain = "";

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Option(
            names = "--forget",
            paramLabel = "PRODUCT",
            description = "Takes a product out of the catalogue that is not there any more. Refused while it runs.")
    private @Nullable String forget;

    private final Shell shell;

    ProductsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Discovery discovery = connection.discover(shell)) {
            if (forget != null) {
                discovery.forget(ProductName.of(forget));
                shell.out().println(forget + ": forgotten");
                return 0;
            }
            Catalog all = discovery.catalog();
            Catalog catalog = domain.isEmpty() ? all : all.ofDomain(domain);
            if (json) {
                shell.out().println(CatalogJson.products(catalog).toPrettyString());
            } else if (catalog.products().isEmpty()) {
                shell.out().println("No product stands in a catalogue.");
            } else {
                CatalogText.products(catalog, Instant.now()).forEach(shell.out()::println);
            }
            return said(shell, discovery, all);
        }
    }

    /** Says what is missing. */
    static int said(Shell shell, Discovery discovery, Catalog catalog) {
        catalog.leftOut().forEach(why -> shell.err().println("not shown: " + why));
        if (discovery.mayHide()) {
            shell.err().println(HIDDEN);
        }
        return 0;
    }
}
