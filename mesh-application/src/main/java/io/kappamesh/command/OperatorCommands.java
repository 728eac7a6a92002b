package io.kappamesh.command;

import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * The commands with which an operator looks at generations and decides about them. They need brokers, and no code of any domain. Exit
 * codes are those of {@link io.kappamesh.failure.ExitCode}, and 1 when a plan is refused or a comparison found differences.
 */
public final class OperatorCommands {
    private OperatorCommands() {}

    /**
     * Adds all of them to a program, which then tells why one of them could not be done in words and not in stack traces.
     *
     * @param environment all of it, such as {@link System#getenv()}
     */
    public static void addTo(CommandLine program, Map<String, String> environment) {
        addTo(program, Shell.ofProcess(environment));
    }

    public static void addTo(CommandLine program, Shell shell) {
        add(program, "replay", new BeginCommand(shell));
        addShared(program, shell, List.of());
        CommandFaults.toldBy(program);
    }

    /**
     * Those that any program has alike.
     *
     * @param products of which the program has a build
     */
    public static void addShared(CommandLine program, Shell shell, List<StreamingProduct> products) {
        add(program, "plan", new PlanCommand(shell, products));
        add(program, "status", new StatusCommand(shell));
        add(program, "verify", new VerifyCommand(shell));
        add(program, "prove", new ProveCommand(shell));
        add(program, "promote", new PromoteCommand(shell));
        add(program, "rollback", new RollbackCommand(shell));
        add(program, "retire", new RetireCommand(shell));
        add(program, "release", new ReleaseCommand(shell));
        add(program, "abort", new AbortCommand(shell));
        add(program, "recover", new RecoverCommand(shell));
        add(program, "acls", new AclsCommand(shell, products));
        add(program, "products", new ProductsCommand(shell));
        add(program, "describe", new DescribeCommand(shell));
        add(program, "lineage", new LineageCommand(shell));
    }

    public static void add(CommandLine program, String name, Object command) {
        CommandLine added = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
        CommandFaults.codes(added);
        program.addSubcommand(name, added);
    }
}
