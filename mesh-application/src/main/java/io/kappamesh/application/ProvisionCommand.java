package io.kappamesh.application;

import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes ready what the domain owns. */
@Command(
        name = "provision",
        description =
                "Creates the topics and registers the schemas that the domain owns, and ends. run does the same first.")
final class ProvisionCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    private final Shell shell;
    private final List<StreamingProduct> products;

    ProvisionCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = products;
    }

    @Override
    public Integer call() throws InterruptedException {
        MeshRuntime.provision(connection.settings(shell), products);
        return 0;
    }
}
