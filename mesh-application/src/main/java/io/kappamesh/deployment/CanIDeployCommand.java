package io.kappamesh.deployment;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.deploy.DeployCheck;
import io.kappamesh.deploy.DeployReport;
import io.kappamesh.display.DeployJson;
import io.kappamesh.display.DeployText;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks whether a build can be deployed. */
@Command(
        name = "can-i-deploy",
        description = {
            "Says whether a build can be deployed: what it breaks for each product that reads its ports, by schema, by what that product declares,"
                    + " and over the records that there are. Changes nothing. Ends with 1 if something breaks.",
            "Records are those of a candidate that runs the same build, or else those of the port as the build's schema has them.",
            "Also says what new and stricter rules of the build itself would refuse of the records that there are; that is no reason for a no."
        })
final class CanIDeployCommand implements Callable<Integer> {
    /** The exit code of a no. */
    static final int NO = 1;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(
            paramLabel = "BUILD",
            arity = "0..1",
            description =
                    "A domain's jar, a directory with its classes and jars such as target, or a file with what its command `contracts` prints. If not"
                            + " given: this program's own build.")
    private @Nullable Path build;

    @Option(
            names = "--generation",
            paramLabel = "N",
            description = "The candidate whose records are judged. If not given: one that runs the same build.")
    private @Nullable Integer generation;

    @Option(names = "--no-records", description = "Compares declarations only.")
    private boolean noRecords;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private final Shell shell;
    private final List<StreamingProduct> products;

    /** @param products those of which this program has a build */
    CanIDeployCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = products;
    }

    @Override
    public Integer call() {
        if (generation != null && generation < 1) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of("--generation: generations are numbered from 1, but it was " + generation));
        }
        Settings settings = connection.settings(shell);
        List<ProductDescription> declared = declared(settings);
        connection.connect(shell).close();
        try (DeployCheck check = DeployCheck.connect(settings)) {
            DeployReport report = check.check(
                    declared,
                    new DeployCheck.How(
                            !noRecords, generation == null ? OptionalInt.empty() : OptionalInt.of(generation)));
            if (json) {
                shell.out().println(DeployJson.of(report).toPrettyString());
            } else {
                DeployText.of(report).forEach(shell.out()::println);
            }
            return report.isPossible() ? 0 : NO;
        }
    }

    private List<ProductDescription> declared(Settings settings) {
        if (build != null) {
            return BuildFile.read(build);
        }
        if (products.isEmpty()) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of(
                            "can-i-deploy: which build is missing; name a domain's jar, a directory with its classes and jars, or a file with"
                                    + " what `java -jar DOMAIN.jar contracts` prints"));
        }
        return ContractsCommand.described(products, settings.build());
    }
}
