package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.lifecycle.Lifecycle;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets generations go on that a command paused. */
@Command(
        name = "release",
        description =
                "Lets generations go on at once that a command paused before it died. No candidate is given up: `abort` does that.")
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
            shell.out().println(name + ": nobody is paused");
            return 0;
        }
    }
}
