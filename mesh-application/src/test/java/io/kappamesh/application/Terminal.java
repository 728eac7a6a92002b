package io.kappamesh.application;

import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where a test gives the operator's commands, and what they print. Commands are given by one thread at a time. */
final class Terminal {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Any other program that has the operator's commands. */
    @Command(name = "mesh")
    private static final class Program {}

    /** Runs a command; its exit code. */
    int run(Map<String, String> environment, String... arguments) {
        CommandLine program = new CommandLine(new Program());
        OperatorCommands.addTo(program, new Shell(environment, out(), err(), false));
        program.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        return program.execute(arguments);
    }

    PrintStream out() {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    PrintStream err() {
        return new PrintStream(err, true, StandardCharsets.UTF_8);
    }

    /** What stands in the output since {@link #said()}, which it leaves there. */
    String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The same of errors. */
    String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** What was printed since it was last asked. */
    String said() {
        String said = printed() + complained();
        out.reset();
        err.reset();
        return said;
    }
}
