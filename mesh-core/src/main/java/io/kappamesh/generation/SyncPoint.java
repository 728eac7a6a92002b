package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * When the shadows of a generation said what the public topics said. It is written with each exchange of roles, for both generations: whatever is written
 * to a public topic or to a shadow later stands behind these offsets, so that keys of which nothing stands there still agree, as long as
 * the topics have lost nothing.
 *
 * @param at when, ISO-8601 in UTC
 * @param topics the ids that brokers have given to the public topics and the shadows, by name: a topic that is deleted and created again has
 *     another
 * @param begins the first offset that was kept then, of each partition
 * @param ends the offset behind the last record that belongs to it, of each partition
 * @param deletionsKept for how many milliseconds a topic kept deletions then; topics that were not only compacted are missing
 */
@Internal
public record SyncPoint(
        String at,
        Map<String, String> topics,
        Map<String, Long> begins,
        Map<String, Long> ends,
        Map<String, Long> deletionsKept) {

    public SyncPoint {
        topics = new TreeMap<>(topics);
        begins = new TreeMap<>(Objects.requireNonNullElse(begins, Map.of()));
        ends = new TreeMap<>(ends);
        deletionsKept = new TreeMap<>(Objects.requireNonNullElse(deletionsKept, Map.of()));
    }

    /** Of topics as they are, where they ended at that time. */
    public static SyncPoint of(
            Instant at,
            Map<String, String> topics,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            Map<String, Long> deletionsKept) {
        return new SyncPoint(at.toString(), topics, Offsets.named(begins), Offsets.named(ends), deletionsKept);
    }

    public Instant time() {
        return Instant.parse(at);
    }

    /** Where each partition began. */
    public Map<TopicPartition, Long> beginOffsets() {
        return Offsets.of(begins);
    }

    /** Where each partition ended. */
    public Map<TopicPartition, Long> endOffsets() {
        return Offsets.of(ends);
    }

    /** For how long a topic kept deletions then; empty = it was not only compacted. */
    public Optional<Duration> deletionsKept(String topic) {
        return Optional.ofNullable(deletionsKept.get(topic)).map(Duration::ofMillis);
    }

    /** Whether it says something of all of these topics. */
    public boolean covers(Collection<String> all) {
        return topics.keySet().containsAll(all);
    }
}
