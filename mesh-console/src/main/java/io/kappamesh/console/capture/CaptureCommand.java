package io.kappamesh.console.capture;

import io.kappamesh.capture.CaptureProgress;
import io.kappamesh.capture.PortCapture;
import io.kappamesh.capture.PortCaptureBuilder;
import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Screen;
import io.kappamesh.command.Shell;
import io.kappamesh.console.work.PostgresOptions;
import io.kappamesh.console.work.StoppableWork;
import io.kappamesh.display.HumanNumbers;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Captures a table. Exit codes are those of {@link io.kappamesh.failure.ExitCode}. */
@Command(
        name = "capture",
        description =
                "Captures a table of PostgreSQL into a source port, exactly once, until it is stopped: first its rows, then its changes. Killed"
                        + " anywhere and started again it goes on where it was.")
public final class CaptureCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private final PostgresOptions database = new PostgresOptions();

    @Parameters(paramLabel = "PORT", description = "Its address, such as shop.order-rows.v1.")
    private String port = "";

    @Option(
            names = "--table",
            required = true,
            paramLabel = "SCHEMA.TABLE",
            description = "The table, such as public.orders. It has a primary key.")
    private String table = "";

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "The topic that records go to, if it is not named like the port.")
    private @Nullable String topic;

    @Option(
            names = "--publication",
            paramLabel = "NAME",
            description = "The publication that has the table. If not given: one is made, where the role may.")
    private @Nullable String publication;

    @Option(
            names = "--once",
            description = "Ends when everything is captured that is committed in the database by now.")
    private boolean once;

    @Option(
            names = "--again",
            description =
                    "Begins with another snapshot, although one is complete, and deletes keys that the table does not have any more.")
    private boolean again;

    @Option(
            names = "--accept-unlogged",
            description =
                    "Captures a table whose large values PostgreSQL does not log when an update leaves them as they were; such a row is"
                            + " a dead letter.")
    private boolean takesUnlogged;

    private final Shell shell;

    private CaptureCommand(Shell shell) {
        this.shell = shell;
    }

    /** Adds it to a program. */
    public static void addTo(CommandLine program, Shell shell) {
        OperatorCommands.add(program, "capture", new CaptureCommand(shell));
    }

    @Override
    public Integer call() throws InterruptedException {
        Screen screen = new Screen(shell.err(), shell.terminal());
        try (PortCapture capture = builder().build()) {
            return StoppableWork.run(
                    "capture-" + capture.port(),
                    () -> capture(capture),
                    () -> screen.draw(List.of(line(capture.progress()))),
                    capture::close,
                    ended -> {
                        screen.keep(List.of(line(capture.progress())));
                        return 0;
                    },
                    shell.err());
        }
    }

    private PortCaptureBuilder builder() {
        PortCaptureBuilder builder = PortCapture.builder(connection.settings(shell), port)
                .jdbc(database.jdbc())
                .table(table);
        database.credentials(shell, builder::user, builder::password);
        if (topic != null) {
            builder.topic(topic);
        }
        if (publication != null) {
            builder.publication(publication);
        }
        if (again) {
            builder.again();
        }
        if (takesUnlogged) {
            builder.acceptingUnlogged();
        }
        return builder;
    }

    private boolean capture(PortCapture capture) {
        if (once) {
            return capture.captureToEnd();
        }
        capture.run();
        return true;
    }

    private String line(CaptureProgress progress) {
        String expected = progress.phase() == CaptureProgress.Phase.SNAPSHOT && progress.ofRows() > 0
                ? " of about " + HumanNumbers.count(progress.ofRows())
                : "";
        return "  " + port + "  " + progress.phase().name().toLowerCase(Locale.ROOT) + ": "
                + HumanNumbers.count(progress.rows()) + expected + " rows, " + HumanNumbers.count(progress.changes())
                + " changes, " + HumanNumbers.count(progress.deleted()) + " deleted"
                + (progress.behind() >= 0 ? ", " + HumanNumbers.count(progress.behind()) + " bytes behind" : "")
                + progress.trouble().map(why -> ", waiting for " + why).orElse("");
    }
}
