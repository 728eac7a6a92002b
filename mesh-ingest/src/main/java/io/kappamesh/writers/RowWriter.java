package io.kappamesh.writers;

import static java.util.Objects.requireNonNull;

import io.kappamesh.archive.RowPosition;
import io.kappamesh.brokers.FencedWriter;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.intake.RowLetter;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.IngestTopic;
import io.kappamesh.position.RowCounts;
import io.kappamesh.position.SplitPosition;
import io.kappamesh.position.WriterPart;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.MergedRows;
import io.kappamesh.row.PlannedFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Writes rows and how far it is with them, transaction by transaction: the only writer of a port, or one of several. One thread at a time. */
public final class RowWriter {
    private static final RecordLimit LETTERS = RecordLimit.SMALLEST_OF_ALL;

    private final WriteTarget target;
    private final FencedWriter writer;
    private final int number;
    private final int writers;

    /** By digest. */
    private final Map<String, IngestPosition> bases = new LinkedHashMap<>();

    /** By digest. */
    private final Map<String, WriterPart> committed = new LinkedHashMap<>();

    private Batch batch = new Batch();

    /**
     * @param number of this writer, from 0
     * @param writers how many there are
     * @param files how far each is, by digest
     */
    public RowWriter(
            WriteTarget target, FencedWriter writer, int number, int writers, Map<String, SplitPosition> files) {
        this.target = target;
        this.writer = writer;
        this.number = number;
        this.writers = writers;
        files.forEach((digest, file) -> {
            bases.put(digest, file.base());
            committed.put(digest, file.parts().get(number));
        });
    }

    /** What an open transaction has. */
    private final class Batch {
        private final Map<String, Tally> tallies = new LinkedHashMap<>();
        private long began;
        private int rows;
        private long bytes;

        Tally of(PlannedFile file) {
            return tallies.computeIfAbsent(file.begun().digest(), digest -> new Tally(file, committed(digest)));
        }

        boolean isFull() {
            return rows >= target.pace().rows()
                    || bytes >= target.pace().bytes()
                    || System.nanoTime() - began >= target.pace().interval().toNanos();
        }
    }

    /** How far a file is in the open transaction. */
    private static final class Tally {
        private final PlannedFile file;
        private final long[] written;
        private RowPosition place;
        private boolean done;
        private long refused;
        private long live;
        private long newest;
        private long taken;

        Tally(PlannedFile file, WriterPart before) {
            this.file = file;
            this.written =
                    before.counts().partitions().stream().mapToLong(one -> one).toArray();
            this.place = before.place();
            this.done = before.done();
            this.refused = before.counts().refused();
            this.live = before.counts().live();
            this.newest = before.counts().newest();
            this.taken = before.taken();
        }

        WriterPart part() {
            List<Long> byPartition = new ArrayList<>();
            for (long one : written) {
                byPartition.add(one);
            }
            return new WriterPart(place, done, new RowCounts(byPartition, refused, live, newest), taken);
        }
    }

    /** Whether it knows a file. */
    public boolean writes(String digest) {
        return committed.containsKey(digest);
    }

    /** How far it is in a file, as that is committed. */
    public WriterPart committed(String digest) {
        return requireNonNull(committed.get(digest), digest);
    }

    /** Whether what was read of a file is no longer there; what is only longer still is. */
    public boolean isReplaced() {
        return batch.tallies.values().stream().map(tally -> tally.file.file()).anyMatch(ArchiveFile::isReplaced);
    }

    /** Whether a transaction is open that has to be committed now. */
    public boolean isDue() {
        return writer.isOpen() && batch.isFull();
    }

    /** Whether more rows would be too many for the transaction that is open. */
    boolean isTooFullFor(int rows) {
        return batch.rows > 0 && batch.rows + rows > target.pace().rows();
    }

    /** Begins a transaction, if none is open. */
    public void begin() {
        if (!writer.isOpen()) {
            writer.begin();
            batch.began = System.nanoTime();
            target.log().reached(number, IngestStep.BEGUN);
        }
    }

    /** Writes what a row is, or marks the end of a file; in the open transaction. */
    public void take(MergedRows.Next next) {
        Tally tally = batch.of(next.file());
        JudgedRow row = next.row();
        if (row == null) {
            tally.done = true;
            return;
        }
        tally.place = row.end();
        tally.taken += WriterPart.hash(row.end().rows());
        batch.rows++;
        if (row.refusal() != null) {
            send(RowLetter.of(
                    target.product(),
                    target.topic(),
                    next.file().file().name(),
                    row.number(),
                    row.row(),
                    row.refusal(),
                    LETTERS));
            tally.refused++;
            return;
        }
        if (target.handOver() != null && row.time() >= target.handOver().toEpochMilli()) {
            tally.live++;
            return;
        }
        byte[] key = requireNonNull(row.key());
        int partition = KeyPlaces.partition(key, target.partitions());
        send(new ProducerRecord<>(target.topic(), partition, Math.max(0, row.time()), key, row.value()));
        tally.written[partition]++;
        tally.newest = Math.max(tally.newest, row.time());
    }

    /** Up to this place no row is left that is its own; in the open transaction. */
    void reach(PlannedFile file, @Nullable RowPosition place, boolean isDone) {
        Tally tally = batch.of(file);
        if (place != null && place.rows() > tally.place.rows()) {
            tally.place = place;
        }
        tally.done |= isDone;
    }

    /** Sends a record of the open transaction. */
    public void send(ProducerRecord<byte[], byte[]> record) {
        batch.bytes += record.value() == null ? 0 : record.value().length;
        writer.send(record);
    }

    /**
     * Commits the transaction, if one is open, with how far it is.
     *
     * @param asksAgain whether brokers that do not answer are asked again, after so long
     */
    public void commit(Predicate<Duration> asksAgain) {
        if (!writer.isOpen()) {
            return;
        }
        target.log().reached(number, IngestStep.RECORDS_SENT);
        Map<String, WriterPart> next = new LinkedHashMap<>();
        batch.tallies.forEach((digest, tally) -> {
            WriterPart part = tally.part();
            next.put(digest, part);
            send(IngestTopic.record(target.port(), requireNonNull(bases.get(digest), digest), number, writers, part));
        });
        target.log().reached(number, IngestStep.POSITIONS_SENT);
        writer.commit(asksAgain);
        long written = 0;
        long refused = 0;
        long live = 0;
        for (Map.Entry<String, WriterPart> one : next.entrySet()) {
            RowCounts before =
                    requireNonNull(committed.put(one.getKey(), one.getValue())).counts();
            RowCounts now = one.getValue().counts();
            written += now.written() - before.written();
            refused += now.refused() - before.refused();
            live += now.live() - before.live();
        }
        batch = new Batch();
        target.log().committed(written + refused + live, written, refused, live);
        target.log().reached(number, IngestStep.COMMITTED);
    }

    /** What is behind a fault, see {@link FencedWriter#behind}. */
    public KafkaException behind(KafkaException failed) {
        return writer.behind(failed);
    }
}
