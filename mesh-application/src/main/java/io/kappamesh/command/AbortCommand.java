package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.lifecycle.Lifecycle;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Gives up the replay that is under way. */
@Command(
        name = "abort",
        description =
                "Gives up a replay: retires the newest candidate if it never served, and ends an order to pause. To end that order"
                        + " and keep the candidate: `release`.")
final class AbortCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    private final Shell shell;

    AbortCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            lifecycle.abort(name, ProgressPrinter.in(shell));
            shell.out().println(name + ": nothing is under way any more");
            return 0;
        }
    }
}
