package io.kappamesh.load;

import static java.util.Objects.requireNonNull;

import io.kappamesh.columns.Declaration;
import io.kappamesh.columns.Identifiers;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.postgres.Target;
import io.kappamesh.postgres.WriteStep;
import io.kappamesh.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a port is loaded into PostgreSQL. Its table is {@code orders_v1} in the schema {@code sales} for port {@code sales.orders.v1}, and the view
 * {@code sales.orders} shows it. One thread at a time.
 */
public final class PortLoaderBuilder {
    /** About 32 MiB. */
    private static final long BATCH_BYTES = 32L << 20;

    private static final int BATCH_RECORDS = 15_000;
    private static final int MOST_RECORDS = 1_000_000;
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration STATEMENT = Duration.ofMinutes(10);

    private final Settings settings;
    private final String port;
    private @Nullable String url;
    private @Nullable String user;
    private @Nullable String password;
    private @Nullable String schema;
    private @Nullable String view;
    private boolean hasView = true;
    private boolean takesView;
    private Declaration children = Declaration.UNSAID;
    private boolean acceptsGap;
    private long batchBytes = BATCH_BYTES;
    private int batchRecords = BATCH_RECORDS;
    private Duration wait = WAIT;
    private Duration lease = LEASE;
    private Duration statement = STATEMENT;
    private MeterRegistry meters = Metrics.globalRegistry;
    private Consumer<WriteStep> steps = step -> {};

    PortLoaderBuilder(Settings settings, String port) {
        this.settings = settings;
        this.port = port;
    }

    /** The database: {@code jdbc:postgresql://host:5432/database}, with any parameters of PostgreSQL's driver. Never shown with them. */
    public PortLoaderBuilder jdbc(String address) {
        this.url = address;
        return this;
    }

    /** The role that connects, if it does not stand in the address. */
    public PortLoaderBuilder user(String role) {
        this.user = role;
        return this;
    }

    /** Its password, if it stands neither in the address nor in {@code .pgpass}. */
    public PortLoaderBuilder password(String secret) {
        this.password = secret;
        return this;
    }

    /** The schema that holds tables, views and positions; it is created if need be. If not given: the domain's name. */
    public PortLoaderBuilder schema(String name) {
        this.schema = name;
        return this;
    }

    /** The view's name. If not given: the port's name without its version. Only where nothing was loaded before. */
    public PortLoaderBuilder view(String name) {
        this.view = name;
        return this;
    }

    /** Makes no view. */
    public PortLoaderBuilder withoutView() {
        this.hasView = false;
        return this;
    }

    /** Lets the view show this port, if it shows another one: for example when a new major version takes the place of the old. */
    public PortLoaderBuilder takingView() {
        this.takesView = true;
        return this;
    }

    /**
     * Gives fields that are arrays tables of their own: {@code sales.orders_v1_lines} for {@code child("lines")} of {@code sales.orders.v1}, with a row for each element, and the
     * view {@code sales.orders_lines}. The column of such a field has the number of elements, null for a null. Where the port was loaded before, the fields have to be those
     * of then, or not to be named at all; {@link #reload} changes them, and keeps them where none are named.
     *
     * @param fields of the contract; may be called several times
     */
    public PortLoaderBuilder child(String... fields) {
        this.children = children.with(List.of(fields));
        return this;
    }

    /** Has no child tables, also where there were some: for {@link #reload}. */
    public PortLoaderBuilder withoutChildren() {
        this.children = children.without();
        return this;
    }

    /** Goes on behind records that were deleted from the topic before they were loaded, which is an error otherwise. */
    public PortLoaderBuilder acceptingGap() {
        this.acceptsGap = true;
        return this;
    }

    /** How many records a batch has at the most, from 1 to 1,000,000. If not given: 15,000. */
    public PortLoaderBuilder batchRecords(int records) {
        this.batchRecords = records;
        return this;
    }

    /**
     * About how many bytes of memory a batch takes at the most, from 1 MiB; one record more is always taken. Two batches may be in memory: one is written
     * while the next one is read. If not given: 32 MiB.
     */
    public PortLoaderBuilder batchBytes(long bytes) {
        this.batchBytes = bytes;
        return this;
    }

    /** For how long records are gathered before they are written, if a batch is not full before. If not given: 200 ms. */
    public PortLoaderBuilder writeEvery(Duration interval) {
        this.wait = interval;
        return this;
    }

    /**
     * For how long a loader may not be heard of before another one takes over its table, at least a second. One whose session has ended is
     * succeeded at once. If not given: 30 s.
     */
    public PortLoaderBuilder lease(Duration duration) {
        this.lease = duration;
        return this;
    }

    /** For how long a statement may take before it is given up and repeated, at least a second. If not given: 10 minutes. */
    public PortLoaderBuilder statementTimeout(Duration duration) {
        this.statement = duration;
        return this;
    }

    /** Where meters are registered. If not given: Micrometer's global registry. */
    public PortLoaderBuilder meters(MeterRegistry registry) {
        this.meters = registry;
        return this;
    }

    /** Is told of each step of writing, and may throw: for tests of what happens then. */
    PortLoaderBuilder steps(Consumer<WriteStep> watching) {
        this.steps = watching;
        return this;
    }

    /**
     * A loader that is not started yet: {@link PortLoader#run}.
     *
     * @throws StartupException with everything that is wrong
     */
    public PortLoader build() {
        return new PortLoader(options());
    }

    /** A loader that loads until it is closed, on a thread of its own. */
    public PortLoader start() {
        PortLoader loader = build();
        loader.start();
        return loader;
    }

    /**
     * Compares the table with its topic, key by key, at the positions that stand beside the table. A loader may go on meanwhile. Changes nothing.
     * Needs room on the local disk for the keys and latest values of the topic.
     *
     * @throws LifecycleException when it cannot be done, with what to do next
     */
    public LoadVerification verify(Progress progress) {
        return new LoadVerifier(options()).verify(progress);
    }

    /**
     * Builds the table again from the topic, beside the one that is read, and puts it in its place in one transaction. A loader that runs meanwhile
     * goes on afterwards, with the new table. What others were granted on the table, and its indexes, are made anew too.
     *
     * @param forgets whether rows may go whose records the topic has forgotten
     * @return what was loaded
     * @throws LifecycleException when it cannot be done, with what to do next; the old table stays
     */
    public LoadProgress reload(boolean forgets, Progress progress) {
        return new PortReload(options()).reload(forgets, progress);
    }

    LoadOptions options() {
        List<String> problems = new ArrayList<>();
        PortAddress address = PortLoader.address(port);
        if (url == null) {
            problems.add("port " + address + ": the database's address is missing; give --jdbc or jdbc(…)");
        }
        if (batchRecords < 1 || batchRecords > MOST_RECORDS) {
            problems.add("port " + address + ": a batch must have from 1 to " + MOST_RECORDS + " records but has "
                    + batchRecords);
        }
        if (batchBytes < 1 << 20) {
            problems.add("port " + address + ": a batch must take at least 1 MiB but takes " + batchBytes + " bytes");
        }
        if (wait.isNegative()) {
            problems.add("port " + address + ": records cannot be gathered for " + wait);
        }
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            problems.add("port " + address + ": the lease must be at least a second but is " + lease);
        }
        if (statement.compareTo(Duration.ofSeconds(1)) < 0) {
            problems.add("port " + address + ": a statement must be given at least a second but is given " + statement);
        }
        children.problems().forEach(problem -> problems.add("port " + address + ": " + problem));
        StartupException.throwIfAny(ExitCode.CONFIGURATION, problems);
        String name = Identifiers.of(address.name());
        String table = Identifiers.limited(name + "_v" + address.major(), address.toString());
        Optional<LoadOptions.View> shown =
                hasView ? Optional.of(new LoadOptions.View(view == null ? name : view, takesView)) : Optional.empty();
        return new LoadOptions(
                settings,
                address,
                address.toString(),
                new Target(
                        requireNonNull(url, "url"),
                        user,
                        password,
                        schema == null ? Identifiers.of(address.domain()) : schema,
                        statement),
                table,
                shown,
                children,
                new LoadOptions.Batching(batchBytes, batchRecords, wait),
                lease,
                acceptsGap,
                meters,
                steps);
    }
}
