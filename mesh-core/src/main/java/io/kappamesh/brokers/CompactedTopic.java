package io.kappamesh.brokers;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

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
}
