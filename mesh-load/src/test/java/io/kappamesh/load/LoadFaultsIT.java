package io.kappamesh.load;

import static io.kappamesh.fixture.Latches.join;
import static io.kappamesh.load.LoadLab.SALE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.fixture.KillableProcess;
import io.kappamesh.postgres.WriteStep;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loaders that die, databases that die, and several loaders at once; each time the table ends equal. */
@Timeout(300)
class LoadFaultsIT {
    private static final int KEYS = 300;
    private static final int KILLS = Boolean.getBoolean("mesh.long") ? Integer.getInteger("mesh.kills", 50) : 6;

    /** Fewer kills may all miss. */
    private static final int ENOUGH_FOR_LUCK = 20;

    @RegisterExtension
    static final LoadLab lab = new LoadLab();

    /** What ends a loader where it stands. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @EnumSource(WriteStep.class)
    void loaderThatDiesAtAStepIsSucceededWithoutLossOrRepetition(WriteStep step) throws Exception {
        String port = "at-" + step.name().toLowerCase(java.util.Locale.ROOT) + ".sales.v1";
        int id = lab.port(port, 3, SALE);
        lab.broker()
                .writeAll(lab.sales(
                        port, id, KEYS, 2_000, 1, new Random(step.name().hashCode())));
        int deaths = 0;
        for (int batch = 1; deaths < 4; batch++) {
            AtomicInteger left = new AtomicInteger(batch);
            PortLoaderBuilder dying = lab.loader(port).batchRecords(150).steps(at -> {
                if (at == step && left.decrementAndGet() == 0) {
                    throw new Killed();
                }
            });
            try (PortLoader loader = dying.build()) {
                assertThatThrownBy(loader::loadToEnd).isInstanceOf(Killed.class);
                deaths++;
            }
            lab.assertCompleteUpToItsPositions(port);
        }
        lab.load(port);

        lab.assertComplete(port);
    }

    @Test
    @Timeout(1_800)
    void killedProcessesLeaveWhatTheyHadCommittedAndNothingElse() throws Exception {
        String port = "killed.sales.v1";
        int id = lab.port(port, 3, SALE);
        Random random = new Random(11);
        long began = System.nanoTime();
        int amid = 0;
        KillableProcess next = LoaderProcess.start(lab, port);
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                try (KillableProcess process = next) {
                    LoaderProcess.awaitOwner(lab, port);
                    // It starts while the other one loads, stands by, and takes over from it.
                    next = LoaderProcess.start(lab, port);
                    long before = LoaderProcess.position(lab, port);
                    for (int part = 0; part < 4; part++) {
                        lab.broker().writeAll(lab.sales(port, id, KEYS, 800, kill, random));
                    }
                    // A quarter of them before they write, or about then.
                    if (random.nextInt(4) > 0) {
                        LoaderProcess.awaitProgress(lab, port, before);
                    }
                    process.pauseAfter(Duration.ofMillis(random.nextInt(400)));
                    amid += LoaderProcess.isOwnerAmidATransaction(lab, port) ? 1 : 0;
                    process.kill();
                }
                lab.assertCompleteUpToItsPositions(port);
            }
        } finally {
            next.close();
        }
        lab.load(port);
        lab.assertComplete(port);
        lab.assertRowsComeFromTheLatestRecords(port);
        System.out.println("killed " + KILLS + " loaders, " + amid + " of them amid a transaction; "
                + lab.broker().committed(port).size() + " records in "
                + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");
        if (KILLS >= ENOUGH_FOR_LUCK) {
            assertThat(amid).as("of %d kills, those amid a transaction", KILLS).isPositive();
        }
    }

    @Test
    void twoLoadersTakeTurnsAndOneThatWasPausedWritesNothing() throws Exception {
        String port = "two.sales.v1";
        int id = lab.port(port, 3, SALE);
        Random random = new Random(5);
        try (KillableProcess first = LoaderProcess.start(lab, port)) {
            LoaderProcess.awaitOwner(lab, port);
            lab.broker().writeAll(lab.sales(port, id, KEYS, 2_000, 1, random));
            lab.awaitLoaded(port);
            try (PortLoader second = lab.loader(port).start()) {
                await().atMost(LoadLab.TIMEOUT).until(() -> second.progress().phase() == LoadProgress.Phase.STANDBY);
                String epoch = epoch(port);
                // It has records to write when it is paused, and the lease of its table ends.
                lab.broker().writeAll(lab.sales(port, id, KEYS, 3_000, 2, random));
                first.pause();
                await().atMost(LoadLab.TIMEOUT).until(() -> second.progress().phase() == LoadProgress.Phase.LOADING);
                lab.awaitLoaded(port);
                assertThat(epoch(port)).isNotEqualTo(epoch);
                String owner = lab.postgres().value("SELECT owner FROM two._mesh_loads");
                lab.broker().writeAll(lab.sales(port, id, KEYS, 500, 3, random));
                first.resume();
                lab.broker().writeAll(lab.sales(port, id, KEYS, 500, 4, random));
                lab.awaitLoaded(port);
                assertThat(second.progress().phase()).isEqualTo(LoadProgress.Phase.LOADING);
                assertThat(lab.postgres().value("SELECT owner FROM two._mesh_loads"))
                        .isEqualTo(owner);
                lab.assertComplete(port);
            }
            // The first one stands by, and has its turn.
            lab.broker().writeAll(lab.sales(port, id, KEYS, 500, 5, random));
            lab.awaitLoaded(port);
        }
        lab.assertComplete(port);
    }

    @Test
    void loaderThatIsPausedAmidItsTransactionIsEndedByPostgresAndWritesNothing() throws Exception {
        String port = "amid.sales.v1";
        int id = lab.port(port, 2, SALE);
        lab.broker().writeAll(lab.sales(port, id, KEYS, 2_000, 1, new Random(2)));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        PortLoaderBuilder pausing = lab.loader(port).steps(at -> {
            if (at == WriteStep.MOVED && inside.getCount() > 0) {
                inside.countDown();
                join(wake);
            }
        });
        try (PortLoader first = pausing.start()) {
            join(inside);
            // In the place of the half minute after which PostgreSQL does it.
            lab.postgres()
                    .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                            + " AND application_name = 'mesh load " + port + "'");
            try (PortLoader second = lab.loader(port).start()) {
                lab.awaitLoaded(port);
                wake.countDown();
                await().atMost(LoadLab.TIMEOUT).until(() -> first.progress().phase() == LoadProgress.Phase.STANDBY);
                assertThat(first.progress().records()).isZero();
                await().atMost(LoadLab.TIMEOUT).until(() -> second.progress().records() == 2_000);
            }
        }
        lab.assertComplete(port);
    }

    @Test
    void postgresThatIsKilledAndStartedAgainIsWaitedFor() throws Exception {
        String port = "down.sales.v1";
        int id = lab.port(port, 3, SALE);
        Random random = new Random(4);
        try (PortLoader loader = lab.loader(port).start()) {
            for (int round = 0; round < 3; round++) {
                lab.broker().writeAll(lab.sales(port, id, KEYS, 3_000, round, random));
                lab.postgres().kill();
                lab.broker().writeAll(lab.sales(port, id, KEYS, 500, round, random));
                await().atMost(LoadLab.TIMEOUT).until(() -> loader.progress().phase() == LoadProgress.Phase.WAITING);
                lab.postgres().start();
                lab.awaitLoaded(port);
                assertThat(loader.failure()).isEmpty();
            }
        }
        lab.assertComplete(port);
    }

    @Test
    void lockedRowIsWaitedFor() throws Exception {
        String port = "locked.sales.v1";
        int id = lab.port(port, 1, SALE);
        lab.broker().writeAll(lab.sales(port, id, 20, 100, 1, new Random(1)));
        try (PortLoader loader =
                lab.loader(port).statementTimeout(Duration.ofSeconds(2)).start()) {
            lab.awaitLoaded(port);
            try (Connection other = lab.postgres().connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("SELECT * FROM locked.sales_v1 FOR UPDATE");
                lab.broker().writeAll(lab.sales(port, id, 20, 100, 2, new Random(2)));
                await().atMost(LoadLab.TIMEOUT)
                        .until(() -> loader.progress()
                                .trouble()
                                .filter(why -> why.contains("lock timeout"))
                                .isPresent());
                other.rollback();
            }
            lab.awaitLoaded(port);
        }
        lab.assertComplete(port);
    }

    private static String epoch(String port) throws Exception {
        return lab.postgres().value("SELECT epoch FROM " + port.substring(0, port.indexOf('.')) + "._mesh_loads");
    }
}
