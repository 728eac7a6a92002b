package io.kappamesh.deployment;

import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import picocli.CommandLine;

/** The commands with which a build is judged before it is deployed, and with which a port is ended. They need brokers and registry, and no code of any domain but their own. */
public final class DeploymentCommands {
    private DeploymentCommands() {}

    /**
     * Adds them to a program.
     *
     * @param products of which the program has a build; empty = none
     */
    public static void addTo(CommandLine program, Shell shell, List<StreamingProduct> products) {
        OperatorCommands.add(program, "can-i-deploy", new CanIDeployCommand(shell, products));
        OperatorCommands.add(program, "needs", new NeedsCommand(shell));
        OperatorCommands.add(program, "retire-port", new RetirePortCommand(shell));
        if (!products.isEmpty()) {
            OperatorCommands.add(program, "contracts", new ContractsCommand(shell, products));
        }
    }
}
