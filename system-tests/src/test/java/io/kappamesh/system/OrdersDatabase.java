package io.kappamesh.system;

import io.kappamesh.contracts.faults.OrderRow;
import io.kappamesh.fixture.EmbeddedPostgresOrSkip;
import io.kappamesh.stack.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;

/** A PostgreSQL of its own, with logical replication and the table {@code public.orders}. */
final class OrdersDatabase implements AutoCloseable {
    private static final int SCALE_OF_RATES = 10;

    private final EmbeddedPostgres postgres;
    private final Connection connection;

    private OrdersDatabase(EmbeddedPostgres postgres) throws SQLException {
        this.postgres = postgres;
        connection = postgres.getPostgresDatabase().getConnection();
    }

    /** Starts it, or skips the test where that cannot be. */
    static OrdersDatabase startOrSkip() throws IOException, SQLException, InterruptedException {
        EmbeddedPostgres postgres = EmbeddedPostgresOrSkip.start(() -> EmbeddedPostgres.builder()
                .setPort(Ports.free())
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("wal_level", "logical")
                .start());
        return new OrdersDatabase(postgres);
    }

    int port() {
        return postgres.getPort();
    }

    /** In one transaction. */
    void run(String... statements) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** The rows of {@code orders} by their keys, without the time of their last change, which the table does not have. */
    Map<String, OrderRow> rows() throws SQLException {
        Map<String, OrderRow> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
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

    @Override
    public void close() throws IOException, SQLException {
        try {
            connection.close();
        } finally {
            postgres.close();
        }
    }
}
