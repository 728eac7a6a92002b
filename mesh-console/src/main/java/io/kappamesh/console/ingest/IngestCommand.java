package io.kappamesh.console.ingest;

import io.kappamesh.brokers.InputReach;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Screen;
import io.kappamesh.command.Shell;
import io.kappamesh.console.work.StoppableWork;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.ingest.IngestCheck;
import io.kappamesh.ingest.IngestProgress;
import io.kappamesh.ingest.IngestReport;
import io.kappamesh.ingest.PortIngest;
import io.kappamesh.ingest.PortIngestBuilder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.ToIntFunction;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ingests an archive. Exit codes are those of {@link ExitCode}, and 1 when {@code --check} finds something or rows were refused. */
@Command(
        name = "ingest",
        description =
                "Ingests the files of an archive into a source port, exactly once: Avro, Parquet, CSV or JSON lines, plain, or packed with gzip or"
                        + " zstd. Killed anywhere and started again it goes on where it was; the same archive a second time changes nothing."
                        + " What the port's intake would refuse goes to the product's dead letters. Ends with 1 if rows were refused.")
public final class IngestCommand implements Callable<Integer> {
    private static final int SOMETHING_REFUSED = 1;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private final FileOptions how = new FileOptions();

    @Parameters(index = "0", paramLabel = "PORT", description = "Its address, such as sales.order-events.v1.")
    private String port = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files, directories, or globs in quotes, such as 'archive/2026-*.csv.gz'.")
    private List<String> files = List.of();

    @Option(
            names = "--check",
            description = "Writes nothing, and says what would be refused, with file and row of the first few.")
    private boolean check;

    @Option(
            names = "--product",
            paramLabel = "PRODUCT",
            description = "The product whose dead letters take what is refused, if several read the port.")
    private @Nullable String product;

    @Option(
            names = "--key",
            paramLabel = "FIELD",
            description = "The field that is the key, if the port declares none.")
    private @Nullable String key;

    @Option(
            names = "--in-file-order",
            description = "Writes rows as they stand, file after file, instead of merging all files by event time.")
    private boolean inFileOrder;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description =
                    "The hand-over to the live topic, such as 2026-03-01T00:00:00Z: rows of this event time and later are counted and not"
                            + " written.")
    private @Nullable String until;

    @Option(
            names = "--verify-handover",
            description =
                    "Writes nothing. Compares the archive with the port's topic before --until, and from then on with what live writers wrote, by key"
                            + " and event time. Ends with 1 if there is a gap or an overlap, if nothing shows that there is none, or if records"
                            + " cannot be read.")
    private boolean verifiesHandOver;

    @Option(
            names = "--writers",
            paramLabel = "N",
            description =
                    "How many writers there are, 1 to 32 and no more than partitions; usually one is as fast as several, because reading takes longer."
                            + " Each writes the partitions that are its own, so that the order of a key is what it is with one. May be another"
                            + " number each time. Default: 1.")
    private @Nullable Integer writers;

    @Option(names = "--throttle", paramLabel = "ROWS", description = "The most rows in a second.")
    private @Nullable Long throttle;

    @Option(
            names = "--allow-expired",
            description = "Also writes rows that are older than the port's topic keeps records; brokers delete them.")
    private boolean allowExpired;

    @Option(
            names = "--leave-rules",
            description =
                    "Goes on although some of the port's rules are functions in the product's code, which only the product itself can test.")
    private boolean leavesRules;

    private final Shell shell;

    private IngestCommand(Shell shell) {
        this.shell = shell;
    }

    /** Adds it to a program. */
    public static void addTo(CommandLine program, Shell shell) {
        OperatorCommands.add(program, "ingest", new IngestCommand(shell));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (check && verifiesHandOver) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of(
                            "ingest: --check and --verify-handover look at different things; give one of them at a time"));
        }
        DescribedSource source = source();
        PortIngestBuilder<GenericRecord> builder = PortIngest.builder(
                        connection.settings(shell), source.product(), source.port())
                .files(files.toArray(String[]::new));
        how.format().ifPresent(builder::format);
        if (key != null) {
            builder.key(key);
        }
        if (inFileOrder) {
            builder.inFileOrder();
        }
        if (allowExpired) {
            builder.allowExpired();
        }
        if (until != null) {
            builder.until(instant(until));
        }
        if (throttle != null) {
            builder.throttle(throttle);
        }
        if (writers != null) {
            builder.writers(writers);
        }
        Screen screen = new Screen(shell.err(), shell.terminal());
        try (PortIngest<GenericRecord> ingest = builder.build()) {
            if (verifiesHandOver) {
                return follow(ingest, screen, ingest::verifyHandOver, found -> {
                    screen.keep(List.of());
                    HandOverText.of(found).forEach(shell.out()::println);
                    return found.isProven() ? 0 : SOMETHING_REFUSED;
                });
            }
            return check
                    ? follow(ingest, screen, ingest::check, found -> checked(found, screen))
                    : follow(ingest, screen, ingest::run, report -> reported(report, ingest.progress(), screen));
        }
    }

    private DescribedSource source() throws InterruptedException {
        String domain;
        try {
            domain = PortAddress.of(port).domain();
        } catch (DeclarationException malformed) {
            throw new StartupException(ExitCode.CONFIGURATION, malformed.problems());
        }
        DescribedSource source;
        try (Discovery discovery = connection.discover(shell)) {
            source = DescribedSource.find(
                    discovery.catalog().products().stream()
                            .filter(found -> found.name().domain().equals(domain))
                            .map(FoundProduct::description)
                            .flatMap(Optional::stream),
                    port,
                    product,
                    check ? retention() : Optional.empty());
        }
        if (!source.functions().isEmpty()) {
            String what = "rules " + source.functions()
                    + " of this port are functions in the code of " + source.product()
                    + ", and cannot be tested here; its intake tests them when it reads the records";
            if (!leavesRules) {
                throw new StartupException(
                        ExitCode.CONFIGURATION,
                        List.of("port " + port + ": " + what + ". Say --leave-rules to go on, declare the rules as"
                                + " Condition, or ingest from the domain's own program, see docs/ingest.md"));
            }
            shell.err().println("Note: " + what);
        }
        if (verifiesHandOver && !source.isKeyKnown()) {
            shell.err()
                    .println(
                            "Note: an earlier version of the library has described this port, and does not say whether its"
                                    + " records have keys of their own or are keyed by their values. They are taken for the former;"
                                    + " start " + source.product() + " with this version to be sure");
        }
        return source;
    }

    /** For how long the brokers keep what is written now. */
    private Optional<Duration> retention() throws InterruptedException {
        try (Admin admin = LazyAdmin.of(connection.settings(shell).admin())) {
            return Optional.ofNullable(
                    InputReach.retentions(admin, List.of(port)).get(port));
        } catch (ExecutionException failed) {
            if (Causes.chain(failed).anyMatch(UnknownTopicOrPartitionException.class::isInstance)) {
                return Optional.empty();
            }
            throw new StartupException(
                    ExitCode.PLATFORM, List.of("topic " + port + ": cannot be looked at (" + Causes.of(failed) + ")"));
        }
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException wrong) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of("ingest: --until must be a time in UTC such as 2026-03-01T00:00:00Z"));
        }
    }

    private <T> int follow(PortIngest<GenericRecord> ingest, Screen screen, Callable<T> task, ToIntFunction<T> say)
            throws InterruptedException {
        return StoppableWork.run(
                "ingest-" + port,
                task,
                () -> screen.draw(List.of(line(ingest.progress()))),
                ingest::close,
                say,
                shell.err());
    }

    private String line(IngestProgress progress) {
        String bytes = HumanNumbers.bar(progress.bytesRead(), Math.max(1, progress.bytes())) + " "
                + megabytes(progress.bytesRead()) + " of " + megabytes(progress.bytes());
        if (progress.phase() == IngestProgress.Phase.LOOKING) {
            return "  " + port + "  looking at files " + bytes;
        }
        return "  " + port + "  " + bytes + "  " + HumanNumbers.count(progress.rows()) + " rows, "
                + HumanNumbers.count((long) progress.rowsPerSecond()) + "/s"
                + (progress.refused() > 0 ? ", " + HumanNumbers.count(progress.refused()) + " refused" : "")
                + progress.remaining()
                        .map(left -> ", " + left.toSeconds() + " s left")
                        .orElse("")
                + progress.trouble().map(why -> ", waiting for " + why).orElse("");
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private int checked(IngestCheck check, Screen screen) {
        screen.keep(List.of());
        List<String> lines = new ArrayList<>();
        lines.add(port + ": " + HumanNumbers.count(check.rows()) + " rows; "
                + (check.isClean() ? "none would be refused" : "not all of them would be ingested"));
        if (check.live() > 0) {
            lines.add("  " + HumanNumbers.count(check.live()) + " belong to the live topic, from " + until + " on");
        }
        if (check.expired() > 0) {
            lines.add("  " + HumanNumbers.count(check.expired())
                    + " are older than the port's topic keeps records, and would end the ingest; raise its retention.ms, or"
                    + " say --allow-expired");
        }
        check.problems().forEach(problem -> lines.add("  " + problem));
        check.refused()
                .forEach((reason, rows) -> lines.add("  " + HumanNumbers.count(rows) + " would be refused: " + reason));
        check.examples()
                .forEach(example -> lines.add("    " + example.file() + ", row " + example.row() + ": "
                        + example.reason() + ": " + example.detail()));
        lines.forEach(shell.out()::println);
        return check.isClean() ? 0 : SOMETHING_REFUSED;
    }

    private int reported(IngestReport report, IngestProgress progress, Screen screen) {
        screen.keep(List.of(line(progress)));
        shell.out()
                .println(port + ": "
                        + (report.isNothingNew()
                                ? "nothing to do, everything is ingested already"
                                : report.isComplete()
                                        ? "ingested"
                                        : report.files().stream()
                                                        .anyMatch(
                                                                file -> file.state() == IngestReport.FileState.STOPPED)
                                                ? "stopped; the same command goes on"
                                                : "ingested as the files were when it began"));
        report.files()
                .forEach(file -> shell.out()
                        .println("  " + file.file() + "  "
                                + file.state().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                                + file.otherName().map(other -> " as " + other).orElse("")
                                + (file.state() == IngestReport.FileState.SAME_CONTENT
                                        ? ""
                                        : ": " + HumanNumbers.count(file.rows()) + " rows"
                                                + (file.refused() > 0
                                                        ? ", " + HumanNumbers.count(file.refused()) + " refused"
                                                        : "")
                                                + (file.live() > 0
                                                        ? ", " + HumanNumbers.count(file.live())
                                                                + " left to the live topic"
                                                        : "")
                                                + file.newest()
                                                        .map(time -> ", up to " + time)
                                                        .orElse("")
                                                + (file.state() == IngestReport.FileState.GROWN
                                                        ? "; rows were appended since, which are not ingested: put them"
                                                                + " into a file of their own"
                                                        : ""))));
        long written = report.written().stream().mapToLong(one -> one).sum();
        shell.out()
                .println("  all files: " + HumanNumbers.count(report.rows()) + " rows = " + HumanNumbers.count(written)
                        + " records + " + HumanNumbers.count(report.refused()) + " refused + "
                        + HumanNumbers.count(report.live()) + " left to the live topic; by partition "
                        + report.written());
        return report.refused() == 0 && report.isComplete() ? 0 : SOMETHING_REFUSED;
    }
}
