package io.kappamesh.console;

import io.kappamesh.command.OperatorCommands;
import io.kappamesh.console.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code mesh} command. */
@Command(
        name = "mesh",
        description = "Data products on Kafka Streams: history and live events through one path.",
        mixinStandardHelpOptions = true,
        version = "Kappa Mesh 0.1.0",
        subcommands = DemoCommand.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Mesh {
    private Mesh() {}

    public static void main(String[] arguments) {
        CommandLine program = new CommandLine(new Mesh());
        OperatorCommands.addTo(program, System.getenv());
        System.exit(program.execute(arguments));
    }
}
