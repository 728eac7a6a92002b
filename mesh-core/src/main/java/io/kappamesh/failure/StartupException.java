package io.kappamesh.failure;

import java.util.Collection;
import java.util.List;

/** A product cannot run, for reasons that are all named. Holds no secrets and no values of records. */
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    @SuppressWarnings("serial") // always an immutable List.copyOf, which is serializable
    private final List<String> problems;

    public StartupException(ExitCode exitCode, Collection<String> problems) {
        super(String.join("\n", problems));
        this.exitCode = exitCode;
        this.problems = List.copyOf(problems);
    }

    public StartupException(ExitCode exitCode, String problem, Throwable cause) {
        this(exitCode, List.of(problem));
        initCause(cause);
    }

    /** How the process is to end. */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** One sentence per problem: where, what was expected, what came, the remedy. Never empty. */
    public List<String> problems() {
        return problems;
    }

    public static void throwIfAny(ExitCode exitCode, Collection<String> problems) {
        if (!problems.isEmpty()) {
            throw new StartupException(exitCode, problems);
        }
    }
}
