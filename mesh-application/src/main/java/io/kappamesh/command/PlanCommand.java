package io.kappamesh.command;

import io.kappamesh.build.ProductBuild;
import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.plan.Plan;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a replay would take. */
@Command(
        name = "plan",
        description =
                "Says what a replay of a product would read, take, and reach; in a domain's own program also what its build changes."
                        + " Changes nothing. Ends with 1 if it is not possible.")
final class PlanCommand implements Callable<Integer> {
    /** The exit code when something speaks against a replay. */
    static final int REFUSED = 1;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Records per second, as measured elsewhere, to tell how long it takes.")
    private @Nullable Double rate;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private final Shell shell;
    private final List<StreamingProduct> products;

    /** @param products those of which this program has a build */
    PlanCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = products;
    }

    private Plan plan(Lifecycle lifecycle, ProductName name) {
        Optional<StreamingProduct> own = products.stream()
                .filter(one -> one.product().name().equals(name))
                .findFirst();
        return own.isPresent()
                ? lifecycle.plan(ProductBuild.of(own.get(), connection.settings(shell)))
                : lifecycle.plan(name);
    }

    @Override
    public Integer call() {
        if (rate != null && !(rate > 0)) {
            throw new StartupException(
                    ExitCode.CONFIGURATION, List.of("--rate: must be more than 0 records per second but was " + rate));
        }
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            Plan plan = plan(lifecycle, name);
            Plan timed = rate == null ? plan : plan.at(rate);
            if (json) {
                shell.out().println(Json.of(timed).toPrettyString());
            } else {
                PlanText.of(timed).forEach(shell.out()::println);
            }
            return plan.isPossible() ? 0 : REFUSED;
        }
    }
}
