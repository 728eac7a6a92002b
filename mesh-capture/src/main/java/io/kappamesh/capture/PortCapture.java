package io.kappamesh.capture;

import io.kappamesh.brokers.AwaitedTopic;
import io.kappamesh.brokers.FencedWriter;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.WriterFaults;
import io.kappamesh.change.ChangeStreamException;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.database.DatabaseFaults;
import io.kappamesh.database.Slots;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.settings.Settings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures a table of PostgreSQL into a source port, exactly once: first the rows that it has, then its changes, in Debezium's format as JSON. Records and
 * the position in the database's log are written in one transaction, and PostgreSQL is told only of what is committed. Killed anywhere and started again
 * it neither repeats a change nor skips one. Of two captures of one port, the later one ends the earlier one.
 *
 * <pre>{@code
 * try (PortCapture capture = PortCapture.builder(settings, "shop.order-rows.v1")
 *         .jdbc("jdbc:postgresql://localhost:5432/shop")
 *         .user("mesh")
 *         .table("public.orders")
 *         .start()) {
 *     …
 * }
 * }</pre>
 *
 * <p>The port is a table with the format {@code DebeziumFormat.json(JsonFormat.json().epoch(ChronoUnit.MICROS).epochDays().timesOfDay(ChronoUnit.MICROS))}
 * and the keys {@code JsonKey.of("id")}, with the columns of the primary key. A truncation deletes each key that has a row. What goes away by itself (a
 * connection, a restart of PostgreSQL, brokers that are down) is waited for, as long as {@code mesh.platform.timeout} allows. Thread-safe.
 */
public final class PortCapture implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PortCapture.class);
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration TO_CLOSE = Duration.ofSeconds(30);
    private static final int LARGEST_RECORD = 16 << 20;
    private static final int MOST_UNEXPLAINED = 3;

    private final CaptureOptions options;
    private final CaptureMeters meters;
    private final RetryPolicy retries;
    private final CountDownLatch stop = new CountDownLatch(1);
    private boolean isStarted;
    private @Nullable Thread running;
    private volatile @Nullable Throwable failure;
    private long troubledSince;
    private int unexplained;

    /** What the last session could not read; empty = it ended otherwise, or the capture got on since. */
    private Optional<String> unreadable = Optional.empty();

    PortCapture(CaptureOptions options) {
        this.options = options;
        this.meters = new CaptureMeters(options.address().toString(), options.meters());
        this.retries = RetryPolicy.of(options.settings().platformTimeout());
    }

    /**
     * Begins to say how a table is captured.
     *
     * @param settings of the platform: brokers
     * @param port its address, such as {@code shop.order-rows.v1}
     */
    public static PortCaptureBuilder builder(Settings settings, String port) {
        return new PortCaptureBuilder(settings, port);
    }

    /** The address of the port. */
    public PortAddress port() {
        return options.address();
    }

    /** What it does, and has done since it was started. */
    public CaptureProgress progress() {
        return meters.progress();
    }

    /** Why it has ended by itself; empty = it has not. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Captures on a thread of its own until it is closed. Once only. */
    synchronized void start() {
        if (isStarted) {
            throw new IllegalStateException(options.where() + "the capture was started before");
        }
        Thread capturing = new Thread(
                () -> {
                    try {
                        run();
                    } catch (Throwable ended) {
                        failure = ended;
                        LOG.error("{}the capture has ended", options.where(), ended);
                    }
                },
                "capture-" + options.address());
        isStarted = true;
        running = capturing;
        capturing.setDaemon(true);
        capturing.start();
    }

    /**
     * Captures on this thread until it is closed by another one, or the thread is interrupted.
     *
     * @throws LifecycleException if it cannot go on until somebody changes something; the message says what
     * @throws StartupException with everything that is wrong with the database, and the SQL that mends it
     */
    public void run() {
        boolean unused = repeat(false);
    }

    /**
     * Captures everything that is committed in the database when it begins, on this thread.
     *
     * @return false = it was closed before
     * @throws LifecycleException if it cannot go on until somebody changes something; the message says what
     * @throws StartupException with everything that is wrong with the database, and the SQL that mends it
     */
    public boolean captureToEnd() {
        return repeat(true);
    }

    private boolean repeat(boolean toEnd) {
        synchronized (this) {
            running = Thread.currentThread();
        }
        try (Admin admin = LazyAdmin.of(options.settings().admin())) {
            AwaitedTopic records = new AwaitedTopic(
                    options.topic(),
                    options.where() + "topic " + options.topic()
                            + " does not exist; provision the product that reads it");
            String topicId = retries.await("the brokers", () -> {
                String id = records.description(admin).topicId().toString();
                CaptureTopic.ensure(admin, options.address());
                return id;
            });
            String cluster = retries.await(
                    "the brokers", () -> admin.describeCluster().clusterId().get());
            try (FencedWriter writer = takeOver()) {
                options.steps().accept(CaptureStep.FENCED);
                Optional<CapturePosition> known = retries.await(
                        "the brokers, to read how far the table is",
                        () -> CaptureTopic.read(
                                admin, options.address(), options.settings().client()));
                return sessions(
                        new CaptureSession.Run(
                                options,
                                admin,
                                writer,
                                meters,
                                this::isStopped,
                                this::asksAgain,
                                topicId,
                                Slots.base(options.address().toString(), cluster)),
                        known,
                        toEnd);
            }
        } catch (InterruptedException | InterruptException interrupted) {
            if (!isStopped()) {
                Thread.currentThread().interrupt();
            }
            return false;
        } finally {
            meters.phase(CaptureProgress.Phase.ENDED);
            synchronized (this) {
                running = null;
            }
        }
    }

    private FencedWriter takeOver() throws InterruptedException {
        try {
            return retries.await(
                    "the brokers, to take over the port",
                    () -> FencedWriter.open(
                            options.faults(),
                            options.settings().client(),
                            CaptureTopic.of(options.address()),
                            LARGEST_RECORD));
        } catch (KafkaException failed) {
            throw options.faults().ending(failed);
        }
    }

    private boolean sessions(CaptureSession.Run run, Optional<CapturePosition> known, boolean toEnd)
            throws InterruptedException {
        Optional<CapturePosition> committed = known;
        boolean anew = options.again();
        Duration pause = SHORTEST;
        while (!isStopped()) {
            CaptureSession session = new CaptureSession(run);
            Throwable fault;
            try {
                return session.capture(committed, anew, toEnd);
            } catch (ChangeStreamException failed) {
                fault = failed;
            } catch (KafkaException failed) {
                if (failed instanceof InterruptException) {
                    throw failed;
                }
                fault = run.writer().behind(failed);
            } catch (SQLException | ExecutionException failed) {
                fault = failed;
            } catch (InterruptedException | RuntimeException ending) {
                run.writer().abandon();
                throw ending;
            }
            CapturePosition now = session.committed();
            if (now != null) {
                anew = false;
                if (session.hasGotOn()) {
                    troubledSince = 0;
                    unexplained = 0;
                    if (now.complete()) {
                        unreadable = Optional.empty();
                    }
                    pause = SHORTEST;
                }
                committed = Optional.of(now);
            }
            if (isStopped()) {
                run.writer().abandon();
                return false;
            }
            waitOut(run.writer(), fault, pause);
            Duration next = pause.multipliedBy(2);
            pause = next.compareTo(LONGEST) > 0 ? LONGEST : next;
        }
        return false;
    }

    private void waitOut(FencedWriter writer, Throwable fault, Duration pause) throws InterruptedException {
        Optional<String> before = unreadable;
        unreadable = fault instanceof ChangeStreamException stream ? stream.unreadable() : Optional.empty();
        if (unreadable.isPresent() && unreadable.equals(before)) {
            writer.abandon();
            // Without the cause, which may show the value.
            throw options.refused("a row has a value that no record can hold (" + unreadable.get()
                    + "), such as NaN in an array of numerics, or an array of arrays; what was committed before its"
                    + " transaction is captured. Change the value, and say --again");
        }
        boolean ofDatabase = fault instanceof SQLException || fault instanceof ChangeStreamException;
        Optional<String> why = ofDatabase ? DatabaseFaults.waitedFor(fault) : WriterFaults.waitedFor(fault);
        if (unreadable.isPresent()) {
            // It may be a connection that was lost while it was converted; the next session finds out.
            why = Optional.of("another attempt to read " + unreadable.get());
        }
        if (why.isEmpty()
                && fault instanceof ChangeStreamException
                && !DatabaseFaults.isExplained(fault)
                && ++unexplained <= MOST_UNEXPLAINED) {
            // An engine that starts while the server goes away does not say so; the next session finds out.
            why = Optional.of(Causes.of(fault));
        }
        if (why.isEmpty()) {
            writer.abandon();
            throw ofDatabase
                    ? DatabaseFaults.ending(options.where(), options.origin().database(), fault)
                    : options.faults().ending(fault);
        }
        if (troubledSince == 0) {
            troubledSince = System.nanoTime();
            LOG.warn("{}waiting for {}", options.where(), why.get());
        }
        if (isOver(troubledSince)) {
            writer.abandon();
            throw new LifecycleException(
                    ExitCode.PLATFORM,
                    options.where() + "waited for " + why.get() + "; repair it, or allow more time with"
                            + " mesh.platform.timeout, and start the capture again: it goes on where it was committed",
                    fault);
        }
        meters.waiting(why.get());
        boolean unused = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        writer.abort(
                fault instanceof KafkaException known ? known : new KafkaException(why.get(), fault),
                waited -> !isStopped() && !isOver(troubledSince));
    }

    private boolean asksAgain(Duration waited) {
        meters.waiting("the answer to a commit");
        return !isStopped() && !isOver(System.nanoTime() - waited.toNanos());
    }

    private boolean isOver(long since) {
        return options.settings()
                .platformTimeout()
                .filter(limit -> System.nanoTime() - since > limit.toNanos())
                .isPresent();
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /** Ends after committing what was read, and returns when that is done. Idempotent. */
    @Override
    public void close() {
        stop.countDown();
        retries.stop();
        @Nullable Thread capturing;
        synchronized (this) {
            capturing = running;
        }
        if (capturing != null && capturing != Thread.currentThread()) {
            try {
                capturing.join(TO_CLOSE.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        meters.close();
    }
}
