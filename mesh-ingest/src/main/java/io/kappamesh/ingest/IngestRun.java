package io.kappamesh.ingest;

import static java.util.Objects.requireNonNull;

import io.kappamesh.brokers.FencedWriter;
import io.kappamesh.brokers.WriterFaults;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.IngestTopic;
import io.kappamesh.position.SeenFile;
import io.kappamesh.position.SplitPosition;
import io.kappamesh.position.WriterPart;
import io.kappamesh.row.ChangedFileException;
import io.kappamesh.row.FirstRows;
import io.kappamesh.row.MergedRows;
import io.kappamesh.row.PlannedFile;
import io.kappamesh.row.ReadAhead;
import io.kappamesh.row.RowJudge;
import io.kappamesh.writers.IngestStep;
import io.kappamesh.writers.RowRouter;
import io.kappamesh.writers.RowWriter;
import io.kappamesh.writers.SplitCheck;
import io.kappamesh.writers.SplitPass;
import io.kappamesh.writers.Throttle;
import io.kappamesh.writers.UnreadRowsException;
import io.kappamesh.writers.WriteTarget;
import io.kappamesh.writers.WriterThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows and their positions, transaction by transaction, with producers that have fenced all others of the port. What fails and may pass is
 * aborted and begun again at the last committed positions, with the same producers: others would fence an ingest that began meanwhile. One thread; several writers have
 * threads of their own.
 */
final class IngestRun<V extends IndexedRecord> {
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final IngestOptions<V> options;
    private final List<FencedWriter> fenced;
    private final IngestPlan plan;
    private final Kept kept;
    private final RowJudge<V> judge;
    private final WriteTarget target;
    private final int writers;
    private final IngestMeters meters;
    private final CountDownLatch stop;
    private final Throttle throttle;

    /** How far each file is, as that is committed; by digest. */
    private final Map<String, SplitPosition> committed = new LinkedHashMap<>();

    /** What is found and not stored yet. */
    private List<SeenFile> news;

    /** Those that write now. */
    private List<RowWriter> current = List.of();

    private @Nullable ReadAhead reading;
    private long troubledSince;

    /** What may fail and be begun again. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws InterruptedException;
    }

    IngestRun(
            IngestOptions<V> options,
            List<FencedWriter> fenced,
            IngestPlan plan,
            Kept kept,
            RowJudge<V> judge,
            WriteTarget target,
            IngestMeters meters,
            CountDownLatch stop) {
        this.options = options;
        this.fenced = fenced;
        this.plan = plan;
        this.kept = kept;
        this.judge = judge;
        this.target = target;
        this.writers = options.pace().writers();
        this.meters = meters;
        this.stop = stop;
        this.throttle = new Throttle(options.pace().perSecond(), stop);
        this.news = plan.seen();
        plan.toDo().forEach(file -> committed.put(file.begun().digest(), plan.split(file, writers)));
    }

    /**
     * Writes until all rows are written, or it is stopped.
     *
     * @return the positions by digest, as they are committed
     * @throws LifecycleException when it cannot go on; what is committed stays
     */
    Map<String, IngestPosition> run() throws InterruptedException {
        SplitCheck<V> check =
                new SplitCheck<>((file, from) -> options.open(file.file(), from), judge::judge, target.partitions());
        plan.toDo().forEach(file -> check.require(file, of(file)));
        if (fenced.size() > 1) {
            untilDone(this::claim);
            target.log().reached(0, IngestStep.CLAIMED);
            joinOthers();
        }
        if (!isStopped()) {
            write(writers, plan.toDo(), false);
        }
        if (writers > 1) {
            // Stopped or ended, all of them are at one row, unless something has failed.
            join(committed.values().stream()
                    .filter(file -> file.isLevel() && !file.total().equals(file.base()))
                    .toList());
        }
        Map<String, IngestPosition> totals = new LinkedHashMap<>();
        committed.forEach((digest, file) -> totals.put(digest, file.total()));
        return totals;
    }

    private SplitPosition of(PlannedFile file) {
        return requireNonNull(committed.get(file.begun().digest()));
    }

    /** Says how many writers there are, before any but the first one writes: see {@link FencedWriters}. */
    private void claim() {
        FencedWriter first = fenced.get(0);
        first.begin();
        first.send(IngestTopic.writers(options.address(), fenced.size()));
        news.forEach(file -> first.send(IngestTopic.record(options.address(), file)));
        first.commit(this::asksAgain);
        news = List.of();
    }

    /** Files that had another number of writers: those write what they are behind, and then their positions become one. */
    private void joinOthers() throws InterruptedException {
        List<PlannedFile> others = plan.toDo().stream()
                .filter(file -> of(file).writers() != writers)
                .toList();
        List<Integer> numbers = others.stream()
                .map(file -> of(file).writers())
                .distinct()
                .sorted()
                .toList();
        for (int number : numbers) {
            write(
                    number,
                    others.stream()
                            .filter(file -> of(file).writers() == number && !of(file).isLevel())
                            .toList(),
                    true);
        }
        if (!isStopped()) {
            join(others.stream().map(this::of).toList());
        }
    }

    private void join(Collection<SplitPosition> level) throws InterruptedException {
        if (level.isEmpty()) {
            return;
        }
        FencedWriter first = fenced.get(0);
        untilDone(() -> {
            first.begin();
            level.forEach(file -> IngestTopic.joined(options.address(), file).forEach(first::send));
            first.commit(this::asksAgain);
        });
        level.forEach(file -> committed.put(file.base().digest(), SplitPosition.of(file.total(), writers)));
        target.log().reached(0, IngestStep.JOINED);
    }

    /** @param isBehind whether only rows are written that one of the writers is ahead of */
    private void write(int number, List<PlannedFile> files, boolean isBehind) throws InterruptedException {
        if (files.isEmpty() && news.isEmpty()) {
            return;
        }
        untilDone(() -> {
            Map<String, SplitPosition> begun = new LinkedHashMap<>();
            files.forEach(file -> begun.put(file.begun().digest(), of(file)));
            List<RowWriter> all = new ArrayList<>();
            for (int one = 0; one < number; one++) {
                all.add(new RowWriter(target, fenced.get(one), one, number, begun));
            }
            current = all;
            ReadAhead ahead = reader(files, isBehind);
            reading = ahead;
            try {
                if (number == 1) {
                    pass(ahead, all.get(0));
                } else {
                    passSplit(ahead, new RowRouter(target, number, begun, !isBehind), files);
                }
            } finally {
                store();
            }
        });
    }

    /** What writers have committed. */
    private void store() {
        committed.replaceAll((digest, file) -> {
            if (current.size() != file.writers() || !current.get(0).writes(digest)) {
                return file;
            }
            List<WriterPart> parts =
                    current.stream().map(one -> one.committed(digest)).toList();
            return new SplitPosition(file.base(), parts);
        });
    }

    private void untilDone(Attempt attempt) throws InterruptedException {
        Duration pause = SHORTEST;
        while (true) {
            long before = meters.progress().rows();
            try {
                attempt.run();
                return;
            } catch (KafkaException failed) {
                if (meters.progress().rows() > before) {
                    pause = SHORTEST;
                    troubledSince = 0;
                }
                waitOut(failed, pause);
                Duration next = pause.multipliedBy(2);
                pause = next.compareTo(LONGEST) > 0 ? LONGEST : next;
                // Takes back what is not committed, to begin again.
                fenced.forEach(one -> one.abort(failed, waited -> !isOver(troubledSince) && !isStopped()));
            } catch (ChangedFileException changed) {
                abandon();
                throw changed.ending();
            } catch (InterruptedException | RuntimeException ending) {
                abandon();
                throw ending;
            } finally {
                // Waits for what is being read; no transaction may be open by then.
                if (reading != null) {
                    reading.close();
                    reading = null;
                }
                current = List.of();
            }
        }
    }

    private ReadAhead reader(List<PlannedFile> files, boolean isBehind) {
        List<PlannedFile> left = files.stream()
                .map(file -> new PlannedFile(file.index(), file.file(), of(file).lowest()))
                .filter(file -> !of(file).total().done())
                .toList();
        Map<String, Long> farthest = new LinkedHashMap<>();
        left.forEach(file -> farthest.put(file.begun().digest(), of(file).farthest()));
        return new ReadAhead(
                "ingest-reader-" + options.address(),
                () -> new MergedRows<>(
                        left,
                        (file, from) -> isBehind
                                ? new FirstRows<>(
                                        options.open(file.file(), from),
                                        file,
                                        requireNonNull(farthest.get(file.begun().digest())))
                                : options.open(file.file(), from),
                        judge::judge,
                        options.files().byTime()));
    }

    private void pass(ReadAhead ahead, RowWriter writer) throws InterruptedException {
        if (!news.isEmpty()) {
            writer.begin();
            news.forEach(file -> writer.send(IngestTopic.record(options.address(), file)));
        }
        for (ReadAhead.Chunk chunk = next(ahead, writer);
                !chunk.isLast() && !isStopped();
                chunk = next(ahead, writer)) {
            for (MergedRows.Next next : chunk.rows()) {
                if (isStopped()) {
                    break;
                }
                kept.require(next);
                writer.begin();
                writer.take(next);
                if (writer.isDue()) {
                    writer.commit(this::asksAgain);
                }
                throttle.pass();
            }
            meters.read(chunk.bytesRead());
        }
        writer.commit(this::asksAgain);
    }

    /** What comes next; meanwhile no transaction waits for it for longer than it may. */
    private ReadAhead.Chunk next(ReadAhead ahead, RowWriter writer) throws InterruptedException {
        while (true) {
            ReadAhead.@Nullable Chunk chunk;
            try {
                chunk = ahead.poll(GLANCE);
            } catch (LifecycleException broken) {
                if (!writer.isReplaced()) {
                    writer.commit(this::asksAgain);
                }
                throw withRows(broken);
            }
            if (chunk != null) {
                if (chunk.isLast()) {
                    meters.read(chunk.bytesRead());
                }
                return chunk;
            }
            if (isStopped()) {
                return ReadAhead.Chunk.last(0);
            }
            if (writer.isDue()) {
                writer.commit(this::asksAgain);
            }
        }
    }

    private void passSplit(ReadAhead ahead, RowRouter router, List<PlannedFile> files) throws InterruptedException {
        WriterThreads threads = new WriterThreads(
                "ingest-writer-" + options.address(),
                current,
                this::asksAgain,
                fault -> WriterFaults.waitedFor(fault).isPresent());
        try {
            new SplitPass(ahead, router, threads, kept::require, throttle, stop).run(meters::read);
            threads.finish();
        } catch (UnreadRowsException unread) {
            if (files.stream().noneMatch(file -> file.file().isReplaced())) {
                threads.finish();
            }
            threads.quit();
            throw withRows(unread.ending());
        } catch (InterruptedException interrupted) {
            threads.quitAtOnce();
            throw interrupted;
        } finally {
            threads.quit();
        }
    }

    /** What can be read no further ends the ingest, behind all rows that were read before. */
    private LifecycleException withRows(LifecycleException broken) {
        store();
        return plan.toDo().stream()
                .filter(file -> String.valueOf(broken.getMessage())
                        .startsWith("file " + file.file().name() + ": "))
                .findFirst()
                .map(file -> new LifecycleException(
                        broken.exitCode(),
                        broken.getMessage() + ". Rows of it that are ingested: "
                                + of(file).total().rows(),
                        broken))
                .orElse(broken);
    }

    /** Whether brokers that do not answer a commit are asked again. */
    private boolean asksAgain(Duration waited) {
        meters.waiting("the answer to a commit");
        return !isStopped() && !isOver(System.nanoTime() - waited.toNanos());
    }

    private void waitOut(KafkaException failed, Duration pause) throws InterruptedException {
        KafkaException fault = current.size() > 1 ? failed : fenced.get(0).behind(failed);
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

    private void abandon() {
        // Brokers that do not answer one writer are not asked for all others.
        boolean unused = fenced.stream().allMatch(FencedWriter::abandon);
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }
}
