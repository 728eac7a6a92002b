package io.kappamesh.application;

import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs all products of the domain. */
@Command(
        name = "run",
        description =
                "Runs all products until it is asked to stop or one of them cannot continue. This is what happens without a command.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    private final Shell shell;
    private final List<StreamingProduct> products;

    RunCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = products;
    }

    @Override
    public Integer call() {
        try (ObservedRuntime observed =
                ObservedRuntime.start(connection.settings(shell), MeshRuntime.builder(products))) {
            return end(observed.runtime().awaitEnd(), shell);
        }
    }

    static int end(MeshRuntime.End end, Shell shell) {
        end.problems().forEach(shell.err()::println);
        return end.code().number();
    }
}
