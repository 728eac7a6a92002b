package io.kappamesh.ingest;

import static io.kappamesh.fixture.Latches.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.archive.Sale;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.position.IngestTopic;
import io.kappamesh.position.Ingested;
import io.kappamesh.position.SplitPosition;
import io.kappamesh.writers.IngestStep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ingests with several writers, also where they die at different rows, and go on as another number of writers. */
@Timeout(300)
class SplitIngestIT {
    private static final int WRITERS = 3;

    /** Steps that an ingest reaches once; each writer reaches the others with each transaction. */
    private static final List<IngestStep> ONCE =
            List.of(IngestStep.FENCED, IngestStep.PLANNED, IngestStep.CLAIMED, IngestStep.JOINED);

    @RegisterExtension
    static final IngestLab lab = new IngestLab();

    /** What ends an ingest where it stands. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void orderOfEachPartitionIsThatOfOneWriter() throws Exception {
        lab.provision("by-three");
        Path[] files = files("by-three", 6_000);

        IngestReport report = IngestLab.run(
                lab.ingest("by-three", files[0], files[1]).writers(WRITERS).transactionRows(97));

        lab.assertHolds("by-three", 0, 6_000);
        assertThat(report.isComplete()).isTrue();
        assertThat(report.rows()).isEqualTo(6_001);
        assertThat(report.refused()).isEqualTo(1);
        assertThat(lab.deadLetters("by-three")).hasSize(1);
        assertThat(report.written().stream().mapToLong(one -> one).sum()).isEqualTo(6_000);
        Ingested stored = stored("by-three");
        // One position of each file, as one writer would have stored it.
        assertThat(stored.splits()).isEmpty();
        assertThat(stored.writers()).isEqualTo(WRITERS);
        assertThat(stored.positions().values())
                .allSatisfy(position -> assertThat(position.done()).isTrue())
                .extracting(position -> position.counts().rows() - position.rows())
                .containsOnly(0L);

        // Nothing to do for any number of writers; a file more is ingested by another one.
        for (int writers : List.of(3, 2, 1)) {
            assertThat(IngestLab.run(lab.ingest("by-three", files[0], files[1]).writers(writers))
                            .isNothingNew())
                    .isTrue();
        }
        Path more = Sale.write(lab.directory("by-three").resolve("c.csv"), IngestLab.csv(6_000, 6_500, 1));
        assertThat(IngestLab.run(
                                lab.ingest("by-three", files[0], files[1], more).writers(2))
                        .isComplete())
                .isTrue();
        lab.assertHolds("by-three", 0, 6_500);
    }

    /** All rows of one key are one writer's, and the others have nothing to write but how far they are. */
    @Test
    void keyThatHasAllRowsKeepsItsOrder() throws Exception {
        lab.provision("one-key");
        StringBuilder rows = new StringBuilder("sale_id,amount,at\n");
        for (int number = 0; number < 5_000; number++) {
            rows.append("s7," + (1 + number) + ".00," + Instant.ofEpochSecond(number) + "\n");
        }
        Path file = Sale.write(lab.directory("one-key").resolve("a.csv"), rows.toString());

        IngestReport report =
                IngestLab.run(lab.ingest("one-key", file).writers(WRITERS).transactionRows(500));

        assertThat(report.rows()).isEqualTo(5_000);
        assertThat(lab.records("one-key"))
                .extracting(record -> record.timestamp() / 1000)
                .containsExactlyElementsOf(IntStream.range(0, 5_000)
                        .mapToObj(number -> (long) number)
                        .toList());
    }

    static Stream<Arguments> deaths() {
        return Stream.concat(
                ONCE.stream().map(step -> Arguments.of(step, 0)),
                Stream.of(IngestStep.BEGUN, IngestStep.RECORDS_SENT, IngestStep.POSITIONS_SENT, IngestStep.COMMITTED)
                        .flatMap(step -> IntStream.range(0, WRITERS).mapToObj(writer -> Arguments.of(step, writer))));
    }

    /** After each death another number of writers goes on. */
    @ParameterizedTest
    @MethodSource("deaths")
    void ingestThatDiesAtAStepOfAWriterIsSucceededWithoutLossOrRepetition(IngestStep step, int writer)
            throws Exception {
        String domain = "at-" + step.name().toLowerCase(Locale.ROOT).replace('_', '-') + writer;
        lab.provision(domain);
        Path[] files = files(domain, 1_500);
        AtomicInteger deaths = new AtomicInteger();
        // The third writer dies before there are fewer: others may have written all of their rows by then.
        List<Integer> numbers = writer == 2 ? List.of(3, 3, 2) : List.of(3, 2, 3);
        for (int run = 0; run < numbers.size(); run++) {
            int dies = Math.min(writer, numbers.get(run) - 1);
            AtomicInteger left = new AtomicInteger(ONCE.contains(step) || dies != writer ? 1 : run + 1);
            PortIngestBuilder<?> dying = lab.ingest(domain, files[0], files[1])
                    .writers(numbers.get(run))
                    .transactionRows(50)
                    .writerSteps((at, reached) -> {
                        if (reached == step && at == dies && left.decrementAndGet() == 0) {
                            deaths.incrementAndGet();
                            throw new Killed();
                        }
                    });
            try (PortIngest<?> ingest = dying.build()) {
                ingest.run();
            } catch (Killed expected) {
                // What it had sent is taken back, or committed.
            }
        }
        // Joined, everything is ingested.
        assertThat(deaths).hasValue(step == IngestStep.JOINED ? 1 : numbers.size());

        IngestReport report = IngestLab.run(lab.ingest(domain, files[0], files[1]));

        lab.assertHolds(domain, 0, 1_500);
        assertThat(report.rows()).isEqualTo(1_501);
        assertThat(lab.deadLetters(domain)).hasSize(1);
        assertThat(report.written().stream().mapToLong(one -> one).sum()).isEqualTo(1_500);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void writersThatDieBetweenTheirCommitsAreSucceededByAnyNumber(int writers) throws Exception {
        String domain = "between" + writers;
        Path[] files = split(domain);
        long ahead = lab.committedEnd(domain);

        IngestReport report =
                IngestLab.run(lab.ingest(domain, files[0], files[1]).writers(writers));

        lab.assertHolds(domain, 0, 4_000);
        assertThat(ahead).isPositive();
        assertThat(report.isComplete()).isTrue();
        assertThat(report.rows()).isEqualTo(4_001);
        assertThat(lab.deadLetters(domain)).hasSize(1);
        assertThat(stored(domain).splits()).isEmpty();
    }

    /** Another number of writers goes on, and dies while the rows between the first ones are written. */
    @Test
    void writersThatDieWhileTheyCatchUpAreSucceeded() throws Exception {
        Path[] files = split("catch-up");
        AtomicBoolean dies = new AtomicBoolean(true);
        try (PortIngest<?> ingest = lab.ingest("catch-up", files[0], files[1])
                .writers(2)
                .transactionRows(10)
                .writerSteps((writer, step) -> {
                    if (step == IngestStep.COMMITTED && writer == 2 && dies.getAndSet(false)) {
                        throw new Killed();
                    }
                })
                .build()) {
            assertThatThrownBy(ingest::run).isInstanceOf(Killed.class);
        }
        assertThat(stored("catch-up").splits().values())
                .allSatisfy(file -> assertThat(file.writers()).isEqualTo(3));

        IngestLab.run(lab.ingest("catch-up", files[0], files[1]).writers(2));

        lab.assertHolds("catch-up", 0, 4_000);
        assertThat(lab.deadLetters("catch-up")).hasSize(1);
    }

    /** A row that is refused now is another writer's, which has passed it already. */
    @Test
    void otherOptionsAreRefusedWhileWritersAreAtDifferentRows() throws Exception {
        Path[] files = split("options");
        long before = lab.committedEnd("options");

        assertThatThrownBy(() -> IngestLab.run(lab.ingest("options", files[0], files[1])
                        .format(ArchiveFormat.csv(CsvFormat.csv().decimalComma()))
                        .writers(WRITERS)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("are ingested in part: 3 writers were ended at different rows")
                .hasMessageContaining("Nothing was written");
        assertThat(lab.committedEnd("options")).isEqualTo(before);

        IngestLab.run(lab.ingest("options", files[0], files[1]).writers(WRITERS));
        lab.assertHolds("options", 0, 4_000);
    }

    /** A row of an ingest that was stopped, and not killed, is at one row with all writers. */
    @Test
    void stoppedIngestLeavesOnePosition() throws Exception {
        lab.provision("stopped");
        // Many times more than is read ahead: no writer has all of its rows when one has committed the first ones.
        Path file = Sale.write(lab.directory("stopped").resolve("a.csv"), IngestLab.csv(0, 200_000, 1));
        AtomicReference<PortIngest<?>> running = new AtomicReference<>();
        try (PortIngest<?> ingest = lab.ingest("stopped", file)
                .writers(WRITERS)
                .transactionRows(500)
                .steps(step -> {
                    if (step == IngestStep.COMMITTED) {
                        running.get().close();
                    }
                })
                .build()) {
            running.set(ingest);
            IngestReport report = ingest.run();

            assertThat(report.files().get(0).state()).isEqualTo(IngestReport.FileState.STOPPED);
            assertThat(stored("stopped").splits()).isEmpty();
            assertThat(stored("stopped").positions().values())
                    .allSatisfy(position -> assertThat(position.rows())
                            .isEqualTo(report.rows())
                            .isEqualTo(position.counts().rows()));
        }
        // Of as many as it was given, and without a look at the rows before.
        IngestLab.run(lab.ingest("stopped", file)
                .format(ArchiveFormat.csv(CsvFormat.csv()))
                .writers(1));
        lab.assertHolds("stopped", 0, 200_000);
    }

    @Test
    void laterIngestWithFewerWritersEndsAllWritersOfTheEarlierOne() throws Exception {
        lab.provision("fewer");
        Path file = Sale.write(lab.directory("fewer").resolve("a.csv"), IngestLab.csv(0, 4_000, 1));
        CountDownLatch reached = new CountDownLatch(WRITERS);
        CountDownLatch wake = new CountDownLatch(1);
        Map<Integer, AtomicInteger> transactions = new ConcurrentHashMap<>();
        try (PortIngest<?> earlier = lab.ingest("fewer", file)
                .writers(WRITERS)
                .transactionRows(100)
                .writerSteps((writer, step) -> {
                    // Its records and positions are sent, and nothing of them is committed.
                    if (step == IngestStep.POSITIONS_SENT
                            && transactions
                                            .computeIfAbsent(writer, one -> new AtomicInteger())
                                            .incrementAndGet()
                                    == 2) {
                        reached.countDown();
                        join(wake);
                    }
                })
                .build()) {
            FutureTask<IngestReport> first = IngestLab.begin(earlier);
            reached.await();
            long committed = earlier.progress().rows();

            IngestReport later = IngestLab.run(lab.ingest("fewer", file).writers(1));
            wake.countDown();

            assertThat(later.isComplete()).isTrue();
            IngestLab.assertReplaced(first);
            assertThat(earlier.progress().rows()).isEqualTo(committed);
        }
        lab.assertHolds("fewer", 0, 4_000);
    }

    /** It has taken over all ids, and has not said so: the later one knows nothing of its other writers. */
    @Test
    void earlierIngestThatHasNotClaimedItsWritersWritesNothing() throws Exception {
        lab.provision("unclaimed");
        Path file = Sale.write(lab.directory("unclaimed").resolve("a.csv"), IngestLab.csv(0, 1_000, 1));
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        Set<IngestStep> after = ConcurrentHashMap.newKeySet();
        try (PortIngest<?> earlier = lab.ingest("unclaimed", file)
                .writers(WRITERS)
                .steps(step -> {
                    after.add(step);
                    if (step == IngestStep.PLANNED) {
                        reached.countDown();
                        join(wake);
                    }
                })
                .build()) {
            FutureTask<IngestReport> first = IngestLab.begin(earlier);
            reached.await();

            IngestLab.run(lab.ingest("unclaimed", file));
            wake.countDown();

            IngestLab.assertReplaced(first);
        }
        assertThat(after).doesNotContain(IngestStep.CLAIMED, IngestStep.BEGUN);
        lab.assertHolds("unclaimed", 0, 1_000);
    }

    /** Nor does it go on behind the error when it is started again: the rows before it are those of all writers. */
    @Test
    void fileThatBreaksOffOrdersItsRowsBeforeTheError() throws Exception {
        lab.provision("unsorted");
        int last = 3_000;
        while (isOfFirstWriter(last) || isOfFirstWriter(last - 1)) {
            last++;
        }
        int rows = last + 1;
        // Later than all that the first writer has.
        Path file = Sale.write(
                lab.directory("unsorted").resolve("a.csv"),
                IngestLab.csv(0, rows, 1) + IngestLab.line(last - 1) + IngestLab.line(rows));

        for (int run = 0; run < 2; run++) {
            assertThatThrownBy(() -> IngestLab.run(lab.ingest("unsorted", file).writers(WRITERS)))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("row " + (rows + 1) + " has an earlier event time")
                    .hasMessageEndingWith("Rows of it that are ingested: " + rows);
            lab.assertHolds("unsorted", 0, rows);
        }
    }

    private static boolean isOfFirstWriter(int number) {
        byte[] key = ("s" + number).getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % IngestLab.PARTITIONS % WRITERS == 0;
    }

    /** As while brokers do not answer a commit. */
    @Test
    void interruptEndsWritersThatWait() throws Exception {
        lab.provision("interrupted");
        Path file = Sale.write(lab.directory("interrupted").resolve("a.csv"), IngestLab.csv(0, 1_000, 1));
        CountDownLatch reached = new CountDownLatch(WRITERS);
        CountDownLatch answer = new CountDownLatch(1);
        try (PortIngest<?> ingest = lab.ingest("interrupted", file)
                .writers(WRITERS)
                .transactionRows(100)
                .writerSteps((writer, step) -> {
                    if (step == IngestStep.POSITIONS_SENT) {
                        reached.countDown();
                        join(answer);
                    }
                })
                .build()) {
            FutureTask<IngestReport> running = new FutureTask<>(ingest::run);
            Thread thread = new Thread(running, "interrupted");
            thread.setDaemon(true);
            thread.start();
            reached.await();

            thread.interrupt();

            assertThatThrownBy(running::get).cause().isInstanceOf(InterruptedException.class);
        }
        IngestLab.run(lab.ingest("interrupted", file));
        lab.assertHolds("interrupted", 0, 1_000);
    }

    @Test
    void handOverIsCountedOnce() throws Exception {
        lab.provision("live");
        Path[] files = files("live", 3_000);

        IngestReport report = IngestLab.run(
                lab.ingest("live", files[0], files[1]).writers(WRITERS).until(Instant.ofEpochSecond(2_000)));

        lab.assertHolds("live", 0, 2_000);
        assertThat(report.live()).isEqualTo(1_000);
        assertThat(report.rows()).isEqualTo(3_001);
    }

    @Test
    void throttledWritersCommitWhatMayPass() throws Exception {
        lab.provision("slow");
        Path file = Sale.write(lab.directory("slow").resolve("a.csv"), IngestLab.csv(0, 30, 1));
        List<Long> progress = new ArrayList<>();
        AtomicReference<PortIngest<?>> running = new AtomicReference<>();
        try (PortIngest<?> ingest = lab.ingest("slow", file)
                .writers(WRITERS)
                .throttle(10)
                .commitEvery(Duration.ofMillis(50))
                .steps(step -> {
                    if (step == IngestStep.COMMITTED) {
                        synchronized (progress) {
                            progress.add(running.get().progress().rows());
                        }
                    }
                })
                .build()) {
            running.set(ingest);
            assertThat(ingest.run().rows()).isEqualTo(30);
        }
        lab.assertHolds("slow", 0, 30);
        // Not all at the end.
        assertThat(progress).anyMatch(rows -> rows > 0 && rows <= 20);
    }

    @Test
    void moreWritersThanPartitionsAreRefused() throws Exception {
        lab.provision("many");
        Path file = Sale.write(lab.directory("many").resolve("a.csv"), IngestLab.csv(0, 10, 1));

        assertThatThrownBy(() -> IngestLab.run(lab.ingest("many", file).writers(4)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("has 3 partitions")
                .hasMessageContaining("--writers");
        assertThatThrownBy(() -> lab.ingest("many", file).writers(0).build())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("1 to 32 writers");
    }

    /** Two files, the second of them packed, and a row that is refused. */
    private static Path[] files(String domain, int rows) throws Exception {
        return new Path[] {
            Sale.write(lab.directory(domain).resolve("a.csv"), IngestLab.csv(0, rows, 2) + "broken\n"),
            Sale.write(lab.directory(domain).resolve("b.csv.gz"), Sale.gzip(IngestLab.csv(1, rows, 2)))
        };
    }

    /** Files that three writers have begun, which died at different rows: two of them have committed more than the third. */
    private static Path[] split(String domain) throws Exception {
        lab.provision(domain);
        Path[] files = files(domain, 4_000);
        CountDownLatch ahead = new CountDownLatch(4);
        AtomicInteger behind = new AtomicInteger();
        try (PortIngest<?> ingest = lab.ingest(domain, files[0], files[1])
                .writers(WRITERS)
                .transactionRows(100)
                .commitEvery(Duration.ofSeconds(30))
                .writerSteps((writer, step) -> {
                    if (writer != 2 && step == IngestStep.COMMITTED) {
                        ahead.countDown();
                    }
                    if (writer == 2 && step == IngestStep.POSITIONS_SENT && behind.incrementAndGet() == 2) {
                        join(ahead);
                        throw new Killed();
                    }
                })
                .build()) {
            assertThatThrownBy(ingest::run).isInstanceOf(Killed.class);
        }
        assertThat(stored(domain).splits().values())
                .isNotEmpty()
                .extracting(SplitPosition::isLevel)
                .contains(false);
        assertThat(Files.readString(files[0], StandardCharsets.UTF_8)).endsWith("broken\n");
        return files;
    }

    private static Ingested stored(String domain) throws Exception {
        return IngestTopic.positions(
                lab.broker().admin(),
                PortAddress.of(domain + ".sales.v1"),
                Map.of("bootstrap.servers", lab.broker().bootstrapServers()));
    }
}
