package io.kappamesh.console.load;

import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import picocli.CommandLine;

/** The commands that load ports into PostgreSQL. Exit codes are those of {@link io.kappamesh.failure.ExitCode}, and 1 when tables differ. */
public final class LoadCommands {
    private LoadCommands() {}

    /** Adds all of them to a program. */
    public static void addTo(CommandLine program, Shell shell) {
        OperatorCommands.add(program, "load", new LoadCommand(shell));
        OperatorCommands.add(program, "verify-load", new VerifyLoadCommand(shell));
        OperatorCommands.add(program, "reload", new ReloadCommand(shell));
    }
}
