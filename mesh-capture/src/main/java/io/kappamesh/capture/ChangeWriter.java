package io.kappamesh.capture;

import io.kappamesh.brokers.FencedWriter;
import io.kappamesh.change.Change;
import io.kappamesh.database.Lsn;
import io.kappamesh.failure.LifecycleException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes and their position in transactions. Changes are counted within their transaction of the database, so that a position may stand in the
 * middle of a large one. One thread, used for one session.
 */
final class ChangeWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeWriter.class);

    /** A transaction that is open for longer may be taken back by the brokers. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final CaptureOptions options;
    private final Admin admin;
    private final FencedWriter writer;
    private final CaptureMeters meters;
    private final Predicate<Duration> asksAgain;
    private final String target;
    private final Consumer<Change.Ended> confirming;

    private CapturePosition committed;

    /** Keys of which the topic has a row, and the snapshot has none so far. */
    private Set<Bytes> live;

    private boolean isReading;
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
    private long commits;
    private long lastCommit = System.nanoTime();

    /**
     * @param begun that is committed
     * @param live keys of which the topic has a row, if a snapshot begins
     * @param target a message in the database's log behind which it has caught up
     * @param confirming tells PostgreSQL of a transaction that is committed as a whole
     */
    ChangeWriter(
            CaptureSession.Run run,
            CapturePosition begun,
            Set<Bytes> live,
            String target,
            Consumer<Change.Ended> confirming) {
        this.options = run.options();
        this.admin = run.admin();
        this.writer = run.writer();
        this.meters = run.meters();
        this.asksAgain = run.asksAgain();
        this.committed = begun;
        this.live = live;
        this.target = target;
        this.confirming = confirming;
        this.isReading = !begun.complete();
        this.behind = begun.lsn();
        this.againLeft = begun.events();
    }

    CapturePosition committed() {
        return committed;
    }

    /** Whether anything was committed in this session. */
    boolean hasCommitted() {
        return commits > 0;
    }

    /** Whether a snapshot is not complete yet. */
    boolean isReading() {
        return isReading;
    }

    /** Whether everything is there that was committed in the database when its message was written. */
    boolean isReached() {
        return isReached;
    }

    /** Behind which transaction everything was taken. */
    long behind() {
        return behind;
    }

    /** From where on the changes are that follow the snapshot. */
    void snapshotAt(long lsn) {
        from = lsn;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** Takes what comes next; commits when a transaction is full, or at the end of one of the database. */
    void take(Change change) throws ExecutionException, InterruptedException {
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
                Bytes unused = send(row);
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
        if (from == 0) {
            throw options.refused("changes come before its slot is known; start the capture again");
        }
        options.steps().accept(CaptureStep.SNAPSHOT_READ);
        deleteAll(live, System.currentTimeMillis());
        live = Set.of();
        isReading = false;
        behind = from;
        begin();
        commit(committed.completed(from));
        meters.phase(CaptureProgress.Phase.CHANGES);
    }

    private void deleteAll(Set<Bytes> keys, long at) {
        for (Bytes key : keys) {
            begin();
            put(deletion(key.get(), at));
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
        deleteAll(LiveKeys.of(admin, options.topic(), options.settings().client()), truncation.at());
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
        if (itsTransaction != committed.transaction()) {
            throw gap();
        }
        againLeft--;
        meters.again();
        return true;
    }

    private LifecycleException gap() {
        return options.refused("PostgreSQL does not send again what the capture has committed in part (transaction "
                + committed.transaction()
                + "), so that changes are missing; --again makes another snapshot, and deletes what the table does not have any"
                + " more");
    }

    private void ended(Change.Ended end) {
        if (end.lsn() <= behind) {
            throw options.refused("PostgreSQL sends a transaction again (" + Lsn.text(end.lsn())
                    + ") that is captured as a whole; nothing of it is written");
        }
        if (againLeft > 0) {
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

    private Bytes send(Change.Row row) {
        byte[] key = row.key();
        if (key == null) {
            throw options.refused("table " + options.origin().table()
                    + " has no primary key any more, by which its rows are known; give it one, and say --again");
        }
        List<String> columns = committed.source().key();
        if (!Set.copyOf(columns).equals(Set.copyOf(row.keyColumns()))) {
            throw options.refused("the primary key of table " + options.origin().table() + " was " + columns
                    + " and is now " + row.keyColumns()
                    + "; nothing is written under the new one. --again makes another"
                    + " snapshot, and deletes what the table does not have any more");
        }
        begin();
        put(new ProducerRecord<byte[], byte[]>(options.topic(), null, row.at(), key, row.value()));
        if (row.isDeleted()) {
            put(deletion(key, row.at()));
        }
        return Bytes.wrap(key);
    }

    private ProducerRecord<byte[], byte[]> deletion(byte[] key, long at) {
        return new ProducerRecord<byte[], byte[]>(options.topic(), null, at, key, null);
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

    /** Commits what is waiting for long enough; called often. */
    void commitIfDue() {
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
        return !writer.isOpen() && behind > committed.lsn();
    }

    /** Commits what is open: whoever asks the database may wait for it for longer than a transaction may take. */
    void commitOpen() {
        if (writer.isOpen()) {
            commit(next());
        }
    }

    /** Commits what there is, because it ends. */
    void settle() {
        if (!inTransaction && !isReading && hasMoved()) {
            begin();
        }
        commitOpen();
    }

    private CapturePosition next() {
        CapturePosition last = committed;
        if (isReading) {
            return last;
        }
        return inTransaction && events > 0 ? last.at(behind, transaction, events) : last.at(behind, 0, 0);
    }

    private void commit(CapturePosition next) {
        options.steps().accept(CaptureStep.RECORDS_SENT);
        writer.send(CaptureTopic.record(options.address(), next));
        options.steps().accept(CaptureStep.POSITION_SENT);
        writer.commit(asksAgain);
        committed = next;
        commits++;
        LOG.debug("{}committed {}", options.where(), next);
        lastCommit = System.nanoTime();
        meters.phase(isReading ? CaptureProgress.Phase.SNAPSHOT : CaptureProgress.Phase.CHANGES);
        meters.committed(rows, changes, deleted);
        rows = 0;
        changes = 0;
        deleted = 0;
        options.steps().accept(CaptureStep.COMMITTED);
        if (ended != null) {
            confirming.accept(ended);
            ended = null;
            options.steps().accept(CaptureStep.CONFIRMED);
        }
    }
}
