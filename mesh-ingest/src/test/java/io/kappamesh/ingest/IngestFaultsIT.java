package io.kappamesh.ingest;

import static io.kappamesh.fixture.Latches.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.archive.Sale;
import io.kappamesh.fixture.KillableProcess;
import io.kappamesh.writers.IngestStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ingests that die at each step, that are killed, and several at once; each time every row stands in the topic once. */
@Timeout(600)
class IngestFaultsIT {
    private static final int KILLS = Integer.getInteger("mesh.kills", 50);

    /** Fewer kills may all miss. */
    private static final int ENOUGH_FOR_LUCK = 20;

    @RegisterExtension
    static final IngestLab lab = new IngestLab();

    /** What ends an ingest where it stands. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CLAIMED", "JOINED"})
    void ingestThatDiesAtAStepIsSucceededWithoutLossOrRepetition(IngestStep step) throws Exception {
        String domain = "at-" + step.name().toLowerCase(Locale.ROOT).replace('_', '-');
        lab.provision(domain);
        Path[] files = {
            Sale.write(lab.directory(domain).resolve("a.csv"), IngestLab.csv(0, 900, 2) + "broken\n"),
            Sale.write(lab.directory(domain).resolve("b.csv.gz"), Sale.gzip(IngestLab.csv(1, 900, 2)))
        };
        int transactions = step == IngestStep.FENCED || step == IngestStep.PLANNED ? 1 : 3;
        for (int transaction = 1; transaction <= transactions; transaction++) {
            AtomicInteger left = new AtomicInteger(transaction);
            PortIngestBuilder<?> dying = lab.ingest(domain, files[0], files[1])
                    .transactionRows(100)
                    .steps(at -> {
                        if (at == step && left.decrementAndGet() == 0) {
                            throw new Killed();
                        }
                    });
            try (PortIngest<?> ingest = dying.build()) {
                assertThatThrownBy(ingest::run).isInstanceOf(Killed.class);
            }
        }

        IngestReport report = IngestLab.run(lab.ingest(domain, files[0], files[1]));

        lab.assertHolds(domain, 0, 900);
        assertThat(report.rows()).isEqualTo(901);
        assertThat(lab.deadLetters(domain)).hasSize(1);
        assertThat(report.written().stream().mapToLong(one -> one).sum()).isEqualTo(900);
    }

    @Test
    void laterIngestEndsTheEarlierOneWhichWritesNothingMore() throws Exception {
        lab.provision("two");
        Path file = Sale.write(lab.directory("two").resolve("a.csv"), IngestLab.csv(0, 2_000, 1));
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        AtomicInteger transactions = new AtomicInteger();
        try (PortIngest<?> earlier = lab.ingest("two", file)
                .transactionRows(100)
                .steps(step -> {
                    // Its records and positions are sent, and nothing of it is committed.
                    if (step == IngestStep.POSITIONS_SENT && transactions.incrementAndGet() == 3) {
                        reached.countDown();
                        join(wake);
                    }
                })
                .build()) {
            FutureTask<IngestReport> first = IngestLab.begin(earlier);
            reached.await();
            // Two transactions; how many rows they took is not said: one also ends by time.
            long committed = earlier.progress().rows();

            IngestReport later = IngestLab.run(lab.ingest("two", file));
            wake.countDown();

            assertThat(later.isComplete()).isTrue();
            IngestLab.assertReplaced(first);
            assertThat(committed).isBetween(2L, 200L);
            assertThat(earlier.progress().rows()).isEqualTo(committed);
        }
        lab.assertHolds("two", 0, 2_000);
    }

    @Test
    void pausedProcessThatWakesWritesNothing() throws Exception {
        lab.provision("paused");
        Path file = Sale.write(lab.directory("paused").resolve("a.csv"), IngestLab.csv(0, 30_000, 1));
        try (KillableProcess paused = IngestProcess.start(lab, "paused", 1, 50, file)) {
            IngestProcess.awaitRecords(paused, lab, "paused", 50);
            paused.pause();
            IngestLab.run(lab.ingest("paused", file));
            lab.assertHolds("paused", 0, 30_000);
            paused.resume();
            int unused = paused.awaitEnd();
        }
        lab.assertHolds("paused", 0, 30_000);
    }

    @Test
    void killedProcessesLeaveWhatTheyHadCommittedAndNothingElse() throws Exception {
        killed("killed", 3, 1);
    }

    @Test
    void killedProcessesOfThreeWritersLeaveWhatTheyHadCommittedAndNothingElse() throws Exception {
        killed("killed-three", 3, 3);
    }

    @Test
    @Timeout(1_800)
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void processesThatAreKilledAgainAndAgain() throws Exception {
        int amid = killed("again", KILLS, 1);
        if (KILLS >= ENOUGH_FOR_LUCK) {
            assertThat(amid).as("of %d kills, those amid a transaction", KILLS).isPositive();
        }
    }

    /** Also with another number of writers each time. */
    @Test
    @Timeout(1_800)
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void processesOfSeveralWritersThatAreKilledAgainAndAgain() throws Exception {
        int amid = killed("again-three", KILLS, IngestLab.PARTITIONS);
        if (KILLS >= ENOUGH_FOR_LUCK) {
            assertThat(amid).as("of %d kills, those amid a transaction", KILLS).isPositive();
        }
    }

    /**
     * Also asserts after each kill that the positions say what the topic has. Returns how many had a transaction open.
     *
     * @param writers the most; every other process has any number up to it
     */
    private static int killed(String domain, int kills, int writers) throws Exception {
        lab.provision(domain);
        int rows = 10_000 * kills;
        Path[] files = {
            Sale.write(lab.directory(domain).resolve("a.csv"), IngestLab.csv(0, rows, 2)),
            Sale.write(lab.directory(domain).resolve("b.csv.gz"), Sale.gzip(IngestLab.csv(1, rows, 2)))
        };
        Random random = new Random(kills);
        long began = System.nanoTime();
        int alive = 0;
        int amid = 0;
        try (IngestedCounts counts = new IngestedCounts(lab, domain)) {
            for (int kill = 0; kill < kills; kill++) {
                try (KillableProcess process = IngestProcess.start(
                        lab,
                        domain,
                        kill % 2 == 0 ? writers : 1 + random.nextInt(writers),
                        1 + random.nextInt(500),
                        files)) {
                    // A quarter of them before they write, or about then.
                    if (random.nextInt(4) > 0) {
                        IngestProcess.awaitRecords(process, lab, domain, 1 + lab.committedEnd(domain));
                    }
                    alive += process.isAlive() ? 1 : 0;
                    process.killAfter(Duration.ofMillis(random.nextInt(300)));
                }
                amid += counts.isTransactionOpen() ? 1 : 0;
                // What one writer leaves open hides what others have committed, until somebody takes it back: every
                // other time the
                // next process does.
                if (writers == 1 || kill % 2 == 1) {
                    counts.takeBack(writers);
                    counts.assertPositionsSayWhatTheTopicHas();
                }
            }
            IngestReport report =
                    IngestLab.run(lab.ingest(domain, files[0], files[1]).writers(writers));

            counts.assertPositionsSayWhatTheTopicHas();
            assertThat(report.rows()).isEqualTo(rows);
            assertThat(report.files())
                    .allSatisfy(file -> assertThat(file.rows()).isEqualTo(rows / 2));
            assertThat(counts.counted()).isEqualTo(report.written());
        }
        lab.assertHolds(domain, 0, rows);
        assertThat(alive).as("of %d kills", kills).isPositive();
        System.out.println("killed " + kills + " ingests of up to " + writers + " writers, " + alive
                + " of them at work and " + amid
                + " amid a transaction; " + rows + " rows in "
                + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");
        return amid;
    }
}
