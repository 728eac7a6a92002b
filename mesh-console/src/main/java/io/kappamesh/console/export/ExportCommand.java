package io.kappamesh.console.export;

import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.ProgressPrinter;
import io.kappamesh.command.Shell;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.export.ExportFormat;
import io.kappamesh.export.ExportReport;
import io.kappamesh.export.PortExport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a port as files. */
@Command(
        name = "export",
        description =
                "Writes the latest value of each key of a published port as files, one for each partition, with a schema and a manifest."
                        + " A directory without manifest.json has no whole export. Ends with 1 if some records cannot be written.")
public final class ExportCommand implements Callable<Integer> {
    /** The exit code when some records are in {@code rejected.jsonl} and not in the rows. */
    static final int INCOMPLETE = 1;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(index = "0", paramLabel = "PORT", description = "Its address, such as sales.orders.v1.")
    private String port = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "Where the files go. Made if need be; has to be empty.")
    private Path directory = Path.of("");

    @Option(
            names = "--as",
            required = true,
            paramLabel = "csv|jsonl|parquet",
            description = "The format: comma-separated values, JSON lines, or Parquet.")
    private ExportFormat format = ExportFormat.CSV;

    private final Shell shell;

    private ExportCommand(Shell shell) {
        this.shell = shell;
    }

    /** Adds it to a program. */
    public static void addTo(CommandLine program, Shell shell) {
        OperatorCommands.add(program, "export", new ExportCommand(shell));
    }

    @Override
    public Integer call() {
        ExportReport report =
                PortExport.of(connection.settings(shell), port, format).into(directory, ProgressPrinter.in(shell));
        text(report, directory).forEach(shell.out()::println);
        return report.counts().rejected() == 0 ? 0 : INCOMPLETE;
    }

    static List<String> text(ExportReport report, Path directory) {
        long bytes = report.files().stream().mapToLong(file -> file.bytes()).sum();
        List<String> lines = new ArrayList<>();
        lines.add(report.port() + ": " + HumanNumbers.count(report.counts().rows()) + " rows in "
                + report.files().size() + " files of " + HumanNumbers.bytes(bytes) + " in " + directory);
        if (report.counts().writtenAgain() > 0) {
            lines.add("  " + HumanNumbers.count(report.counts().writtenAgain())
                    + " keys were written again while it was read");
        }
        if (report.counts().rejected() > 0) {
            lines.add("  " + HumanNumbers.count(report.counts().rejected())
                    + " records cannot be rows: see rejected.jsonl");
        }
        return lines;
    }
}
