package io.kappamesh.change;

import io.debezium.DebeziumException;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import io.debezium.connector.postgresql.spi.SlotState;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A slot that is made when a snapshot begins, and at no other time. Debezium makes one whenever it finds none: when it starts, and once more when it begins to read
 * changes. So the slot is looked at when it is read, because nobody can drop it from then on: a slot begins behind the end of the log that there is when it
 * is made, so that one which begins behind the position was made too late.
 */
@SuppressWarnings("try") // Debezium's close() throws whatever it likes
final class WatchedSlot implements ReplicationConnection {
    private final ReplicationConnection slot;
    private final PostgresConnectorConfig config;
    private final boolean isSnapshot;
    private boolean isMade;

    WatchedSlot(ReplicationConnection slot, PostgresConnectorConfig config, boolean isSnapshot) {
        this.slot = slot;
        this.config = config;
        this.isSnapshot = isSnapshot;
    }

    @Override
    public Optional<SlotCreationResult> createReplicationSlot() throws SQLException {
        if (!isSnapshot) {
            throw gone("is gone");
        }
        isMade = true;
        return slot.createReplicationSlot();
    }

    @Override
    public ReplicationStream startStreaming(WalPositionLocator position) {
        throw gone("is to be read from nowhere");
    }

    @Override
    public ReplicationStream startStreaming(Lsn from, WalPositionLocator position)
            throws SQLException, InterruptedException {
        if (isSnapshot && !isMade) {
            throw gone("was there before the snapshot that it is for");
        }
        ReplicationStream stream = slot.startStreaming(from, position);
        try (PostgresConnection connection =
                new PostgresConnection(config.getJdbcConfig(), PostgresConnection.CONNECTION_SLOT_INFO)) {
            SlotState state = connection.getReplicationSlotState(
                    config.slotName(), config.plugin().getPostgresPluginName());
            if (state == null) {
                throw gone("was dropped");
            }
            if (state.slotLastFlushedLsn().compareTo(from) > 0) {
                drop(connection);
                throw gone("was dropped and made anew behind position " + from.asString());
            }
        }
        return stream;
    }

    /** Nobody would ever read it, and PostgreSQL would keep its log for it. */
    private void drop(PostgresConnection connection) {
        try {
            slot.close();
        } catch (Exception failed) {
            throw new DebeziumException("slot " + config.slotName() + " cannot be left", failed);
        }
        boolean unused = connection.dropReplicationSlot(config.slotName());
    }

    private DebeziumException gone(String how) {
        return new DebeziumException("slot " + config.slotName() + " " + how);
    }

    @Override
    public void initConnection() throws SQLException, InterruptedException {
        slot.initConnection();
    }

    @Override
    public boolean isConnected() throws SQLException {
        return slot.isConnected();
    }

    @Override
    public void reconnect() throws SQLException {
        slot.reconnect();
    }

    @Override
    public void close() throws Exception {
        slot.close();
    }
}
