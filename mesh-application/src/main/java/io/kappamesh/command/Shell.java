package io.kappamesh.command;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command finds itself.
 *
 * @param environment all of it, such as {@link System#getenv()}
 * @param out for results
 * @param err for what is told on the way, and for problems
 * @param terminal whether lines can be drawn over
 */
public record Shell(Map<String, String> environment, PrintStream out, PrintStream err, boolean terminal) {
    private static final int CONSOLES_MAY_BE_FILES = 22;

    public Shell {
        environment = Map.copyOf(environment);
    }

    /** That of this process. {@code mesh.terminal}, set by a launcher, says whether there is a terminal. */
    @SuppressWarnings(
            "SystemConsoleNull") // later versions have one that may be a file, which is why the version is asked
    public static Shell ofProcess(Map<String, String> environment) {
        String told = System.getProperty("mesh.terminal");
        boolean console = System.console() != null && Runtime.version().feature() < CONSOLES_MAY_BE_FILES;
        return new Shell(environment, System.out, System.err, told == null ? console : Boolean.parseBoolean(told));
    }
}
