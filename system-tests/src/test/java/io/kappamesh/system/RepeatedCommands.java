package io.kappamesh.system;

import static org.awaitility.Awaitility.await;

import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** An operator who runs a command again as long as it ends with a code that asks for it, and remembers how each ended. One thread at a time. */
final class RepeatedCommands {
    private static final int PLATFORM = 69;
    private static final int CONFIGURATION = 78;

    private final Map<String, String> environment;
    private final List<Ended> all = new ArrayList<>();

    /** Any program that has the operator's commands. */
    @Command(name = "mesh")
    private static final class Program {}

    /**
     * How a command ended at last.
     *
     * @param codes of each time that it was run
     */
    record Ended(List<String> arguments, List<Integer> codes, Duration took) {
        int timesRefused() {
            return (int) codes.stream().filter(code -> code == PLATFORM).count();
        }
    }

    /** @param environment where brokers and registry are */
    RepeatedCommands(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs a command until it is done, each time a second after the last. */
    Ended run(String... arguments) {
        long began = System.nanoTime();
        List<Integer> codes = new ArrayList<>();
        await().alias(String.join(" ", arguments))
                .forever()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> isDone(codes, arguments));
        Ended ended = new Ended(List.of(arguments), codes, Duration.ofNanos(System.nanoTime() - began));
        all.add(ended);
        return ended;
    }

    /** Whether it was done this time; an error where no other time would change that. */
    private boolean isDone(List<Integer> codes, String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream printing = new PrintStream(output, true, StandardCharsets.UTF_8);
        CommandLine program = new CommandLine(new Program());
        OperatorCommands.addTo(program, new Shell(environment, printing, printing, false));
        program.setErr(new PrintWriter(output, true, StandardCharsets.UTF_8));
        int code = program.execute(arguments);
        String said = output.toString(StandardCharsets.UTF_8);
        codes.add(code);
        // A candidate that is behind, and a domain that a test has stopped, are waited for by whoever runs the
        // command again.
        boolean notCaughtUp =
                code == CONFIGURATION && (said.contains("behind its inputs") || said.contains("no process runs it"));
        if (code != 0 && !notCaughtUp) {
            System.out.println(List.of(arguments) + " ended with " + code + ":\n" + said.indent(4));
        }
        if (code != 0 && code != PLATFORM && !notCaughtUp) {
            throw new AssertionError(
                    List.of(arguments) + " ended with " + codes + ", which no other run would" + " change:\n" + said);
        }
        return code == 0;
    }

    /** How many of each were done, and how often they had to be run again. */
    String summary() {
        Map<String, List<Ended>> byName = new TreeMap<>(all.stream()
                .collect(Collectors.groupingBy(one -> one.arguments().get(0))));
        StringBuilder text = new StringBuilder();
        byName.forEach((name, some) -> text.append("\n  ")
                .append(name)
                .append(": ")
                .append(some.size())
                .append(" done, ended with 69 before: ")
                .append(some.stream().map(Ended::timesRefused).toList())
                .append(", not caught up or not running: ")
                .append(some.stream()
                        .mapToLong(one -> one.codes().stream()
                                .filter(code -> code == CONFIGURATION)
                                .count())
                        .sum())
                .append(", seconds: ")
                .append(some.stream().map(one -> one.took().toSeconds()).toList()));
        return text.toString();
    }
}
