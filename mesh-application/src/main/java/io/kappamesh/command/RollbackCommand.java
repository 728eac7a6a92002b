package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.lifecycle.Lifecycle;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets the one that served before serve again. */
@Command(name = "rollback", description = "Promotes the generation that served before.")
final class RollbackCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    private final Shell shell;

    RollbackCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            PromoteCommand.tell(lifecycle.rollback(name, ProgressPrinter.in(shell)), lifecycle, shell);
            return 0;
        }
    }
}
