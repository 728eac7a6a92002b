package io.kappamesh.ingest;

import static java.util.Objects.requireNonNull;

import io.kappamesh.brokers.FencedWriter;
import io.kappamesh.brokers.WriterFaults;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.intake.RowLetter;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.IngestTopic;
import io.kappamesh.position.RowCounts;
import io.kappamesh.row.ChangedFileException;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.MergedRows;
import io.kappamesh.row.PlannedFile;
import io.kappamesh.row.ReadAhead;
import io.kappamesh.row.RowJudge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows and their positions, transaction by transaction, with a producer that has fenced all others of the port. What fails and may pass is
 * aborted and begun again at the last committed positions, with the same producer: another one would fence an ingest that began meanwhile. One thread.
 */
final class IngestRun<V extends IndexedRecord> {
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final RecordLimit LETTERS = RecordLimit.SMALLEST_OF_ALL;
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final IngestOptions<V> options;
    private final FencedWriter writer;
    private final IngestPlan plan;
    private final Kept kept;
    private final RowJudge<V> judge;
    private final int partitions;
    private final IngestMeters meters;
    private final CountDownLatch stop;
    private final Throttle throttle;

    /** By digest. */
    private final Map<String, IngestPosition> committed = new LinkedHashMap<>();

    private Batch batch = new Batch();
    private long troubledSince;

    IngestRun(
            IngestOptions<V> options,
            FencedWriter writer,
            IngestPlan plan,
            Kept kept,
            RowJudge<V> judge,
            int partitions,
            IngestMeters meters,
            CountDownLatch stop) {
        this.options = options;
        this.writer = writer;
        this.plan = plan;
        this.kept = kept;
        this.judge = judge;
        this.partitions = partitions;
        this.meters = meters;
        this.stop = stop;
        this.throttle = new Throttle(options.pace().perSecond(), stop);
        plan.toDo().forEach(file -> committed.put(file.begun().digest(), file.begun()));
    }

    /** What an open transaction has. */
    private final class Batch {
        private final Map<String, Tally> tallies = new LinkedHashMap<>();
        private long began;
        private int rows;
        private long bytes;

        Tally of(PlannedFile file) {
            return tallies.computeIfAbsent(
                    file.begun().digest(), digest -> new Tally(file, requireNonNull(committed.get(digest), digest)));
        }

        /** Whether what was read of a file is no longer there; what is only longer still is. */
        boolean isReplaced() {
            return tallies.values().stream()
                    .map(tally -> tally.file.file())
                    .anyMatch(file -> file.isWritten() && !file.isGrown());
        }

        boolean isFull() {
            return rows >= options.pace().rows()
                    || bytes >= options.pace().bytes()
                    || System.nanoTime() - began >= options.pace().interval().toNanos();
        }
    }

    /** How far a file is in the open transaction. */
    private static final class Tally {
        private final PlannedFile file;
        private final IngestPosition before;
        private final long[] written;
        private long rows;
        private long offset;
        private boolean done;
        private long refused;
        private long live;
        private long newest;

        Tally(PlannedFile file, IngestPosition before) {
            this.file = file;
            this.before = before;
            this.written =
                    before.counts().partitions().stream().mapToLong(one -> one).toArray();
            this.rows = before.rows();
            this.offset = before.offset();
            this.refused = before.counts().refused();
            this.live = before.counts().live();
            this.newest = before.counts().newest();
        }

        IngestPosition position() {
            List<Long> byPartition = new ArrayList<>();
            for (long one : written) {
                byPartition.add(one);
            }
            return new IngestPosition(
                    before.file(),
                    before.digest(),
                    rows,
                    offset,
                    done,
                    before.handOver(),
                    before.topicId(),
                    new RowCounts(byPartition, refused, live, newest));
        }
    }

    /**
     * Writes until all rows are written, or it is stopped.
     *
     * @return the positions by digest, as they are committed
     * @throws LifecycleException when it cannot go on; what is committed stays
     */
    Map<String, IngestPosition> run() throws InterruptedException {
        Duration pause = SHORTEST;
        while (true) {
            long before = meters.progress().rows();
            // Its end waits for what is being read; no transaction may be open by then.
            try (ReadAhead ahead = reader()) {
                try {
                    pass(ahead);
                    return committed;
                } catch (KafkaException failed) {
                    if (meters.progress().rows() > before) {
                        pause = SHORTEST;
                        troubledSince = 0;
                    }
                    waitOut(failed, pause);
                    Duration next = pause.multipliedBy(2);
                    pause = next.compareTo(LONGEST) > 0 ? LONGEST : next;
                    abort(failed);
                } catch (ChangedFileException changed) {
                    abandon();
                    throw changed.ending();
                } catch (InterruptedException | RuntimeException ending) {
                    abandon();
                    throw ending;
                }
            }
        }
    }

    private ReadAhead reader() {
        List<PlannedFile> left = plan.toDo().stream()
                .map(file -> new PlannedFile(
                        file.index(),
                        file.file(),
                        requireNonNull(committed.get(file.begun().digest()))))
                .filter(file -> !file.begun().done())
                .toList();
        return new ReadAhead(
                "ingest-reader-" + options.address(),
                () -> new MergedRows<>(
                        left,
                        (file, from) -> options.open(file.file(), from),
                        judge::judge,
                        options.files().byTime()));
    }

    private void pass(ReadAhead ahead) throws InterruptedException {
        batch = new Batch();
        if (!plan.seen().isEmpty()) {
            begin();
            plan.seen().forEach(file -> send(IngestTopic.record(options.address(), file)));
        }
        for (ReadAhead.Chunk chunk = next(ahead); !chunk.isLast() && !isStopped(); chunk = next(ahead)) {
            for (MergedRows.Next next : chunk.rows()) {
                if (isStopped()) {
                    break;
                }
                kept.require(next);
                begin();
                take(next);
                if (batch.isFull()) {
                    commit();
                }
                throttle.pass();
            }
            meters.read(chunk.bytesRead());
        }
        commit();
    }

    /** What can be read no further ends the ingest, behind all rows that were read before. */
    private LifecycleException behindWhatWasRead(LifecycleException broken) throws InterruptedException {
        if (!batch.isReplaced()) {
            commit();
        }
        return plan.toDo().stream()
                .filter(file -> String.valueOf(broken.getMessage())
                        .startsWith("file " + file.file().name() + ": "))
                .findFirst()
                .map(file -> new LifecycleException(
                        broken.exitCode(),
                        broken.getMessage() + ". Rows of it that are ingested: "
                                + requireNonNull(committed.get(file.begun().digest()))
                                        .rows(),
                        broken))
                .orElse(broken);
    }

    /** What comes next; meanwhile no transaction waits for it for longer than it may. */
    private ReadAhead.Chunk next(ReadAhead ahead) throws InterruptedException {
        while (true) {
            ReadAhead.@Nullable Chunk chunk;
            try {
                chunk = ahead.poll(GLANCE);
            } catch (LifecycleException broken) {
                throw behindWhatWasRead(broken);
            }
            if (chunk != null) {
                if (chunk.isLast()) {
                    meters.read(chunk.bytesRead());
                }
                return chunk;
            }
            if (isStopped()) {
                return new ReadAhead.Chunk(List.of(), 0, true);
            }
            if (writer.isOpen() && batch.isFull()) {
                commit();
            }
        }
    }

    private void begin() {
        if (!writer.isOpen()) {
            writer.begin();
            batch.began = System.nanoTime();
            options.steps().accept(IngestStep.BEGUN);
        }
    }

    private void take(MergedRows.Next next) {
        Tally tally = batch.of(next.file());
        JudgedRow row = next.row();
        if (row == null) {
            tally.done = true;
            return;
        }
        tally.rows = row.end().rows();
        tally.offset = row.end().offset();
        batch.rows++;
        if (row.refusal() != null) {
            send(RowLetter.of(
                    options.product(),
                    options.port().topic(),
                    next.file().file().name(),
                    row.number(),
                    row.row(),
                    row.refusal(),
                    LETTERS));
            tally.refused++;
            return;
        }
        if (options.handOver() != null && row.time() >= options.handOver().toEpochMilli()) {
            tally.live++;
            return;
        }
        byte[] key = requireNonNull(row.key());
        // As Kafka's own producer places keys; said here so that the counts are those of the topic.
        int partition = Utils.toPositive(Utils.murmur2(key)) % partitions;
        send(new ProducerRecord<>(options.port().topic(), partition, Math.max(0, row.time()), key, row.value()));
        tally.written[partition]++;
        tally.newest = Math.max(tally.newest, row.time());
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        batch.bytes += record.value() == null ? 0 : record.value().length;
        writer.send(record);
    }

    private void commit() throws InterruptedException {
        if (!writer.isOpen()) {
            return;
        }
        options.steps().accept(IngestStep.RECORDS_SENT);
        Map<String, IngestPosition> next = new LinkedHashMap<>();
        for (Map.Entry<String, Tally> tally : batch.tallies.entrySet()) {
            IngestPosition position = tally.getValue().position();
            next.put(tally.getKey(), position);
            send(IngestTopic.record(options.address(), position));
        }
        options.steps().accept(IngestStep.POSITIONS_SENT);
        writer.commit(this::asksAgain);
        long rows = 0;
        long written = 0;
        long refused = 0;
        long live = 0;
        for (Map.Entry<String, IngestPosition> one : next.entrySet()) {
            IngestPosition before = requireNonNull(committed.put(one.getKey(), one.getValue()));
            rows += one.getValue().rows() - before.rows();
            written += one.getValue().counts().written() - before.counts().written();
            refused += one.getValue().counts().refused() - before.counts().refused();
            live += one.getValue().counts().live() - before.counts().live();
        }
        batch = new Batch();
        meters.committed(rows, written, refused, live);
        options.steps().accept(IngestStep.COMMITTED);
    }

    /** Whether brokers that do not answer a commit are asked again. */
    private boolean asksAgain(Duration waited) {
        meters.waiting("the answer to a commit");
        return !isStopped() && !isOver(System.nanoTime() - waited.toNanos());
    }

    private void waitOut(KafkaException failed, Duration pause) throws InterruptedException {
        KafkaException fault = writer.behind(failed);
        String why = WriterFaults.waitedFor(fault).orElse("");
        if (why.isEmpty()) {
            abandon();
            throw options.faults().ending(fault);
        }
        if (troubledSince == 0) {
            troubledSince = System.nanoTime();
        }
        if (isOver(troubledSince) || isStopped()) {
            abandon();
            throw new LifecycleException(
                    ExitCode.PLATFORM,
                    options.where() + "waited for " + why + "; repair the brokers, or allow more time with"
                            + " mesh.platform.timeout, and start the ingest again: it goes on where it was committed",
                    failed);
        }
        meters.waiting(why);
        boolean unused = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean isOver(long since) {
        return options.settings()
                .platformTimeout()
                .filter(limit -> System.nanoTime() - since > limit.toNanos())
                .isPresent();
    }

    /** Takes back what is not committed, to begin again. */
    private void abort(KafkaException because) {
        writer.abort(because, waited -> !isOver(troubledSince) && !isStopped());
        batch = new Batch();
    }

    private void abandon() {
        writer.abandon();
        batch = new Batch();
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }
}
