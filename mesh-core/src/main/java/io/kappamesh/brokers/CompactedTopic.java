package io.kappamesh.brokers;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** A small topic of which only the latest record of each key counts, and that is read from its beginning at every start. Stateless. */
public final class CompactedTopic {
    /** The largest record, in bytes. Also the segment size, so that what was replaced is compacted soon. */
    public static final int LARGEST = 4 * 1024 * 1024;

    private CompactedTopic() {}

    /**
     * Its configuration. It keeps the latest values forever and older ones not for long. The time of its records is the brokers', so that a
     * wrong clock has none refused, and readers can tell how old one is.
     */
    public static Map<String, String> configs() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                String.valueOf(LARGEST),
                TopicConfig.SEGMENT_BYTES_CONFIG,
                String.valueOf(LARGEST),
                TopicConfig.SEGMENT_MS_CONFIG,
                String.valueOf(Duration.ofHours(6).toMillis()),
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                "0.1",
                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                String.valueOf(Duration.ofDays(1).toMillis()),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "LogAppendTime");
    }

    /** The same for what must not be lost: the topic never elects a leader that lacks acknowledged records. */
    public static Map<String, String> durableConfigs() {
        Map<String, String> configs = new HashMap<>(configs());
        configs.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return configs;
    }

    /**
     * The {@code min.insync.replicas} of such a topic: two, or one if there is only one replica. It is better that a record waits for the restart
     * of a broker than that it is lost with one.
     */
    public static int inSync(int replicas) {
        return Math.min(2, replicas);
    }

    /** Creates such a topic, with one partition, if it does not exist. Several processes may call this at the same time. */
    public static void ensureDurable(Admin admin, String name) throws ExecutionException, InterruptedException {
        if (TopicAdmin.exists(admin, name)) {
            return;
        }
        NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty());
        try {
            // The default number of replicas of the brokers; but their default min.insync.replicas may be 1.
            int replicas = admin.createTopics(
                            Set.of(topic.configs(durableConfigs())), new CreateTopicsOptions().validateOnly(true))
                    .replicationFactor(topic.name())
                    .get();
            Map<String, String> all = new HashMap<>(durableConfigs());
            if (replicas > 0) {
                all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(inSync(replicas)));
            }
            TopicAdmin.create(admin, topic.configs(all));
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw failed;
            }
        }
    }
}
