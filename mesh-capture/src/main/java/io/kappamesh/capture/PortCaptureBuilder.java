package io.kappamesh.capture;

import static java.util.Objects.requireNonNull;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.database.DatabaseAddress;
import io.kappamesh.database.TableName;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a table of PostgreSQL is captured into a source port. One thread at a time. */
public final class PortCaptureBuilder {
    private static final int RECORDS = 50_000;
    private static final int MOST_RECORDS = 1_000_000;
    private static final long BYTES = 64L << 20;
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(100);
    private static final int LONGEST_NAME = 63;
    private static final Pattern NAME = Pattern.compile("[^,\"'\\\\\\s]{1," + LONGEST_NAME + "}");

    private final Settings settings;
    private final String port;
    private @Nullable String url;
    private Optional<String> user = Optional.empty();
    private Optional<String> password = Optional.empty();
    private @Nullable String table;
    private @Nullable String topic;
    private @Nullable String publication;
    private boolean takesUnlogged;
    private boolean again;
    private int records = RECORDS;
    private Duration interval = INTERVAL;
    private Duration heartbeat = HEARTBEAT;
    private MeterRegistry meters = Metrics.globalRegistry;
    private Consumer<CaptureStep> steps = step -> {};

    PortCaptureBuilder(Settings settings, String port) {
        this.settings = settings;
        this.port = port;
    }

    /** The database: {@code jdbc:postgresql://host:port/database}, with any parameters of PostgreSQL's driver. Never shown with them. */
    public PortCaptureBuilder jdbc(String address) {
        this.url = address;
        return this;
    }

    /** The role that connects, if it does not stand in the address. */
    public PortCaptureBuilder user(String role) {
        this.user = Optional.of(role);
        return this;
    }

    /** Its password, if it stands neither in the address nor in {@code .pgpass}. */
    public PortCaptureBuilder password(String secret) {
        this.password = Optional.of(secret);
        return this;
    }

    /** The table with its schema: {@code public.orders}. It has a primary key. */
    public PortCaptureBuilder table(String name) {
        this.table = name;
        return this;
    }

    /** The topic that records go to, if it is not named like the port. */
    public PortCaptureBuilder topic(String name) {
        this.topic = name;
        return this;
    }

    /**
     * The publication that has the table. It is made where it does not exist and the role may. If not given: {@code mesh_shop_orders_v1} for port {@code
     * shop.orders.v1}.
     */
    public PortCaptureBuilder publication(String name) {
        this.publication = name;
        return this;
    }

    /**
     * Captures a table whose large values (TOAST) PostgreSQL does not log when an update leaves them as they were. The intake refuses such a row, and its
     * key is deleted until the row changes again. If not given: such a table is refused, unless it has {@code REPLICA IDENTITY FULL}.
     */
    public PortCaptureBuilder acceptingUnlogged() {
        this.takesUnlogged = true;
        return this;
    }

    /** Begins with another snapshot, although one is complete: where the slot was lost, the table made anew, or a column added with a default. */
    public PortCaptureBuilder again() {
        this.again = true;
        return this;
    }

    /** How many records a transaction has at the most, from 1 to 1,000,000. If not given: 50,000, and no more than 64 MiB. */
    public PortCaptureBuilder transactionRecords(int most) {
        this.records = most;
        return this;
    }

    /** For how long changes are collected before they are committed, 30 seconds at the most. If not given: 200 ms. */
    public PortCaptureBuilder commitEvery(Duration time) {
        this.interval = time;
        return this;
    }

    /**
     * How often the database is looked at, and a message is written into its log, so that PostgreSQL can forget its log although the table does not
     * change; at least 100 ms. If not given: 10 seconds.
     */
    public PortCaptureBuilder heartbeat(Duration time) {
        this.heartbeat = time;
        return this;
    }

    /** Where meters are registered. If not given: Micrometer's global registry. */
    public PortCaptureBuilder meters(MeterRegistry registry) {
        this.meters = registry;
        return this;
    }

    /** Is told of each step, and may throw: for tests of what happens then. */
    PortCaptureBuilder steps(Consumer<CaptureStep> told) {
        this.steps = told;
        return this;
    }

    /**
     * A capture that has not begun.
     *
     * @throws StartupException {@link ExitCode#CONFIGURATION} with everything that is wrong
     */
    public PortCapture build() {
        List<String> problems = new ArrayList<>();
        @Nullable PortAddress address = null;
        @Nullable TableName captured = null;
        try {
            address = PortAddress.of(port);
        } catch (DeclarationException malformed) {
            problems.addAll(malformed.problems());
        }
        DatabaseAddress database = new DatabaseAddress(url == null ? "" : url, user, password);
        if (url == null) {
            problems.add("the database's address is missing; give --jdbc or jdbc(…)");
        } else {
            problems.addAll(database.problems());
        }
        if (table == null) {
            problems.add("the table is missing; give --table or table(…)");
        } else {
            try {
                captured = TableName.of(table);
            } catch (DeclarationException malformed) {
                problems.addAll(malformed.problems());
            }
        }
        if (publication != null && !NAME.matcher(publication).matches()) {
            problems.add("a publication has a name of up to " + LONGEST_NAME + " characters without quotes and spaces");
        }
        if (records < 1 || records > MOST_RECORDS) {
            problems.add("a transaction has 1 to " + MOST_RECORDS + " records but was to have " + records);
        }
        if (interval.isNegative() || interval.compareTo(LONGEST_INTERVAL) > 0) {
            problems.add("changes are collected for up to " + LONGEST_INTERVAL.toSeconds() + " s but were to be for "
                    + interval);
        }
        if (heartbeat.compareTo(SHORTEST_HEARTBEAT) < 0) {
            problems.add(
                    "the heartbeat is at least " + SHORTEST_HEARTBEAT.toMillis() + " ms but was to be " + heartbeat);
        }
        StartupException.throwIfAny(
                ExitCode.CONFIGURATION,
                problems.stream()
                        .map(problem -> "capture into " + port + ": " + problem)
                        .toList());
        PortAddress known = requireNonNull(address);
        return new PortCapture(new CaptureOptions(
                settings,
                known,
                topic == null ? known.toString() : topic,
                new CaptureOptions.Origin(
                        database,
                        requireNonNull(captured),
                        publication == null ? name(known) : publication,
                        takesUnlogged),
                new CaptureOptions.Pace(records, BYTES, interval, heartbeat),
                again,
                meters,
                steps));
    }

    /** A capture that goes on until it is closed, on a thread of its own. */
    public PortCapture start() {
        PortCapture capture = build();
        capture.start();
        return capture;
    }

    private static String name(PortAddress port) {
        String name = "mesh_" + port.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    }
}
