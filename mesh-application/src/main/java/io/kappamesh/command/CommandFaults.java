package io.kappamesh.command;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;

/** How a command ends that could not be done: reasons in words and an {@link ExitCode}; a stack trace means a bug. */
public final class CommandFaults {
    private CommandFaults() {}

    /**
     * Makes a program tell the faults of its commands; picocli asks the outermost one. An error would end the JVM with 1, which means
     * something else.
     */
    public static void toldBy(CommandLine program) {
        program.setExecutionExceptionHandler((fault, failed, parsed) -> end(fault, failed));
        IExecutionStrategy strategy = program.getExecutionStrategy();
        program.setExecutionStrategy(parsed -> {
            try {
                return strategy.execute(parsed);
            } catch (Error bug) {
                bug.printStackTrace(program.getErr());
                program.getErr().flush();
                return ExitCode.BUG.number();
            }
        });
    }

    /** Gives a command the exit codes of wrong arguments and of bugs. */
    public static void codes(CommandLine command) {
        command.getCommandSpec()
                .exitCodeOnInvalidInput(ExitCode.CONFIGURATION.number())
                .exitCodeOnExecutionException(ExitCode.BUG.number());
    }

    /**
     * Prints why a command could not be done, for one that has to say so before it returns.
     *
     * @return the exit code
     */
    public static int print(Exception fault, PrintStream err) {
        Optional<ExitCode> code = tell(fault, err::println);
        if (code.isEmpty()) {
            fault.printStackTrace(err);
        }
        err.flush();
        return code.orElse(ExitCode.BUG).number();
    }

    private static int end(Exception fault, CommandLine command) throws Exception {
        Optional<ExitCode> code = tell(fault, command.getErr()::println);
        command.getErr().flush();
        if (code.isEmpty()) {
            throw fault;
        }
        return code.get().number();
    }

    /** Empty = it is a bug. */
    private static Optional<ExitCode> tell(Exception fault, Consumer<String> line) {
        if (fault instanceof StartupException refused) {
            refused.problems().forEach(line);
            return Optional.of(refused.exitCode());
        }
        if (fault instanceof LifecycleException refused) {
            line.accept(String.valueOf(refused.getMessage()));
            return Optional.of(refused.exitCode());
        }
        if (fault instanceof DeclarationException refused) {
            refused.problems().forEach(line);
            return Optional.of(ExitCode.CONFIGURATION);
        }
        return fault instanceof InterruptedException ? Optional.of(ExitCode.OK) : Optional.empty();
    }
}
