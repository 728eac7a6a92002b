package io.kappamesh.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.testkit.LocalMesh;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PostgreSQL would leave out of the stream of changes without a word: it is refused, and never passed over. */
@Timeout(180)
class CaptureGapsIT {
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

    private static void run(String... statements) {
        try {
            lab.postgres().run(statements);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Debezium looks at the publication, then at the slot, and makes it if it is not there: it is held where it is about to look at the publication. */
    @Test
    void slotThatVanishesBehindTheCheckIsNotMadeAnew() throws Exception {
        lab.table("vanished", 10);
        CaptureLab.toEnd(lab.capture("vanished"));
        String slot = lab.freeSlot("vanished");
        run("DELETE FROM vanished WHERE id = 3");
        try (Connection holding = lab.postgres().connect();
                Statement statement = holding.createStatement()) {
            holding.setAutoCommit(false);
            AtomicInteger claims = new AtomicInteger();
            FutureTask<Void> dropping = new FutureTask<>(() -> {
                await().atMost(CaptureLab.TIMEOUT)
                        .until(() -> lab.postgres()
                                .value(
                                        "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_stat_activity a USING (pid)"
                                                + " WHERE NOT granted AND relation = 'pg_publication'::regclass AND application_name LIKE 'Debezium%')")
                                .equals("t"));
                run("SELECT pg_drop_replication_slot('" + slot + "')");
                holding.commit();
                return null;
            });
            PortCaptureBuilder builder = lab.capture("vanished")
                    .heartbeat(CaptureLab.TIMEOUT)
                    .steps(step -> {
                        if (step == CaptureStep.CLAIMED && claims.getAndIncrement() == 0) {
                            execute(statement, "LOCK TABLE pg_publication IN ACCESS EXCLUSIVE MODE");
                            new Thread(dropping, "dropping").start();
                        }
                    });

            assertThatThrownBy(() -> CaptureLab.toEnd(builder))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContainingAll("is gone", "--again");
            dropping.get();
        }
        // Debezium has made one.
        assertThat(lab.slots("vanished")).isEmpty();
        CaptureLab.toEnd(lab.capture("vanished").again());
        lab.assertSame("vanished");
    }

    private static void execute(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Nobody reads a slot while Debezium reads the rows: it can be dropped. The table has more rows than wait between the two. */
    @Test
    void slotThatVanishesWhileTheSnapshotIsReadIsNoticedAndTheSnapshotBegunAgain() throws Exception {
        lab.table("halfway", 30_000);
        AtomicInteger commits = new AtomicInteger();

        CaptureLab.toEnd(lab.capture("halfway").transactionRecords(2_000).steps(step -> {
            if (step == CaptureStep.COMMITTED && commits.incrementAndGet() == 2) {
                run(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE 'mesh_halfway_%'",
                        "DELETE FROM halfway WHERE id <= 10", "UPDATE halfway SET n = 5 WHERE id = 11");
            }
        }));

        lab.assertSame("halfway");
        assertThat(lab.slots("halfway")).hasSize(1).first().asString().endsWith("_2");
    }

    /** While such a change stands, PostgreSQL leaves changes of rows out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "taken; ALTER PUBLICATION mesh_taken_rows_v1 DROP TABLE taken; ALTER PUBLICATION mesh_taken_rows_v1 ADD TABLE taken; publication mesh_taken_rows_v1",
            })
    void changeThatWasTakenBackIsAGap(String name, String change, String back, String named) throws Exception {
        assertGap(name, change, back, named);
    }

    private static void assertGap(String name, String change, String back, String named) throws Exception {
        lab.table(name, 10);
        CaptureLab.toEnd(lab.capture(name));
        run(change, "DELETE FROM " + table(name, change) + " WHERE id = 3", back);

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture(name)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll(named, "was changed, perhaps back again", "--again");
        CaptureLab.toEnd(lab.capture(name).again());
        lab.assertSame(name);

        try (PortCapture running = lab.capture(name).start()) {
            await().atMost(CaptureLab.TIMEOUT).until(() -> running.progress().phase() == CaptureProgress.Phase.CHANGES);
            run(change, "DELETE FROM " + table(name, change) + " WHERE id = 4", back);
            await().atMost(CaptureLab.TIMEOUT).until(() -> running.failure().isPresent());
            assertThat(running.failure().orElseThrow())
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContainingAll(named, "--again");
        }
        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture(name)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll(named, "--again");
    }

    /** What the table is called while the change stands. */
    private static String table(String name, String change) {
        return change.contains("RENAME TO") ? name + "2" : name;
    }

    @ParameterizedTest
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    @CsvSource(
            delimiter = ';',
            value = {
                "muted; ALTER PUBLICATION mesh_muted_rows_v1 SET (publish = 'insert'); ALTER PUBLICATION mesh_muted_rows_v1 SET (publish = 'insert, update, delete, truncate'); publication",
                "renamed; ALTER TABLE renamed RENAME TO renamed2; ALTER TABLE renamed2 RENAME TO renamed; the name",
            })
    void otherChangesThatWereTakenBackAreGapsToo(String name, String change, String back, String named)
            throws Exception {
        assertGap(name, change, back, named);
    }

    /** A partition can be detached for a while then, and a table be unlogged. */
    @Test
    void publicationThatDoesNotNameTheTableItselfIsRefused() throws Exception {
        lab.table("named", 3);
        run(
                "CREATE PUBLICATION everything FOR ALL TABLES",
                "CREATE TABLE parted (id bigint PRIMARY KEY, n integer NOT NULL, part integer) PARTITION BY RANGE (id)",
                "CREATE TABLE part_one PARTITION OF parted FOR VALUES FROM (1) TO (100)",
                "INSERT INTO parted VALUES (1, 1, 1)",
                "CREATE PUBLICATION parents FOR TABLE parted WITH (publish_via_partition_root)");

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("named").publication("everything")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("CREATE PUBLICATION \"everything_named\" FOR TABLE \"public\".\"named\";");
        PortCaptureBuilder part = lab.capture("named").table("public.part_one").publication("parents");
        assertThatThrownBy(() -> CaptureLab.toEnd(part))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll(
                        "ALTER PUBLICATION \"parents\" ADD TABLE \"public\".\"part_one\";",
                        "SET (publish_via_partition_root = false);");

        run(
                "ALTER PUBLICATION parents ADD TABLE part_one",
                "ALTER PUBLICATION parents SET (publish_via_partition_root = false)");
        CaptureLab.toEnd(part);
        run("UPDATE parted SET n = 2");
        CaptureLab.toEnd(part);
        assertThat(lab.rows("named")).containsExactly("1|2|1");

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("named").table("public.part_one")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll("was captured from publication parents", "--again")
                .hasMessageNotContaining("was changed");
    }

    @Test
    void positionWithoutMarksIsRefusedUntilSomebodyAsksForAnotherSnapshot() throws Exception {
        lab.table("aged", 3);
        CaptureLab.toEnd(lab.capture("aged"));
        String positions = CaptureTopic.of(PortAddress.of(CaptureLab.port("aged")));
        var last = lab.records(positions).stream().reduce((before, one) -> one).orElseThrow();
        ObjectNode position = (ObjectNode) CaptureLab.json(last.value());
        assertThat(((ObjectNode) position.get("source")).remove("marks").fieldNames())
                .toIterable()
                .containsExactly("publication", "published", "type", "keyTypes");
        lab.write(positions, last.key(), position.toString().getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("aged")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll("an earlier version", "--again");
        CaptureLab.toEnd(lab.capture("aged").again());
        CaptureLab.toEnd(lab.capture("aged"));
        lab.assertSame("aged");
    }

    @Test
    void replicaIdentityThatSaysTooLittleEndsTheCapture() throws Exception {
        lab.table("identified", 3);
        try (PortCapture running = lab.capture("identified").start()) {
            await().atMost(CaptureLab.TIMEOUT).until(() -> running.progress().phase() == CaptureProgress.Phase.CHANGES);
            run("ALTER TABLE identified REPLICA IDENTITY NOTHING");
            await().atMost(CaptureLab.TIMEOUT).until(() -> running.failure().isPresent());
            assertThat(running.failure().orElseThrow())
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("REPLICA IDENTITY FULL");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void whatLeavesNothingOutIsNoGap() throws Exception {
        lab.table("tended", 10);
        run(
                "CREATE TABLE neighbour (id bigint PRIMARY KEY)",
                "CREATE ROLE reader",
                "CREATE PUBLICATION shared FOR TABLE tended");
        CaptureLab.toEnd(lab.capture("tended").publication("shared"));
        run(
                "ALTER PUBLICATION shared ADD TABLE neighbour",
                "ALTER TABLE tended ALTER COLUMN part SET DEFAULT 8",
                "CREATE INDEX ON tended (n)",
                "GRANT SELECT ON tended TO reader",
                "GRANT USAGE ON SCHEMA public TO reader",
                "ANALYZE tended",
                "CLUSTER tended USING tended_pkey",
                "VACUUM FULL tended",
                "VACUUM FREEZE pg_publication",
                "VACUUM FULL pg_publication",
                "VACUUM FULL pg_publication_rel",
                "VACUUM FULL pg_type",
                "ALTER TABLE tended REPLICA IDENTITY FULL",
                "ALTER TABLE tended ALTER COLUMN n TYPE bigint",
                "INSERT INTO neighbour VALUES (1)",
                "DELETE FROM tended WHERE id = 3");

        CaptureLab.toEnd(lab.capture("tended").publication("shared"));

        lab.assertSame("tended");
    }

    /** 1 and "1" are two keys of a topic. */
    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void keyOfAnotherTypeIsAnotherKeyUnlessBothAreWholeNumbers() throws Exception {
        lab.table("retyped", 10);
        CaptureLab.toEnd(lab.capture("retyped"));
        run("ALTER TABLE retyped ALTER COLUMN id TYPE integer", "DELETE FROM retyped WHERE id = 3");
        CaptureLab.toEnd(lab.capture("retyped"));
        lab.assertSame("retyped");
        run("ALTER TABLE retyped ALTER COLUMN id TYPE text");

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("retyped").acceptingUnlogged()))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll("the types of its primary key", "--again");
    }

    /** 1.00 and 1.000 are two keys of a topic, and 1.00 stays what it is if there may be more digits before it. */
    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void keyOfAnotherScaleIsAnotherKeyAndOfAnotherPrecisionIsNot() throws Exception {
        lab.topic("scaled");
        run(
                "CREATE SCHEMA odd",
                "CREATE TYPE odd.colour AS ENUM ('red')",
                "CREATE TABLE scaled (id numeric(8,2), colour odd.colour, PRIMARY KEY (id, colour) INCLUDE (n), n integer)",
                "INSERT INTO scaled VALUES (1, 'red', 1)");
        CaptureLab.toEnd(lab.capture("scaled"));
        run(
                "ALTER TABLE scaled ALTER COLUMN id TYPE numeric(9,2)",
                "ALTER TABLE scaled ALTER COLUMN n TYPE double precision",
                "ALTER ROLE postgres SET search_path = odd, public");
        CaptureLab.toEnd(lab.capture("scaled"));
        run("ALTER ROLE postgres RESET search_path", "ALTER TABLE scaled ALTER COLUMN id TYPE numeric(9,3)");

        assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("scaled")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContainingAll("the types of its primary key", "--again");
    }
}
