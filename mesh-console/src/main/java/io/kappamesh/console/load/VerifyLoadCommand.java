package io.kappamesh.console.load;

import io.kappamesh.command.ProgressPrinter;
import io.kappamesh.command.Shell;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.load.LoadVerification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a table with its topic. */
@Command(
        name = "verify-load",
        description =
                "Compares a loaded table with its topic, key by key, at the positions that stand beside the table. Ends with 1 if they"
                        + " differ, or if PostgreSQL cannot hold some of the records. A loader may go on meanwhile.")
final class VerifyLoadCommand implements Callable<Integer> {
    /** The exit code when a comparison found differences. */
    static final int DIFFERENT = 1;

    @Mixin
    private final DatabaseOptions database = new DatabaseOptions();

    @Option(
            names = "--expect-dead-letters",
            description = "Ends with 0 although some keys have dead letters in place of rows.")
    private boolean expectsDeadLetters;

    private final Shell shell;

    VerifyLoadCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        LoadVerification found = database.loader(shell).verify(ProgressPrinter.in(shell));
        text(found).forEach(shell.out()::println);
        return found.isComplete() || (expectsDeadLetters && found.agrees()) ? 0 : DIFFERENT;
    }

    static List<String> text(LoadVerification found) {
        List<String> lines = new ArrayList<>();
        lines.add(found.port() + " and table " + found.table() + ": "
                + (found.isComplete()
                        ? "no difference"
                        : found.agrees() ? "no difference but for dead letters" : "they DIFFER"));
        lines.add("  " + HumanNumbers.count(found.topicKeys()) + " keys in the topic, "
                + HumanNumbers.count(found.equal()) + " equal; everything was loaded up to " + found.caughtUpAt());
        count("changed", found.changed(), lines);
        found.columns().forEach((column, rows) -> lines.add("      " + column + " in " + HumanNumbers.count(rows)));
        count("missing in the table", found.missing(), lines);
        count("in the table only", found.extra(), lines);
        count("that PostgreSQL cannot hold: see _mesh_dead_letters", found.refused(), lines);
        count("that the topic has forgotten, and were not compared", found.kept(), lines);
        count("written again meanwhile, and not compared", found.overtaken(), lines);
        found.samples().forEach(sample -> lines.add("    e.g. " + printable(sample.key()) + ": " + sample.what()));
        return lines;
    }

    private static void count(String what, long keys, List<String> lines) {
        if (keys > 0) {
            lines.add("    " + HumanNumbers.count(keys) + " " + what);
        }
    }

    /** Keys are whatever somebody wrote. */
    private static String printable(String key) {
        return key.replaceAll("\\p{Cntrl}", "?");
    }
}
