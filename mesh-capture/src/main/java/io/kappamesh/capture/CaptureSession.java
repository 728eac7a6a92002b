package io.kappamesh.capture;

import io.kappamesh.brokers.FencedWriter;
import io.kappamesh.change.Change;
import io.kappamesh.change.ChangeStream;
import io.kappamesh.change.ChangeStreamException;
import io.kappamesh.database.CapturedTable;
import io.kappamesh.database.DatabaseCheck;
import io.kappamesh.database.Slots;
import io.kappamesh.failure.LifecycleException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures from one position on, with one engine, until something fails. One thread, used once.
 */
final class CaptureSession {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureSession.class);
    private static final Duration GLANCE = Duration.ofMillis(50);

    /** Of one run of a port, over all sessions. */
    record Run(
            CaptureOptions options,
            Admin admin,
            FencedWriter writer,
            CaptureMeters meters,
            BooleanSupplier stopped,
            Predicate<Duration> asksAgain,
            String topicId,
            String slots) {}

    /** What asks the database. */
    private record Database(DatabaseCheck check, CapturedTable table, Slots slots) {}

    private final Run run;
    private final CaptureOptions options;
    private final CaptureMeters meters;

    /** A message in the database's log. */
    private final String target = UUID.randomUUID().toString();

    private @Nullable CapturePosition begun;
    private @Nullable ChangeWriter changes;
    private boolean isStarted;
    private long lastLook = System.nanoTime();

    CaptureSession(Run run) {
        this.run = run;
        this.options = run.options();
        this.meters = run.meters();
    }

    /** What is committed; null = nothing was when it ended. */
    @Nullable
    CapturePosition committed() {
        ChangeWriter known = changes;
        return known == null ? begun : known.committed();
    }

    /** Whether something was captured, so that what it waited for before is over. */
    boolean hasGotOn() {
        ChangeWriter known = changes;
        return known != null && known.hasCommitted();
    }

    /**
     * Captures.
     *
     * @param known what was committed before
     * @param anew whether it begins with another snapshot
     * @param toEnd whether it ends with what is committed in the database when it begins
     * @return false = it was stopped before
     */
    boolean capture(Optional<CapturePosition> known, boolean anew, boolean toEnd)
            throws SQLException, ExecutionException, InterruptedException {
        meters.phase(CaptureProgress.Phase.STARTING);
        CaptureOptions.Origin origin = options.origin();
        try (Connection connection = origin.database().connect("mesh capture " + options.address())) {
            DatabaseCheck check = new DatabaseCheck(
                    options.where(), connection, origin.table(), origin.publication(), origin.takesUnlogged());
            CapturedTable table = check.require();
            Slots slots = new Slots(connection, run.slots());
            CapturePosition position =
                    new CaptureStart(options, run.admin(), run.topicId(), table, slots).begin(known, anew);
            claim(position);
            slots.free(position.snapshot());
            slots.dropBefore(position.snapshot());
            options.steps().accept(CaptureStep.CLAIMED);
            return capture(position, new Database(check, table, slots), toEnd);
        }
    }

    /** Fails if another capture has begun: then its slots are left alone. */
    private void claim(CapturePosition position) {
        run.writer().begin();
        run.writer().send(CaptureTopic.record(options.address(), position));
        run.writer().commit(run.asksAgain());
        begun = position;
    }

    private boolean capture(CapturePosition position, Database database, boolean toEnd)
            throws SQLException, ExecutionException, InterruptedException {
        Set<Bytes> live = Set.of();
        if (!position.complete()) {
            live = LiveKeys.of(run.admin(), options.topic(), options.settings().client());
            meters.expected(database.table().rows());
        }
        CaptureOptions.Origin origin = options.origin();
        try (ChangeStream stream = new ChangeStream(
                options.address().toString(),
                origin.database(),
                origin.table(),
                database.table(),
                origin.publication(),
                database.slots().name(position.snapshot()),
                position.complete() ? OptionalLong.of(position.lsn()) : OptionalLong.empty())) {
            ChangeWriter writer = new ChangeWriter(run, position, live, target, stream::confirm);
            changes = writer;
            try {
                return loop(stream, writer, database, toEnd);
            } catch (SQLException | ChangeStreamException failed) {
                // A database that does not answer takes its time to be left, and brokers take long transactions back.
                try {
                    run.writer().abort(new KafkaException(failed), run.asksAgain());
                } catch (LifecycleException notAborted) {
                    notAborted.addSuppressed(failed);
                    throw notAborted;
                }
                throw failed;
            }
        } finally {
            dropUnfinished(database.slots());
        }
    }

    /** A slot whose snapshot is not complete is of no use to anybody, and would keep the database's log for ever. */
    private void dropUnfinished(Slots slots) throws InterruptedException {
        CapturePosition last = committed();
        if (last != null && !last.complete()) {
            try {
                slots.drop(last.snapshot());
            } catch (SQLException gone) {
                LOG.debug("{}the next capture drops its slot", options.where(), gone);
            }
        }
    }

    private boolean loop(ChangeStream stream, ChangeWriter writer, Database database, boolean toEnd)
            throws SQLException, ExecutionException, InterruptedException {
        while (true) {
            var polled = stream.poll(GLANCE);
            // Before they are taken: what follows the snapshot needs to know where its slot begins.
            if (!isStarted && stream.isStarted()) {
                started(writer, database.slots());
            }
            for (Change change : polled) {
                writer.take(change);
            }
            if (run.stopped().getAsBoolean()) {
                if (!isStarted && writer.isReading()) {
                    // It waits for its slot, and cannot be stopped while it does.
                    database.slots().drop(writer.committed().snapshot());
                }
                writer.settle();
                return false;
            }
            if (toEnd && writer.isReached()) {
                writer.settle();
                requireUnchanged(database);
                return true;
            }
            writer.commitIfDue();
            look(writer, database);
        }
    }

    private void started(ChangeWriter writer, Slots slots) throws SQLException {
        isStarted = true;
        lastLook = System.nanoTime();
        if (writer.isReading()) {
            writer.snapshotAt(slots.find(writer.committed().snapshot())
                    .orElseThrow(() ->
                            options.refused("its slot is gone while the snapshot begins; start the capture again"))
                    .confirmed());
            meters.phase(CaptureProgress.Phase.SNAPSHOT);
        } else {
            meters.phase(CaptureProgress.Phase.CHANGES);
        }
        slots.ping(target);
    }

    /** Otherwise changes may have been left out of what is captured. */
    private void requireUnchanged(Database database) throws SQLException {
        Optional<String> changed = database.check().changed(database.table());
        if (changed.isPresent()) {
            throw options.refused(changed.get() + ". --again makes a snapshot of what is there now");
        }
    }

    /** Also while the engine starts, which may not notice that the server has gone away meanwhile. */
    private void look(ChangeWriter writer, Database database) throws SQLException {
        if (System.nanoTime() - lastLook < options.pace().heartbeat().toNanos()) {
            return;
        }
        lastLook = System.nanoTime();
        writer.commitOpen();
        requireUnchanged(database);
        if (!isStarted) {
            return;
        }
        database.slots().ping(target);
        if (!writer.isReading()) {
            meters.behind(Math.max(0, database.slots().behind(writer.behind())));
        }
    }
}
