package io.kappamesh.load;

import static java.util.Objects.requireNonNull;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.feed.LoadFaults;
import io.kappamesh.feed.Patience;
import io.kappamesh.feed.SourceTopic;
import io.kappamesh.postgres.Claim;
import io.kappamesh.postgres.FencedException;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.Session;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a published port into a table of PostgreSQL, exactly once: rows and the positions of the partitions they come from are written in one
 * database transaction, and only by the loader that owns the table. Reads committed records only.
 *
 * <pre>{@code
 * try (PortLoader loader = PortLoader.builder(settings, "sales.orders.v1")
 *         .jdbc("jdbc:postgresql://localhost:5432/analytics")
 *         .start()) {
 *     …
 * }
 * }</pre>
 *
 * <p>A table has the latest value of each key, be the port a table or events; a null value deletes the row. Where several loaders of one port run,
 * one of them owns the table and the others stand by. What goes away by itself (a connection, a deadlock, a full disk, brokers that are down) is
 * waited for, as long as {@code mesh.platform.timeout} allows. Thread-safe.
 */
public final class PortLoader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PortLoader.class);
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration STANDBY = Duration.ofMillis(500);
    private static final Duration TO_CLOSE = Duration.ofSeconds(15);

    private final LoadOptions options;
    private final LoadMeters meters;
    private final String owner = UUID.randomUUID().toString();
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile @Nullable Throwable failure;
    private final Patience patience;
    private volatile @Nullable Claim claimed;
    private boolean prepared;

    PortLoader(LoadOptions options) {
        this.options = options;
        this.meters = new LoadMeters(options.name(), options.meters());
        this.patience =
                new Patience("port " + options.address(), options.settings().platformTimeout(), System::nanoTime);
    }

    /**
     * Begins to say how a port is loaded.
     *
     * @param settings of the platform: brokers and registry
     * @param port its address, such as {@code sales.orders.v1}
     */
    public static PortLoaderBuilder builder(Settings settings, String port) {
        return new PortLoaderBuilder(settings, port);
    }

    /** The address of the port. */
    public PortAddress port() {
        return options.address();
    }

    /** What it does, and has done since it was started. */
    public LoadProgress progress() {
        return meters.progress();
    }

    /** Why it has ended by itself; empty = it has not. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Loads on a thread of its own until it is closed. Once only. */
    synchronized void start() {
        if (thread != null) {
            throw new IllegalStateException("port " + options.address() + ": the loader was started before");
        }
        Thread loading = new Thread(
                () -> {
                    try {
                        run();
                    } catch (Throwable ended) {
                        failure = ended;
                        LOG.error("port {}: the loader has ended", options.address(), ended);
                    }
                },
                "load-" + options.address());
        thread = loading;
        loading.setDaemon(true);
        loading.start();
    }

    /**
     * Loads on this thread until it is closed by another one, or the thread is interrupted.
     *
     * @throws LifecycleException if it cannot go on until somebody changes something; the message says what
     */
    public void run() {
        repeat(false);
    }

    /**
     * Loads everything that is committed in the topic when it begins, on this thread.
     *
     * @return false = it was closed before
     * @throws LifecycleException if it cannot go on until somebody changes something; the message says what
     */
    public boolean loadToEnd() {
        return repeat(true);
    }

    private boolean repeat(boolean toEnd) {
        Duration pause = SHORTEST;
        synchronized (this) {
            thread = Thread.currentThread();
        }
        try (SourceTopic topic = new SourceTopic(options.settings(), options.address(), options.reload());
                SchemaRegistry registry =
                        SchemaRegistry.connect(options.settings().registry())) {
            while (!isStopped()) {
                long before = meters.progress().records();
                try {
                    if (attempt(toEnd, topic, registry)) {
                        return true;
                    }
                    pause = SHORTEST;
                } catch (FencedException fenced) {
                    LOG.warn("port {}: {}", options.address(), fenced.getMessage());
                    pause = SHORTEST;
                } catch (InterruptedException | InterruptException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                } catch (SQLException | ExecutionException | RuntimeException failed) {
                    if (isStopped()) {
                        return false;
                    }
                    if (meters.progress().records() > before) {
                        pause = SHORTEST;
                    }
                    waitOut(failed, pause);
                    Duration next = pause.multipliedBy(2);
                    pause = next.compareTo(LONGEST) > 0 ? LONGEST : next;
                }
            }
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            meters.phase(LoadProgress.Phase.ENDED);
        }
    }

    /** One session: true = everything is loaded, and that was all there was to do. */
    private boolean attempt(boolean toEnd, SourceTopic topic, SchemaRegistry registry)
            throws SQLException, ExecutionException, InterruptedException {
        meters.phase(LoadProgress.Phase.STARTING);
        try (Session session = Session.open(options.target(), "mesh load " + options.name(), options.lease())) {
            new FirstLoad(options, session, topic, registry).prepare(prepared);
            prepared = true;
            LoadStates states = new LoadStates(session);
            Optional<Claim> claim = claim(states);
            if (claim.isEmpty()) {
                return false;
            }
            claimed = claim.get();
            try (LoadRun run = new LoadRun(options, session, claim.get(), topic, registry, meters, patience)) {
                meters.phase(LoadProgress.Phase.LOADING);
                if (toEnd) {
                    return run.toEnd(this::isStopped);
                }
                run.loop(this::isStopped);
                return false;
            } finally {
                session.rollBack();
                release(states, claim.get());
            }
        }
    }

    /** Empty = it was stopped before the table was free. */
    private Optional<Claim> claim(LoadStates states) throws SQLException, InterruptedException {
        while (!isStopped()) {
            Optional<Claim> claim = states.claim(options.name(), owner, options.lease());
            if (claim.isPresent()) {
                return claim;
            }
            if (meters.progress().phase() != LoadProgress.Phase.STANDBY) {
                patience.gotOn();
                LOG.info("port {}: another loader owns its table; standing by", options.address());
                meters.phase(LoadProgress.Phase.STANDBY);
            }
            if (stop.await(STANDBY.toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        return Optional.empty();
    }

    private void release(LoadStates states, Claim claim) {
        try {
            states.release(claim);
        } catch (SQLException gone) {
            LOG.debug("port {}: its claim ends with the session", options.address(), gone);
        }
    }

    private void waitOut(Exception failed, Duration pause) throws InterruptedException {
        Throwable fault =
                failed instanceof ExecutionException && failed.getCause() != null ? failed.getCause() : failed;
        Optional<String> why = LoadFaults.waitedFor(fault);
        String where = "port " + options.address();
        if (why.isEmpty()) {
            throw LoadFaults.ending(where, options.target(), options.reload(), fault);
        }
        patience.notGettingOn(why.get(), fault);
        meters.waiting(why.get());
        boolean unused = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What it loaded by last; another one's is of another epoch. */
    Claim claimed() {
        return requireNonNull(claimed, "nothing was loaded");
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /** Ends loading after the transaction that is under way, gives the table free, and returns when that is done. Idempotent. */
    @Override
    public void close() {
        stop.countDown();
        @Nullable Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join(TO_CLOSE.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        meters.close();
    }

    static PortAddress address(String port) {
        try {
            return PortAddress.of(port);
        } catch (DeclarationException malformed) {
            throw new StartupException(ExitCode.CONFIGURATION, malformed.problems());
        }
    }
}
