package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the reading of a generation begins. Its group has these offsets committed with the decision that begins it, so that a position
 * that is missing later was lost and was never there to be chosen.
 *
 * @param topics the ids that brokers have given to its inputs, by name: a topic that is deleted and created again has another
 * @param starts the first offset of each partition that was kept then
 */
@Internal
public record Origin(Map<String, String> topics, Map<String, Long> starts) {

    public Origin {
        topics = new TreeMap<>(topics);
        starts = new TreeMap<>(starts);
    }

    public static Origin of(Map<String, String> topics, Map<TopicPartition, Long> starts) {
        return new Origin(topics, Offsets.named(starts));
    }

    /** The first offset to be read of each partition. */
    public Map<TopicPartition, Long> offsets() {
        return Offsets.of(starts);
    }
}
