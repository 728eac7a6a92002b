package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * When the shadows of a generation said what the public topics said. It is written with each exchange of roles, for both generations: whatever is written
 * to a public topic or to a shadow later stands behind these offsets, so that keys of which nothing stands there still agree.
 *
 * @param at when, ISO-8601 in UTC
 * @param topics the ids that brokers have given to the public topics and the shadows, by name: a topic that is deleted and created again has
 *     another
 * @param ends the offset behind the last record that belongs to it, of each partition
 */
@Internal
public record SyncPoint(String at, Map<String, String> topics, Map<String, Long> ends) {

    public SyncPoint {
        topics = new TreeMap<>(topics);
        ends = new TreeMap<>(ends);
    }

    public static SyncPoint of(Instant at, Map<String, String> topics, Map<TopicPartition, Long> ends) {
        return new SyncPoint(at.toString(), topics, Offsets.named(ends));
    }

    public Instant time() {
        return Instant.parse(at);
    }

    /** Where each partition ended. */
    public Map<TopicPartition, Long> offsets() {
        return Offsets.of(ends);
    }

    /** Whether it says something of all of these topics. */
    public boolean covers(Collection<String> all) {
        return topics.keySet().containsAll(all);
    }
}
