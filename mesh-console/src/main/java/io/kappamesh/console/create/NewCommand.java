package io.kappamesh.console.create;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands that write new projects. */
@Command(
        name = "new",
        description = "Writes a new project to begin with.",
        mixinStandardHelpOptions = true,
        subcommands = NewDomainCommand.class,
        synopsisSubcommandLabel = "COMMAND")
public final class NewCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // by the command line
    private CommandSpec spec;

    /** Made by the command line. */
    public NewCommand() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing required subcommand: domain");
    }
}
