package io.kappamesh.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.cut.Progress;
import io.kappamesh.fixture.PostgresServer;
import io.kappamesh.fixture.Stall;
import io.kappamesh.fixture.TestMesh;
import io.kappamesh.lifecycle.Lifecycle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A promotion with corrections while a loader runs. */
@Timeout(180)
class PromotionIT {
    private static final int PENS = 4_000;

    @RegisterExtension
    static final TestMesh mesh = TestMesh.create();

    @Test
    void correctionsOfAPromotionAppearAllAtOnce() throws Exception {
        Stall stall = new Stall("promoted");
        try (PostgresServer postgres = PostgresServer.startOrSkip()) {
            mesh.run("one", stall.bothWithNotes("old"));
            mesh.writePens(stall, 0, PENS);
            try (PortLoader loader = loader(postgres).start()) {
                await().atMost(TestMesh.TIMEOUT)
                        .ignoreExceptions()
                        .until(() -> postgres.value("SELECT count(*) FROM promoted.baskets")
                                .equals(Integer.toString(PENS)));
                mesh.replay("two", stall.bothWithNotes("new"));
                AtomicBoolean done = new AtomicBoolean();
                List<String> seen = Collections.synchronizedList(new ArrayList<>());
                Thread analyst = new Thread(() -> watch(postgres, seen, done), "analyst");
                analyst.start();
                try (Lifecycle lifecycle = Lifecycle.connect(mesh.settings("operator"))) {
                    lifecycle.promote(
                            stall.bothWithNotes("new").product().name(), OptionalInt.empty(), true, Progress.SILENT);
                }
                await().atMost(TestMesh.TIMEOUT)
                        .until(() -> postgres.value("SELECT count(*) FROM promoted.baskets WHERE note = 'new'")
                                .equals(Integer.toString(PENS)));
                done.set(true);
                analyst.join();

                assertThat(loader.failure()).isEmpty();
                assertThat(seen).as("looks of the analyst").isNotEmpty().containsOnly("0", Integer.toString(PENS));
            }
            LoadVerification found = loader(postgres).verify(Progress.SILENT);
            assertThat(found.isComplete()).as("%s", found).isTrue();
            assertThat(found.topicKeys()).isEqualTo(PENS);
        }
    }

    private static PortLoaderBuilder loader(PostgresServer postgres) {
        // Batches far smaller than the promotion.
        return PortLoader.builder(mesh.settings("loader"), "promoted.baskets.v1")
                .jdbc(postgres.url())
                .batchRecords(300)
                .writeEvery(Duration.ofMillis(1));
    }

    /** How many rows are corrected, looked at twice in one transaction. */
    private static void watch(PostgresServer postgres, List<String> seen, AtomicBoolean done) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            while (!done.get()) {
                String first = corrected(statement);
                String second = corrected(statement);
                connection.commit();
                seen.add(first);
                if (!first.equals(second)) {
                    seen.add("changed amid a transaction");
                }
            }
        } catch (SQLException failed) {
            seen.add(failed.toString());
        }
    }

    private static String corrected(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM promoted.baskets WHERE note = 'new'")) {
            row.next();
            return row.getString(1);
        }
    }
}
