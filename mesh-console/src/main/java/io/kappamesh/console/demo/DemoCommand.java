package io.kappamesh.console.demo;

import io.kappamesh.command.Screen;
import io.kappamesh.console.sql.Database;
import io.kappamesh.console.sql.LocalPostgresException;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.stack.StartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes the options of {@code mesh demo}. Exit codes: 0 the answers agree, 1 they do not, 2 it could not be run. */
@Command(
        name = "demo",
        description =
                "Runs the worked domains on a local platform: seven years of orders and shipments replayed, then live"
                        + " events through the same code, then the published TPC-H answers out of the product topics.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class DemoCommand implements Callable<Integer> {
    @Option(names = "--scale", paramLabel = "N", description = "TPC-H scale factor; 0.01 is 135,000 events.")
    private double scale = 0.01;

    @Option(
            names = "--history",
            paramLabel = "F",
            description = "Share of the time line that is history: 0 is all live, 1 is all replay.")
    private double history = 0.9;

    @Option(
            names = "--live-rate",
            paramLabel = "N",
            description = "Live events per second; as fast as it goes if not given.")
    private @Nullable Double liveRate;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes what was measured and found, as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--serve",
            description = "Keeps everything running after the check and prints READY; an interrupt stops it.")
    private boolean serve;

    @Option(
            names = "--from-archives",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "DIR",
            description =
                    "Writes all events as files first, JSON lines and lines of columns, packed, into this new or empty directory (or one that is"
                            + " deleted at the end), and ingests the history out of them. The live events begin where the ingest hands over.")
    private @Nullable String archive;

    @Option(
            names = "--sql",
            description =
                    "Also starts a PostgreSQL, which is downloaded with the build, and a third domain, masterdata; loads all products into the"
                            + " database, compares each table with its topic, and computes the answers in SQL, and those that need customers,"
                            + " suppliers, parts and nations.")
    private boolean sql;

    @Option(names = "--postgres-port", paramLabel = "PORT", description = "Loopback port of PostgreSQL, with --sql.")
    private int postgresPort = 15432;

    @Option(
            names = "--jdbc",
            paramLabel = "URL",
            description =
                    "With --sql: a PostgreSQL that runs already, jdbc:postgresql://HOST:PORT/DATABASE. Role and password are in PGUSER"
                            + " and PGPASSWORD. Tables go into the schemas sales, logistics and masterdata, which must not be there from another demo.")
    private @Nullable String jdbc;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "Keeps data, state and logs in this new or empty directory. If not given, they are deleted at the end.")
    private @Nullable Path home;

    @Option(names = "--broker-port", paramLabel = "PORT", description = "Loopback port of the broker.")
    private int brokerPort = 19092;

    @Option(names = "--registry-port", paramLabel = "PORT", description = "Loopback port of the schema registry.")
    private int registryPort = 18081;

    @Option(
            names = "--sales-port",
            paramLabel = "PORT",
            description = "Loopback port for health, metrics and status of sales.")
    private int salesPort = 18082;

    @Option(names = "--logistics-port", paramLabel = "PORT", description = "The same of logistics.")
    private int logisticsPort = 18083;

    @Option(names = "--masterdata-port", paramLabel = "PORT", description = "The same of masterdata, with --sql.")
    private int masterdataPort = 18084;

    @Option(
            names = "--domains",
            paramLabel = "DIR",
            hidden = true,
            defaultValue = "${sys:mesh.home:-.}",
            description = "Where the modules of the domains are built.")
    private Path domains = Path.of(".");

    /** Made by the command line. */
    public DemoCommand() {}

    @Override
    public Integer call() throws Exception {
        DemoOptions options = new DemoOptions(
                scale,
                history,
                Optional.ofNullable(liveRate),
                Optional.ofNullable(report),
                serve,
                Optional.ofNullable(home),
                brokerPort,
                registryPort,
                salesPort,
                logisticsPort,
                domains,
                Optional.ofNullable(archive)
                        .map(given -> given.isEmpty()
                                ? Path.of("archive")
                                : Path.of(given).toAbsolutePath()),
                sql || jdbc != null
                        ? Optional.of(new DemoOptions.Sql(postgresPort, database(), masterdataPort))
                        : Optional.empty());
        List<String> problems = options.problems();
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            return 2;
        }
        try {
            return new Demo(options, new Screen(System.out, Boolean.getBoolean("mesh.terminal"))).run() ? 0 : 1;
        } catch (StartException
                | DemoException
                | LocalPostgresException
                | LifecycleException
                | StartupException failed) {
            System.err.println(failed.getMessage());
            return 2;
        }
    }

    private Optional<Database> database() {
        return Optional.ofNullable(jdbc)
                .map(url -> new Database(
                        url,
                        Optional.ofNullable(System.getenv("PGUSER")),
                        Optional.ofNullable(System.getenv("PGPASSWORD"))));
    }
}
