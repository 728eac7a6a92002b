package io.kappamesh.command;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import java.util.List;
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

    private static int end(Exception fault, CommandLine command) throws Exception {
        if (fault instanceof StartupException refused) {
            return tell(command, refused.exitCode(), refused.problems());
        }
        if (fault instanceof LifecycleException refused) {
            return tell(command, refused.exitCode(), List.of(String.valueOf(refused.getMessage())));
        }
        if (fault instanceof DeclarationException refused) {
            return tell(command, ExitCode.CONFIGURATION, refused.problems());
        }
        if (fault instanceof InterruptedException) {
            return ExitCode.OK.number();
        }
        throw fault;
    }

    private static int tell(CommandLine command, ExitCode code, List<String> problems) {
        problems.forEach(command.getErr()::println);
        command.getErr().flush();
        return code.number();
    }
}
