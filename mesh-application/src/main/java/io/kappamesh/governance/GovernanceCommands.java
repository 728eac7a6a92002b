package io.kappamesh.governance;

import io.kappamesh.command.CommandFaults;
import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
        OperatorCommands.add(program, "check", new CheckCommand(shell, products));
        OperatorCommands.add(program, "slo", new SloCommand(shell, products));
        OperatorCommands.add(program, "runs", new RunsCommand(shell));
        CommandLine imports = new CommandLine(new Group());
        OperatorCommands.add(imports, "odcs", new ImportCommand(shell));
        CommandFaults.codes(imports);
        program.addSubcommand("import", imports);
    }

    /** Groups what can be imported. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Writes a declaration, to begin with, out of a document of an open standard.",
            synopsisSubcommandLabel = "COMMAND")
    private static final class Group implements Runnable {
        @Spec
        @SuppressWarnings("NullAway.Init") // by the command line
        private CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "Missing required subcommand: odcs");
        }
    }
}
