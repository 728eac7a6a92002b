package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.lifecycle.Lifecycle;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rebuilds what was decided about a product whose control topic was lost. */
@Command(
        name = "recover",
        description = {
            "Rebuilds what was decided about a product, where its control topic was lost, from what brokers hold of its generations.",
            "Stop its processes first. Deletes nothing."
        })
final class RecoverCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    @Option(
            names = "--serving",
            paramLabel = "N",
            description = "The number of the generation that served. If not given: the only one there is.")
    private int serving;

    @Option(
            names = "--anew",
            description = "All that there is counts as retired: the next start begins a new generation, which serves.")
    private boolean anew;

    private final Shell shell;

    RecoverCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            lifecycle.recover(
                    name, serving > 0 ? OptionalInt.of(serving) : OptionalInt.empty(), anew, ProgressPrinter.in(shell));
            shell.out().println(name + ": recovered");
            return 0;
        }
    }
}
