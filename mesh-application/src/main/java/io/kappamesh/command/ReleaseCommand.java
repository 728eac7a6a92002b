package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.lifecycle.Lifecycle;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets generations go on that a command made stand still. */
@Command(
        name = "release",
        description =
                "Lets generations go on at once that a command made stand still before it died. No candidate is given up: `abort` does that.")
final class ReleaseCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    private final Shell shell;

    ReleaseCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            lifecycle.release(name, ProgressPrinter.in(shell));
            shell.out().println(name + ": nobody is made to stand still");
            return 0;
        }
    }
}
