package io.kappamesh.capture;

import static io.kappamesh.fixture.Latches.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.testkit.LocalMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Captures that end at each step, slots that are gone, and several captures at once; each time every change stands in the topic once. */
@Timeout(240)
class CaptureFaultsIT {
    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    private static CaptureLab lab;

    @BeforeAll
    static void start() throws Exception {
        lab = CaptureLab.startOrSkip(mesh);
    }

    @AfterAll
    static void stop() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    /** What ends a capture where it stands. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Rows of one statement share a position in the database's log, and one transaction of the database is written in many of Kafka: so positions stand in the
     * middle of it.
     */
    @ParameterizedTest
    @EnumSource(
            value = CaptureStep.class,
            names = {"POSITION_SENT", "COMMITTED"})
    void captureThatDiesAtAStepIsSucceededWithoutLossOrRepetition(CaptureStep step) throws Exception {
        assertSucceededAt(step);
    }

    private static void assertSucceededAt(CaptureStep step) throws Exception {
        String name = "at" + step.name().toLowerCase(Locale.ROOT).replace("_", "");
        lab.table(name, 40);
        if (step == CaptureStep.SNAPSHOT_READ) {
            die(name, step, 1);
        }
        CaptureLab.toEnd(lab.capture(name));
        lab.assertSame(name);
        lab.postgres()
                .run(
                        "BEGIN; INSERT INTO " + name + " SELECT i, 1, 1 FROM generate_series(41, 90) i; UPDATE " + name
                                + " SET n = 1 WHERE id <= 20; DELETE FROM " + name
                                + " WHERE id BETWEEN 21 AND 30; COMMIT",
                        "UPDATE " + name + " SET n = 2 WHERE id = 1");

        boolean often = step != CaptureStep.FENCED && step != CaptureStep.CLAIMED && step != CaptureStep.SNAPSHOT_READ;
        for (int nth = 1; nth <= (often ? 3 : 1) && step != CaptureStep.SNAPSHOT_READ; nth++) {
            // Only what ends a transaction of the database is confirmed, and there are but few.
            die(name, step, step == CaptureStep.CONFIRMED ? 1 : nth);
            if (step == CaptureStep.CONFIRMED) {
                break;
            }
        }
        CaptureLab.toEnd(lab.capture(name));

        lab.assertSame(name);
        assertThat(lab.changes(name, 1, "n")).containsExactly("1", "2");
        assertThat(lab.changes(name, 25, "n")).containsExactly("d");
        assertThat(lab.changes(name, 90, "n")).containsExactly("1");
        assertThat(lab.changes(name)).isEqualTo(50 + 20 + 10 + 1);
        assertThat(lab.slots(name)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = CaptureStep.class,
            names = {"POSITION_SENT", "COMMITTED"},
            mode = EnumSource.Mode.EXCLUDE)
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void theSameAtTheOtherSteps(CaptureStep step) throws Exception {
        assertSucceededAt(step);
    }

    private static void die(String name, CaptureStep step, int nth) {
        AtomicInteger left = new AtomicInteger(nth);
        try (PortCapture dying = lab.capture(name)
                .transactionRecords(7)
                .steps(at -> {
                    if (at == step && left.decrementAndGet() == 0) {
                        throw new Killed();
                    }
                })
                .build()) {
            assertThatThrownBy(dying::captureToEnd).isInstanceOf(Killed.class);
        }
    }

    @Test
    void rowsDeletedBetweenTwoSnapshotsAreDeletedWhenTheSecondIsComplete() throws Exception {
        lab.table("cut", 100);
        AtomicInteger left = new AtomicInteger(3);
        try (PortCapture cut = lab.capture("cut")
                // What is open is committed at each heartbeat.
                .heartbeat(CaptureLab.TIMEOUT)
                .transactionRecords(20)
                .steps(at -> {
                    if (at == CaptureStep.COMMITTED && left.decrementAndGet() == 0) {
                        throw new Killed();
                    }
                })
                .build()) {
            assertThatThrownBy(cut::captureToEnd).isInstanceOf(Killed.class);
        }
        assertThat(lab.rows("cut")).hasSize(60);
        assertThat(lab.slots("cut")).isEmpty();
        // What leaves changes out does no harm, because the rows are read once more.
        lab.postgres()
                .run(
                        "DELETE FROM cut WHERE id <= 10",
                        "UPDATE cut SET n = 5 WHERE id = 11",
                        "DROP PUBLICATION mesh_cut_rows_v1");

        CaptureLab.toEnd(lab.capture("cut"));

        lab.assertSame("cut");
        assertThat(lab.slots("cut")).hasSize(1);
    }

    @Test
    void lostSlotIsRefusedUntilSomebodyAsksForAnotherSnapshot() throws Exception {
        lab.table("lost", 10);
        CaptureLab.toEnd(lab.capture("lost"));
        lab.postgres()
                .run(
                        "SELECT pg_drop_replication_slot('" + lab.freeSlot("lost") + "')",
                        "DELETE FROM lost WHERE id = 3",
                        "INSERT INTO lost VALUES (11, 1, 1)");

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("lost")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll("port lost.rows.v1", "is gone", "--again");
        assertThat(lab.rows("lost")).hasSize(10);

        CaptureLab.toEnd(lab.capture("lost").again());
        lab.assertSame("lost");
    }

    @Test
    void slotThatSomebodyElseHasReadIsAGap() throws Exception {
        lab.table("stolen", 10);
        CaptureLab.toEnd(lab.capture("stolen"));
        lab.postgres()
                .run(
                        "INSERT INTO stolen VALUES (11, 1, 1)",
                        "SELECT pg_replication_slot_advance('" + lab.freeSlot("stolen") + "', pg_current_wal_lsn())");

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("stolen")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll("somebody else has read it", "--again");
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void tableThatWasMadeAnewIsAnotherOne() throws Exception {
        lab.table("anew", 10);
        CaptureLab.toEnd(lab.capture("anew"));
        lab.postgres()
                .run(
                        "DROP TABLE anew",
                        "CREATE TABLE anew (id bigint PRIMARY KEY, n integer NOT NULL, part integer)",
                        "ALTER PUBLICATION mesh_anew_rows_v1 ADD TABLE anew",
                        "INSERT INTO anew VALUES (2, 1, 1)");

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("anew")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll("a table of this name that was dropped since", "--again");

        CaptureLab.toEnd(lab.capture("anew").again());
        lab.assertSame("anew");
    }

    @Test
    void laterCaptureEndsTheEarlierOneWhichWritesNothingMore() throws Exception {
        lab.table("two", 10);
        CaptureLab.toEnd(lab.capture("two"));
        lab.postgres().run("INSERT INTO two SELECT i, 1, 1 FROM generate_series(11, 60) i");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        AtomicInteger transactions = new AtomicInteger();
        try (PortCapture earlier = lab.capture("two")
                .transactionRecords(10)
                .steps(step -> {
                    if (step == CaptureStep.POSITION_SENT && transactions.incrementAndGet() == 3) {
                        reached.countDown();
                        join(wake);
                    }
                })
                .build()) {
            FutureTask<Boolean> first = new FutureTask<>(earlier::captureToEnd);
            new Thread(first, "earlier").start();
            reached.await();

            CaptureLab.toEnd(lab.capture("two"));
            wake.countDown();

            assertThatThrownBy(first::get)
                    .cause()
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("another capture of this port has begun");
        }
        lab.assertSame("two");
        assertThat(lab.changes("two")).isEqualTo(50);
    }

    @Test
    void truncationDeletesEachKeyAlsoInTheMiddleOfATransaction() throws Exception {
        lab.table("emptied", 30);
        CaptureLab.toEnd(lab.capture("emptied"));
        lab.postgres()
                .run(
                        "BEGIN; INSERT INTO emptied VALUES (31, 1, 1); TRUNCATE emptied; INSERT INTO emptied VALUES (5, 9, 9); COMMIT");
        AtomicInteger left = new AtomicInteger(3);
        try (PortCapture dying = lab.capture("emptied")
                .transactionRecords(7)
                .steps(at -> {
                    if (at == CaptureStep.COMMITTED && left.decrementAndGet() == 0) {
                        throw new Killed();
                    }
                })
                .build()) {
            assertThatThrownBy(dying::captureToEnd).isInstanceOf(Killed.class);
        }

        CaptureLab.toEnd(lab.capture("emptied"));

        lab.assertSame("emptied");
        assertThat(lab.rows("emptied")).containsExactly("5|9|9");
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void restartsOfPostgresAreWaitedFor() throws Exception {
        lab.table("restarted", 10);
        CaptureLab.toEnd(lab.capture("restarted"));
        try (PortCapture capture = lab.capture("restarted").start()) {
            for (int round = 1; round <= 3; round++) {
                int now = round;
                lab.postgres().run("UPDATE restarted SET n = " + now);
                lab.postgres().kill();
                lab.postgres().start();
                lab.postgres().run("INSERT INTO restarted VALUES (" + (100 + now) + ", 0, 0)");
            }
            await().atMost(CaptureLab.TIMEOUT).untilAsserted(() -> {
                assertThat(capture.failure()).isEmpty();
                lab.assertSame("restarted");
            });
        }
        assertThat(lab.changes("restarted", 1, "n"))
                .isEqualTo(
                        IntStream.rangeClosed(1, 3).mapToObj(Integer::toString).toList());
    }

    /** It is asked at each heartbeat, and waited for a minute; after a minute the brokers take a transaction back. */
    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void databaseThatDoesNotAnswerIsWaitedForAlsoWhileATransactionIsOpen() throws Exception {
        lab.table("silent", 10);
        CaptureLab.toEnd(lab.capture("silent"));
        AtomicInteger transactions = new AtomicInteger();
        List<String> stopped = new CopyOnWriteArrayList<>();
        try (PortCapture capture = lab.capture("silent")
                .commitEvery(Duration.ofSeconds(5))
                .steps(step -> {
                    if (step == CaptureStep.BEGUN && transactions.getAndIncrement() == 0) {
                        stopped.addAll(backends("mesh capture silent.rows.v1"));
                        signal("STOP", stopped);
                    }
                })
                .start()) {
            await().atMost(CaptureLab.TIMEOUT).until(() -> capture.progress().phase() == CaptureProgress.Phase.CHANGES);
            lab.postgres().run("UPDATE silent SET n = 1");
            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                assertThat(stopped).isNotEmpty();
                assertThat(capture.failure()).isEmpty();
                assertThat(backends("mesh capture silent.rows.v1")).anyMatch(one -> !stopped.contains(one));
                lab.assertSame("silent");
            });
            lab.postgres().run("UPDATE silent SET n = 2");
            await().atMost(CaptureLab.TIMEOUT).untilAsserted(() -> lab.assertSame("silent"));
        } finally {
            signal("CONT", stopped);
        }
        assertThat(lab.changes("silent", 1, "n")).containsExactly("1", "2");
    }

    private static List<String> backends(String application) {
        try {
            return lab.postgres()
                    .rows("SELECT pid FROM pg_stat_activity WHERE application_name = '" + application + "'");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void signal(String signal, List<String> processes) {
        for (String process : processes) {
            try {
                assertThat(new ProcessBuilder("kill", "-" + signal, process)
                                .start()
                                .waitFor())
                        .as("kill -%s %s", signal, process)
                        .isZero();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void idleTableLetsPostgresForgetItsLog() throws Exception {
        lab.table("idle", 1);
        lab.postgres().run("CREATE TABLE busy (id bigint PRIMARY KEY)");
        try (PortCapture capture = lab.capture("idle").start()) {
            await().atMost(CaptureLab.TIMEOUT).until(() -> capture.progress().phase() == CaptureProgress.Phase.CHANGES);
            String confirmed = "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots WHERE slot_name = '"
                    + lab.slots("idle").get(0) + "'";
            lab.postgres().run("INSERT INTO busy SELECT generate_series(1, 1000)");
            String now = lab.postgres().value("SELECT pg_current_wal_lsn()");

            await().atMost(CaptureLab.TIMEOUT)
                    .until(() -> lab.postgres().value(confirmed.formatted(now)).equals("t"));
            assertThat(capture.failure()).isEmpty();
        }
    }

    @Test
    void keysThatAreDeferredOrComputedAreRefused() throws Exception {
        lab.table("keyed", 1);
        lab.postgres()
                .run(
                        "CREATE TABLE deferred (id bigint PRIMARY KEY DEFERRABLE)",
                        "CREATE TABLE computed (n bigint, id bigint GENERATED ALWAYS AS (n * 2) STORED PRIMARY KEY)");
        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("keyed").table("public.deferred")))
                .isInstanceOfSatisfying(
                        StartupException.class,
                        refused -> assertThat(String.join("\n", refused.problems()))
                                .contains("is DEFERRABLE"));
        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("keyed").table("public.computed")))
                .isInstanceOfSatisfying(
                        StartupException.class,
                        refused -> assertThat(String.join("\n", refused.problems()))
                                .contains("a column that PostgreSQL computes"));
    }

    @Test
    void columnsThatAKeyOnlyIncludesAreNotOfTheKey() throws Exception {
        lab.topic("included");
        lab.postgres()
                .run(
                        "CREATE TABLE included (id bigint, n integer, PRIMARY KEY (id) INCLUDE (n))",
                        "INSERT INTO included VALUES (1, 1), (2, 2)");
        CaptureLab.toEnd(lab.capture("included"));
        lab.postgres().run("UPDATE included SET n = 3 WHERE id = 1", "DELETE FROM included WHERE id = 2");
        CaptureLab.toEnd(lab.capture("included"));

        lab.assertSame("included");
        assertThat(lab.changes("included", 1, "n")).containsExactly("3");
    }

    /** Debezium would write what it writes instead of a text that was not logged: as numbers, one for each byte. */
    @Test
    void unloggedArraysAreRefusedUnlessTheirElementsAreText() throws Exception {
        lab.topic("listed");
        lab.postgres()
                .run(
                        "CREATE TABLE listed (id bigint PRIMARY KEY, numbers integer[], ids uuid[], notes text[], kinds bytea[])");

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("listed").acceptingUnlogged()))
                .isInstanceOfSatisfying(
                        StartupException.class,
                        refused -> assertThat(refused.problems())
                                .hasSize(2)
                                .allMatch(problem -> problem.contains("needs REPLICA IDENTITY FULL"))
                                .anyMatch(problem -> problem.contains("column numbers "))
                                .anyMatch(problem -> problem.contains("column ids ")));
        lab.postgres().run("ALTER TABLE listed DROP COLUMN numbers, DROP COLUMN ids");
        CaptureLab.toEnd(lab.capture("listed").acceptingUnlogged());
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnceWithWhatMendsIt() throws Exception {
        lab.postgres()
                .run(
                        "CREATE TABLE odd (id bigint, note text, called name)",
                        "ALTER TABLE odd ENABLE ROW LEVEL SECURITY",
                        "CREATE ROLE plain LOGIN PASSWORD 'plain'");
        lab.table("wrong", 1);
        PortCaptureBuilder builder = PortCapture.builder(lab.settings(), "wrong.rows.v1")
                .jdbc(lab.postgres().urlWithoutUser())
                .user("plain")
                .password("plain")
                .table("public.odd");

        assertThatThrownBy(() -> CaptureLab.toEnd(builder)).isInstanceOfSatisfying(StartupException.class, refused -> {
            assertThat(refused.problems()).hasSizeGreaterThanOrEqualTo(5);
            assertThat(String.join("\n", refused.problems()))
                    .contains(
                            "ALTER ROLE \"plain\" REPLICATION;",
                            "has no primary key",
                            "GRANT SELECT ON \"public\".\"odd\"",
                            "row security",
                            "ALTER COLUMN \"called\" TYPE text",
                            "REPLICA IDENTITY FULL")
                    .doesNotContain("password");
        });
        assertThat(lab.records("wrong.rows.v1")).isEmpty();
        assertThatThrownBy(() -> PortCapture.builder(lab.settings(), "Wrong")
                        .table("orders")
                        .transactionRecords(0)
                        .build())
                .isInstanceOfSatisfying(
                        StartupException.class,
                        refused -> assertThat(refused.problems()).hasSize(4));
    }

    @Test
    void topicThatSomebodyElseHasWrittenIsLeftAlone() throws Exception {
        lab.table("foreignrows", 1);
        lab.table("foreigntarget", 1);
        CaptureLab.toEnd(lab.capture("foreigntarget"));

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("foreignrows").topic(CaptureLab.port("foreigntarget"))))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("no capture has written them");
        assertThat(List.of(lab.rows("foreigntarget").size())).containsExactly(1);
    }
}
