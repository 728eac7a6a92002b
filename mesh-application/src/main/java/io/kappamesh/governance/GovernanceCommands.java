package io.kappamesh.governance;

import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import picocli.CommandLine;

/** The commands about what products promise. They need brokers, or a build, and no code of any domain but their own. */
public final class GovernanceCommands {
    private GovernanceCommands() {}

    /**
     * Adds them to a program.
     *
     * @param products of which the program has a build; empty = none
     */
    public static void addTo(CommandLine program, Shell shell, List<StreamingProduct> products) {
        OperatorCommands.add(program, "documents", new DocumentsCommand(shell, products));
    }
}
