package io.kappamesh.application;

import io.kappamesh.command.CommandFaults;
import io.kappamesh.command.MeshVersion;
import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import io.kappamesh.deployment.DeploymentCommands;
import io.kappamesh.governance.GovernanceCommands;
import io.kappamesh.topology.StreamingProduct;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The main program of a domain: {@code [COMMAND] [--config FILE]}.
 *
 * <p>{@code run}, the default, runs all products until the process is asked to stop or one of them cannot continue. {@code provision}
 * creates the topics and registers the schemas that the domain owns, and ends; {@code run} does the same first. {@code replay} runs a
 * candidate of one product. {@code settings} prints every setting there is. The others are {@link OperatorCommands}; {@code --help}
 * tells about all of them, {@code --version} which build this is. The exit code is one of {@link io.kappamesh.failure.ExitCode}, or 1 as those say; a process stopped by
 * SIGTERM ends, as every JVM, with 143.
 */
public final class MeshApplication {
    private final List<StreamingProduct> products;
    private final String program;
    private final PrintStream out;
    private final PrintStream err;

    MeshApplication(List<StreamingProduct> products, String program, PrintStream out, PrintStream err) {
        this.products = List.copyOf(products);
        this.program = program;
        this.out = out;
        this.err = err;
    }

    /** The program that runs these products. */
    public static MeshApplication of(List<StreamingProduct> products) {
        Class<?> caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .getCallerClass();
        return new MeshApplication(products, nameAndVersion(caller), System.out, System.err);
    }

    /** As the manifest of its jar has them. */
    private static String nameAndVersion(Class<?> main) {
        String title = main.getPackage().getImplementationTitle();
        String version = main.getPackage().getImplementationVersion();
        return (title == null ? main.getName() : title) + (version == null ? "" : " " + version);
    }

    /**
     * Runs the program; returns the exit code.
     *
     * @param environment all of it, such as {@link System#getenv()}
     */
    public int run(String[] arguments, Map<String, String> environment) {
        Shell process = Shell.ofProcess(environment);
        Shell shell = new Shell(environment, out, err, process.terminal());
        CommandSpec spec = CommandSpec.forAnnotatedObject(new RunCommand(shell, products))
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Prints the versions of this program, of the library and of Kafka, and ends.")
                        .build())
                .version(this.program, MeshVersion.line());
        CommandLine program = new CommandLine(spec);
        program.setCommandName("java -jar DOMAIN.jar");
        OperatorCommands.add(program, "run", new RunCommand(shell, products));
        OperatorCommands.add(program, "provision", new ProvisionCommand(shell, products));
        OperatorCommands.add(program, "replay", new ReplayCommand(shell, products));
        OperatorCommands.add(program, "settings", new SettingsCommand(shell));
        OperatorCommands.addShared(program, shell, products);
        DeploymentCommands.addTo(program, shell, products);
        GovernanceCommands.addTo(program, shell, products);
        CommandFaults.codes(program);
        program.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        program.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        program.setExecutionStrategy(parsed -> execute(program, parsed));
        CommandFaults.toldBy(program);
        return program.execute(arguments);
    }

    /** Options in front of a command would be those of the default one, and have no effect. */
    private static int execute(CommandLine program, ParseResult parsed) {
        if (parsed.hasSubcommand() && !parsed.matchedOptions().isEmpty()) {
            throw new ParameterException(
                    program,
                    "Option " + parsed.matchedOptions().get(0).longestName()
                            + " stands before the command; put it behind "
                            + parsed.subcommand().commandSpec().name());
        }
        return new CommandLine.RunLast().execute(parsed);
    }
}
