package io.kappamesh.console.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.command.CommandFaults;
import io.kappamesh.command.Shell;
import io.kappamesh.failure.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class IngestCommandTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Command(name = "program")
    private static final class Program {}

    private int run(String... arguments) {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        CommandLine program = new CommandLine(new Program());
        IngestCommand.addTo(program, new Shell(Map.of(), out, out, false));
        CommandFaults.toldBy(program);
        program.setErr(new PrintWriter(out, true, StandardCharsets.UTF_8));
        program.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        return program.execute(arguments);
    }

    @Test
    void checkAndProofOfTheHandOverAreRefusedTogether() {
        assertThat(run(
                        "ingest",
                        "shop.sales.v1",
                        "a.csv",
                        "--check",
                        "--until",
                        "2026-03-01T00:00:00Z",
                        "--verify-handover"))
                .isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("--check and --verify-handover");
    }

    @Test
    void helpNamesTimestampsOfDatabases() {
        assertThat(run("ingest", "--help")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "))
                .contains("SQL for text as databases write it")
                .contains("--writers=N How many writers there are");
    }
}
