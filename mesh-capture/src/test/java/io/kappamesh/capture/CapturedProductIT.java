package io.kappamesh.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contracts.captured.OrderRow;
import io.kappamesh.fixture.PostgresServer;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.testkit.LocalMesh;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A product over a captured table, against what SQL says of the table. */
@Timeout(180)
class CapturedProductIT {
    private static final int SCALE_OF_RATES = 10;

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void productIsWhatAQuerySaysThroughSchemaChangesRestartsAndTruncations() throws Exception {
        try (PostgresServer postgres = PostgresServer.startOrSkip(Map.of("wal_level", "logical"));
                MeshRuntime running = mesh.run(CapturedOrders.PRODUCT)) {
            postgres.run("""
                    CREATE TABLE orders (id bigint PRIMARY KEY, customer text NOT NULL, amount numeric(12,2) NOT NULL, placed_at timestamptz NOT NULL,
                      delivered_at timestamp(3), due date, note text DEFAULT 'none', paid boolean NOT NULL, rate numeric)
                    """, "ALTER TABLE orders REPLICA IDENTITY FULL", """
                    INSERT INTO orders VALUES
                      (1, 'ACME', 12.50, '2026-03-01 12:00:00.123456+01', '2026-03-02 08:30:00.001', '2026-04-01', 'Grüße', true, 0.125),
                      (-2, '', -0.01, '1999-12-31 23:59:59+00', NULL, NULL, NULL, false, NULL),
                      (9007199254740993, 'O''Brien "quoted"', 9999999999.99, '2026-03-01 00:00:00-08', '1969-07-20 20:17:40', '1969-07-20', '', true,
                       12345678901234567890.0123456789),
                      (4, 'gone', 1, now(), now(), current_date, 'to be deleted', false, 1e3)
                    """);
            try (PortCapture capture = capture(postgres).start()) {
                awaitRows(postgres, capture);

                postgres.run(
                        "INSERT INTO orders VALUES (5, 'new', 5.00, now(), NULL, NULL, NULL, false, NULL)",
                        "UPDATE orders SET amount = amount + 1, note = NULL WHERE id = 1",
                        "DELETE FROM orders WHERE id = 4",
                        "UPDATE orders SET id = 6 WHERE id = -2");
                postgres.run("INSERT INTO orders VALUES (4, 'back again', 4.00, now(), NULL, NULL, NULL, true, 0)");
                awaitRows(postgres, capture);

                postgres.run("ALTER TABLE orders ADD COLUMN channel text");
                postgres.run(
                        "UPDATE orders SET channel = 'web' WHERE id = 5",
                        "ALTER TABLE orders ALTER COLUMN customer TYPE varchar(100), ALTER COLUMN paid SET DEFAULT true",
                        "INSERT INTO orders VALUES (7, 'seven', 7, now(), NULL, NULL, NULL, true, NULL, 'phone')");
                awaitRows(postgres, capture);

                // Kept beside the row, and not logged again but for REPLICA IDENTITY FULL.
                postgres.run(
                        "UPDATE orders SET note = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 1000) n) WHERE id = 5");
                postgres.run("UPDATE orders SET paid = NOT paid WHERE id = 5");
                postgres.kill();
                postgres.start();
                postgres.run("UPDATE orders SET paid = NOT paid WHERE id = 7");
                awaitRows(postgres, capture);
            }

            // Nobody captures in the meantime.
            postgres.run(
                    "DELETE FROM orders WHERE id = 7",
                    "UPDATE orders SET amount = amount - 1",
                    "CREATE TABLE saved AS SELECT * FROM orders WHERE id <> 1",
                    "TRUNCATE orders",
                    "INSERT INTO orders SELECT * FROM saved");
            try (PortCapture capture = capture(postgres).build()) {
                assertThat(capture.captureToEnd()).isTrue();
                awaitRows(postgres, capture);
            }
            assertThat(mesh.deadLetters(CapturedOrders.PRODUCT.product())).isEmpty();
            mesh.prove(CapturedOrders.PRODUCT.product());
            assertThat(running.products()).isNotEmpty();
        }
    }

    private static PortCaptureBuilder capture(PostgresServer postgres) {
        return PortCapture.builder(Settings.of(mesh.settings(), Map.of()), "shop.order-rows.v1")
                .jdbc(postgres.url())
                .table("public.orders");
    }

    private static void awaitRows(PostgresServer postgres, PortCapture capture) throws SQLException {
        Map<String, OrderRow> expected = rows(postgres);
        await().atMost(CaptureLab.TIMEOUT).untilAsserted(() -> {
            assertThat(capture.failure()).isEmpty();
            Map<String, OrderRow> found = new TreeMap<>(mesh.table(CapturedOrders.ORDERS));
            found.replaceAll((key, row) ->
                    OrderRow.newBuilder(row).setChangedAt(Instant.EPOCH).build());
            assertThat(found).isEqualTo(expected);
        });
    }

    private static Map<String, OrderRow> rows(PostgresServer postgres) throws SQLException {
        Map<String, OrderRow> rows = new TreeMap<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM orders")) {
            boolean hasChannel = row.getMetaData().getColumnCount() > 9;
            while (row.next()) {
                BigDecimal rate = row.getBigDecimal("rate");
                rows.put(
                        row.getString("id"),
                        new OrderRow(
                                row.getLong("id"),
                                row.getString("customer"),
                                row.getBigDecimal("amount"),
                                row.getObject("placed_at", OffsetDateTime.class).toInstant(),
                                row.getObject("delivered_at", LocalDateTime.class),
                                row.getObject("due", LocalDate.class),
                                row.getString("note"),
                                row.getBoolean("paid"),
                                rate == null ? null : rate.setScale(SCALE_OF_RATES, RoundingMode.UNNECESSARY),
                                hasChannel ? row.getString("channel") : null,
                                Instant.EPOCH));
            }
        }
        return rows;
    }
}
