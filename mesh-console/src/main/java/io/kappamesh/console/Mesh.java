package io.kappamesh.console;

import io.kappamesh.command.MeshVersion;
import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import io.kappamesh.console.capture.CaptureCommand;
import io.kappamesh.console.create.NewCommand;
import io.kappamesh.console.demo.DemoCommand;
import io.kappamesh.console.export.ExportCommand;
import io.kappamesh.console.ingest.IngestCommand;
import io.kappamesh.console.load.LoadCommands;
import io.kappamesh.console.local.DownCommand;
import io.kappamesh.console.local.UpCommand;
import io.kappamesh.deployment.DeploymentCommands;
import io.kappamesh.governance.GovernanceCommands;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code mesh} command. */
@Command(
        name = "mesh",
        description = "Data products on Kafka Streams: history and live events through one path.",
        mixinStandardHelpOptions = true,
        versionProvider = Mesh.Version.class,
        subcommands = {DemoCommand.class, UpCommand.class, DownCommand.class, NewCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footer = "%nFurther: ./mesh bench measures the library, and has a --help of its own.")
public final class Mesh {
    private Mesh() {}

    /** Asked for by {@code --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {MeshVersion.line()};
        }
    }

    public static void main(String[] arguments) {
        CommandLine program = new CommandLine(new Mesh());
        Shell shell = Shell.ofProcess(System.getenv());
        DeploymentCommands.addTo(program, shell, List.of());
        GovernanceCommands.addTo(program, shell, List.of());
        OperatorCommands.addTo(program, shell);
        IngestCommand.addTo(program, shell);
        CaptureCommand.addTo(program, shell);
        LoadCommands.addTo(program, shell);
        ExportCommand.addTo(program, shell);
        System.exit(program.execute(arguments));
    }
}
