package io.kappamesh.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.fixture.KillableProcess;
import io.kappamesh.testkit.LocalMesh;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Captures that are killed and paused while the database is written to. */
@Timeout(1_800)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class CaptureKillsIT {
    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void killedProcessesLeaveWhatTheyHadCommittedAndNothingElse() throws Exception {
        killed("again", Integer.getInteger("mesh.kills", 20));
    }

    private static void killed(String name, int kills) throws Exception {
        Random random = new Random(kills);
        long began = System.nanoTime();
        try (CaptureLab lab = CaptureLab.startOrSkip(mesh)) {
            lab.table(name, 500);
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger();
            FutureTask<Void> writer = new FutureTask<>(
                    () -> {
                        for (int i = 1; !done.get(); i++) {
                            write(lab, name, i);
                            written.set(i);
                        }
                    },
                    null);
            new Thread(writer, "writer").start();
            int interrupted = 0;
            for (int kill = 0; kill < kills; kill++) {
                try (KillableProcess process = CaptureProcess.start(lab, name, 1 + random.nextInt(60))) {
                    long before = lab.records(CaptureLab.port(name)).size();
                    // Some of them before they write, or about then; the first within its snapshot, or soon behind it.
                    if (random.nextInt(4) > 0) {
                        await().atMost(CaptureLab.TIMEOUT)
                                .until(() -> !process.isAlive()
                                        || lab.records(CaptureLab.port(name)).size() > before);
                    }
                    interrupted += process.isAlive() ? 1 : 0;
                    process.killAfter(Duration.ofMillis(random.nextInt(500)));
                }
            }
            done.set(true);
            writer.get();

            CaptureLab.toEnd(lab.capture(name));

            lab.assertSame(name);
            // The last snapshot has what was before; from then on each change is there once, in its order.
            List<String> seen = lab.changes(name, 1, "n");
            int last = written.get();
            assertThat(seen)
                    .isEqualTo(IntStream.rangeClosed(last - seen.size() + 1, last)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(lab.slots(name)).hasSize(1);
            assertThat(interrupted).as("of %d kills", kills).isPositive();
            System.out.println("killed " + kills + " captures, " + interrupted + " of them at work; " + last
                    + " transactions of the database in "
                    + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");
        }
    }

    /** One transaction: rows that share a position in the log, an update of the row with id 1, and deletions. */
    private static void write(CaptureLab lab, String name, int i) {
        int from = 1_000 + i * 20;
        try {
            lab.postgres()
                    .run("BEGIN; INSERT INTO " + name + " SELECT g, " + i + ", NULL FROM generate_series(" + from + ", "
                            + (from + 19) + ") g; UPDATE " + name + " SET n = " + i + " WHERE id = 1; DELETE FROM "
                            + name
                            + " WHERE id = " + (i + 1) + "; COMMIT");
        } catch (java.sql.SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void pausedProcessThatWakesWritesNothing() throws Exception {
        try (CaptureLab lab = CaptureLab.startOrSkip(mesh)) {
            lab.table("paused", 50);
            try (KillableProcess paused = CaptureProcess.start(lab, "paused", 7)) {
                await().atMost(CaptureLab.TIMEOUT)
                        .until(() -> lab.records(CaptureLab.port("paused")).size() >= 50);
                paused.pause();
                write(lab, "paused", 1);
                CaptureLab.toEnd(lab.capture("paused"));
                lab.assertSame("paused");
                paused.resume();
                int unused = paused.awaitEnd();
            }
            lab.assertSame("paused");
            write(lab, "paused", 2);
            CaptureLab.toEnd(lab.capture("paused"));
            lab.assertSame("paused");
            assertThat(lab.changes("paused", 1, "n")).containsExactly("1", "2");
        }
    }
}
