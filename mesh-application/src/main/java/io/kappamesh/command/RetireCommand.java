package io.kappamesh.command;

import io.kappamesh.generation.Generation;
import io.kappamesh.lifecycle.Lifecycle;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends a generation for good. */
@Command(
        name = "retire",
        description =
                "Ends a generation that does not serve, and deletes its topics and its consumer group. Done again, it finishes what"
                        + " was interrupted.")
final class RetireCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "GENERATION", description = "Such as sales.orders.g2.")
    private String generation = "";

    private final Shell shell;

    RetireCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Generation which = Generation.of(generation);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            lifecycle.retire(which, ProgressPrinter.in(shell));
            shell.out().println(which + ": retired");
            return 0;
        }
    }
}
