package io.kappamesh.change;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.time.Duration;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's connector, but for slots that vanish: it would make them anew, with a hole in the stream of changes. Public for Debezium, which makes it by
 * its name.
 */
public final class SlotWatchingConnector extends PostgresConnector {
    /** For Debezium. */
    public SlotWatchingConnector() {}

    @Override
    public Class<? extends Task> taskClass() {
        return SlotWatchingTask.class;
    }

    /** Public for Debezium, which makes it by its class. */
    public static final class SlotWatchingTask extends PostgresConnectorTask {
        private boolean isSnapshot;

        /** For Debezium. */
        public SlotWatchingTask() {}

        @Override
        public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration config) {
            isSnapshot = !config.hasKey(ResumePoint.LSN);
            return super.start(config);
        }

        @Override
        public ReplicationConnection createReplicationConnection(
                PostgresConnectorConfig config, int maxRetries, Duration retryDelay) {
            return new WatchedSlot(
                    super.createReplicationConnection(config, maxRetries, retryDelay), config, isSnapshot);
        }
    }
}
