package io.kappamesh.capture;

import static java.util.Objects.requireNonNull;

import io.kappamesh.brokers.FencedWriter;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.change.Change;
import io.kappamesh.change.ChangeStream;
import io.kappamesh.database.CapturedTable;
import io.kappamesh.database.DatabaseCheck;
import io.kappamesh.database.Lsn;
import io.kappamesh.database.Slots;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures from one position on, until something fails. Changes are counted within their transaction of the database, so that a position may stand in the
 * middle of a large one; PostgreSQL is only told of ends of transactions that are committed. One thread, used once.
 */
final class CaptureSession {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureSession.class);
    private static final Duration GLANCE = Duration.ofMillis(50);

    /** A transaction that is open for longer may be taken back by the brokers. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

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

    private final Run run;
    private final CaptureOptions options;
    private final FencedWriter writer;
    private final CaptureMeters meters;
    private final String target = UUID.randomUUID().toString();

    private @Nullable CapturePosition committed;
    private @Nullable ChangeStream stream;

    /** Keys of which the topic has a row, and the snapshot has none so far. */
    private Set<ByteBuffer> live = Set.of();

    private boolean isReading;
    private boolean isStarted;
    private long from;

    private boolean inTransaction;
    private long transaction;
    private long events;
    private long againLeft;
    private long behind;
    private Change.@Nullable Ended ended;
    private boolean isTarget;
    private boolean isReached;

    private long began;
    private int records;
    private long bytes;
    private long rows;
    private long changes;
    private long deleted;
    private long lastLook;
    private long lastCommit;
    private boolean hasGotOn;

    CaptureSession(Run run) {
        this.run = run;
        this.options = run.options();
        this.writer = run.writer();
        this.meters = run.meters();
    }

    /** What is committed; null = nothing was when it ended. */
    @Nullable CapturePosition committed() {
        return committed;
    }

    /** Whether something was captured, so that what it waited for before is over. */
    boolean hasGotOn() {
        return hasGotOn;
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
            CapturePosition begun = begun(known, anew, table, slots);
            claim(begun);
            slots.free();
            slots.dropAllBut(begun.complete() ? begun.snapshot() : 0);
            options.steps().accept(CaptureStep.CLAIMED);
            isReading = !begun.complete();
            behind = begun.lsn();
            againLeft = begun.events();
            if (isReading) {
                live = LiveKeys.of(
                        run.admin(), options.topic(), options.settings().client());
                meters.expected(table.rows());
            }
            try (ChangeStream changing = new ChangeStream(
                    options.address().toString(),
                    origin.database(),
                    origin.table(),
                    table,
                    origin.publication(),
                    slots.name(begun.snapshot()),
                    isReading ? OptionalLong.empty() : OptionalLong.of(begun.lsn()))) {
                stream = changing;
                return loop(changing, check, table, slots, toEnd);
            } finally {
                dropUnfinished(slots);
            }
        }
    }

    /** A slot whose snapshot is not complete is of no use to anybody, and would keep the database's log for ever. */
    private void dropUnfinished(Slots slots) {
        CapturePosition last = requireNonNull(committed);
        if (!last.complete()) {
            try {
                slots.drop(last.snapshot());
            } catch (SQLException gone) {
                LOG.debug("{}the next capture drops its slot", options.where(), gone);
            }
        }
    }

    private CapturePosition begun(Optional<CapturePosition> known, boolean anew, CapturedTable table, Slots slots)
            throws SQLException, ExecutionException, InterruptedException {
        CapturePosition.Source source =
                CapturePosition.Source.of(table, options.origin().table().toString());
        if (known.isEmpty()) {
            if (!anew
                    && TopicEnds.written(run.admin(), List.of(options.topic())).values().stream()
                            .anyMatch(end -> end > 0)) {
                throw refused("topic " + options.topic()
                        + " has records, and no capture has written them; capture into an empty topic, or say --again, which"
                        + " makes it what the table is and deletes all other keys");
            }
            return CapturePosition.begun(1, source, run.topicId());
        }
        CapturePosition position = known.get();
        if (anew || !position.complete()) {
            return CapturePosition.begun(position.snapshot() + 1, source, run.topicId());
        }
        if (!position.topicId().equals(run.topicId())) {
            throw refused("topic " + options.topic() + " was made anew since, and its rows are gone; --again writes them all");
        }
        if (!position.source().equals(source)) {
            throw refused(different(position.source(), source));
        }
        String since = "since position " + Lsn.text(position.lsn()) + " of the database's log";
        Slots.Slot slot = slots.find(position.snapshot())
                .orElseThrow(() -> refused("slot " + slots.name(position.snapshot()) + " is gone, and with it the changes "
                        + since + "; nothing is written that would hide the gap. --again makes another snapshot, and deletes"
                        + " what the table does not have any more"));
        if (slot.lost()) {
            throw refused("PostgreSQL has removed what slot " + slot.name() + " needs (max_slot_wal_keep_size), and with it"
                    + " changes " + since + "; --again makes another snapshot, and deletes what the table does not have any"
                    + " more");
        }
        if (slot.confirmed() > position.lsn()) {
            throw refused("slot " + slot.name() + " begins at " + Lsn.text(slot.confirmed())
                    + ": somebody else has read it, or made it anew, and changes " + since
                    + " are gone; --again makes another snapshot, and deletes what the table does not have any more");
        }
        return position;
    }

    private String different(CapturePosition.Source was, CapturePosition.Source is) {
        String what;
        if (!was.system().equals(is.system()) || !was.database().equals(is.database())) {
            what = "another database (server " + was.system() + ", database " + was.database() + ")";
        } else if (!was.table().equals(is.table())) {
            what = "table " + was.table();
        } else if (was.oid() != is.oid()) {
            what = "a table of this name that was dropped since";
        } else {
            what = "a table whose primary key was " + was.key();
        }
        return "was captured from " + what + ", and " + is.table() + " with the key " + is.key()
                + " is another one; --again makes a snapshot of it, and deletes what it does not have";
    }

    private LifecycleException refused(String why) {
        return new LifecycleException(ExitCode.CONTRACT, options.where() + why);
    }

    /** Fails if another capture has begun: then its slots are left alone. */
    private void claim(CapturePosition position) {
        writer.begin();
        writer.send(CaptureTopic.record(options.address(), position));
        writer.commit(run.asksAgain());
        committed = position;
    }

    private boolean loop(
            ChangeStream changing, DatabaseCheck check, CapturedTable table, Slots slots, boolean toEnd)
            throws SQLException, ExecutionException, InterruptedException {
        lastCommit = System.nanoTime();
        while (true) {
            if (!isStarted && changing.isStarted()) {
                started(slots);
            }
            for (Change change : changing.poll(GLANCE)) {
                take(change);
            }
            if (run.stopped().getAsBoolean()) {
                settle();
                return false;
            }
            if (toEnd && isReached) {
                settle();
                return true;
            }
            commitIfDue();
            look(check, table, slots);
        }
    }

    private void started(Slots slots) throws SQLException {
        isStarted = true;
        lastLook = System.nanoTime();
        if (isReading) {
            from = slots.find(requireNonNull(committed).snapshot())
                    .orElseThrow(() -> refused("its slot is gone while the snapshot begins; start the capture again"))
                    .confirmed();
            meters.phase(CaptureProgress.Phase.SNAPSHOT);
        } else {
            meters.phase(CaptureProgress.Phase.CHANGES);
        }
        slots.ping(target);
    }

    private void look(DatabaseCheck check, CapturedTable table, Slots slots) throws SQLException {
        if (!isStarted || since(lastLook).compareTo(options.pace().heartbeat()) < 0) {
            return;
        }
        lastLook = System.nanoTime();
        if (!check.isStill(table)) {
            throw refused("table " + options.origin().table() + " was dropped, renamed, made anew, or taken out of publication "
                    + options.origin().publication() + "; changes up to then are captured. --again makes a snapshot of what is"
                    + " there now");
        }
        slots.ping(target);
        if (!isReading) {
            meters.behind(Math.max(0, slots.behind(behind)));
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private void take(Change change) throws ExecutionException, InterruptedException {
        if (change instanceof Change.Row row && row.isSnapshot()) {
            rows++;
            live.remove(send(row));
            commitIfFull();
            return;
        }
        if (isReading) {
            complete();
        }
        if (change instanceof Change.Row row) {
            if (!isAgain(row.transaction())) {
                ByteBuffer unused = send(row);
                if (row.isDeleted()) {
                    deleted++;
                } else {
                    changes++;
                }
                commitIfFull();
            }
        } else if (change instanceof Change.Truncated truncation) {
            if (!isAgain(truncation.transaction())) {
                truncate(truncation);
            }
        } else if (change instanceof Change.Begun) {
            inTransaction = true;
            events = 0;
        } else if (change instanceof Change.Message message) {
            isTarget |= message.content().equals(target);
        } else if (change instanceof Change.Ended end) {
            ended(end);
        }
    }

    /** All rows of the snapshot are there: what the topic has beyond them is deleted, and the position begins. */
    private void complete() {
        options.steps().accept(CaptureStep.SNAPSHOT_READ);
        deleteAll(live, System.currentTimeMillis());
        live = Set.of();
        isReading = false;
        behind = from;
        begin();
        commit(requireNonNull(committed).completed(from));
        meters.phase(CaptureProgress.Phase.CHANGES);
    }

    private void deleteAll(Set<ByteBuffer> keys, long at) {
        for (ByteBuffer key : keys) {
            begin();
            put(deletion(key.array(), at));
            deleted++;
            commitIfFull();
        }
    }

    /** Each key that has a row is deleted. Done in part and begun again, it deletes the others. */
    private void truncate(Change.Truncated truncation) throws ExecutionException, InterruptedException {
        events--;
        if (writer.isOpen()) {
            commit(next());
        }
        deleteAll(
                new HashSet<>(LiveKeys.of(
                        run.admin(), options.topic(), options.settings().client())),
                truncation.at());
        events++;
        begin();
    }

    /** Counts a change within its transaction, and says whether it is captured already. */
    private boolean isAgain(long itsTransaction) {
        events++;
        transaction = itsTransaction;
        if (againLeft == 0) {
            return false;
        }
        if (itsTransaction != requireNonNull(committed).transaction()) {
            throw gap();
        }
        againLeft--;
        meters.again();
        return true;
    }

    private LifecycleException gap() {
        return refused("PostgreSQL does not send again what the capture has committed in part (transaction "
                + requireNonNull(committed).transaction()
                + "), so that changes are missing; --again makes another snapshot, and deletes what the table does not have any"
                + " more");
    }

    private void ended(Change.Ended end) {
        if (end.lsn() <= behind) {
            throw refused("PostgreSQL sends a transaction again (" + Lsn.text(end.lsn())
                    + ") that is captured as a whole; nothing of it is written");
        }
        if (againLeft > 0 && events > 0) {
            throw gap();
        }
        behind = end.lsn();
        ended = end;
        inTransaction = false;
        events = 0;
        transaction = 0;
        isReached |= isTarget;
        if (writer.isOpen() && since(began).compareTo(options.pace().interval()) >= 0) {
            commit(next());
        }
    }

    private ByteBuffer send(Change.Row row) {
        byte[] key = row.key();
        if (key == null) {
            throw refused("table " + options.origin().table()
                    + " has no primary key any more, by which its rows are known; give it one, and say --again");
        }
        begin();
        put(new ProducerRecord<>(options.topic(), null, (Long) row.at(), key, row.value()));
        if (row.isDeleted()) {
            put(deletion(key, row.at()));
        }
        return ByteBuffer.wrap(key);
    }

    private ProducerRecord<byte[], byte[]> deletion(byte[] key, long at) {
        return new ProducerRecord<>(options.topic(), (Integer) null, (Long) at, key, null);
    }

    private void put(ProducerRecord<byte[], byte[]> record) {
        records++;
        bytes += record.key().length + (record.value() == null ? 0 : record.value().length);
        writer.send(record);
    }

    private void begin() {
        if (!writer.isOpen()) {
            writer.begin();
            began = System.nanoTime();
            records = 0;
            bytes = 0;
            options.steps().accept(CaptureStep.BEGUN);
        }
    }

    private void commitIfFull() {
        if (writer.isOpen()
                && (records >= options.pace().records()
                        || bytes >= options.pace().bytes()
                        || since(began).compareTo(LONGEST) >= 0)) {
            commit(next());
        }
    }

    private void commitIfDue() {
        commitIfFull();
        boolean atEnd = !inTransaction && !isReading;
        if (atEnd && writer.isOpen() && since(began).compareTo(options.pace().interval()) >= 0) {
            commit(next());
        }
        if (atEnd && hasMoved() && since(lastCommit).compareTo(options.pace().heartbeat()) >= 0) {
            begin();
            commit(next());
        }
    }

    /** Whether transactions have ended that concern another table. */
    private boolean hasMoved() {
        return !writer.isOpen() && behind > requireNonNull(committed).lsn();
    }

    /** Commits what there is, because it ends. */
    private void settle() {
        if (!inTransaction && !isReading && hasMoved()) {
            begin();
        }
        if (writer.isOpen()) {
            commit(next());
        }
    }

    private CapturePosition next() {
        CapturePosition last = requireNonNull(committed);
        if (isReading) {
            return last;
        }
        return inTransaction && events > 0 ? last.at(behind, transaction, events) : last.at(behind, 0, 0);
    }

    private void commit(CapturePosition next) {
        options.steps().accept(CaptureStep.RECORDS_SENT);
        writer.send(CaptureTopic.record(options.address(), next));
        options.steps().accept(CaptureStep.POSITION_SENT);
        writer.commit(run.asksAgain());
        committed = next;
        lastCommit = System.nanoTime();
        hasGotOn = true;
        meters.phase(isReading ? CaptureProgress.Phase.SNAPSHOT : CaptureProgress.Phase.CHANGES);
        meters.committed(rows, changes, deleted);
        rows = 0;
        changes = 0;
        deleted = 0;
        options.steps().accept(CaptureStep.COMMITTED);
        confirm();
    }

    private void confirm() {
        Change.@Nullable Ended known = ended;
        if (known == null) {
            return;
        }
        ended = null;
        try {
            requireNonNull(stream).confirm(known);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        options.steps().accept(CaptureStep.CONFIRMED);
    }
}
