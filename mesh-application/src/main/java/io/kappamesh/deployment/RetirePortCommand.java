package io.kappamesh.deployment;

import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.ProgressPrinter;
import io.kappamesh.command.Shell;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.display.CatalogText;
import io.kappamesh.retirement.PortRetirement;
import io.kappamesh.retirement.PortRetirer;
import io.kappamesh.settings.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a port for good. */
@Command(
        name = "retire-port",
        description = {
            "Ends a port, such as an old major version that nobody reads any more. Refused while a product declares that it reads the port, a"
                    + " consumer group reads it or has read it, or its end of life has not come.",
            "Builds of its product may leave the port out from then on. Run it again when such a build runs: then it deletes the port's"
                    + " topic. Schemas stay in the registry."
        })
final class RetirePortCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PORT", description = "Such as sales.orders.v1.")
    private String port = "";

    @Option(
            names = "--force",
            description =
                    "Although somebody reads it. What spoke against it is recorded, with the account that did it.")
    private boolean force;

    private final Shell shell;

    RetirePortCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        PortAddress which = PortAddress.of(port);
        Settings settings = connection.settings(shell);
        connection.connect(shell).close();
        try (PortRetirer retirer = PortRetirer.connect(settings)) {
            String account = System.getProperty("user.name", "unknown");
            PortRetirement done = retirer.retire(which, account, force, ProgressPrinter.in(shell));
            CatalogText.retired(done.record()).forEach(shell.out()::println);
            done.publishers().forEach(one -> shell.out().println("  still published by " + one));
            if (!done.publishers().isEmpty()) {
                shell.out()
                        .println(
                                "  nothing is deleted yet: start a build that does not publish it, or retire these generations,"
                                        + " and run this again");
            }
            done.deleted().forEach(topic -> shell.out().println("  deleted topic " + topic));
            return 0;
        }
    }
}
