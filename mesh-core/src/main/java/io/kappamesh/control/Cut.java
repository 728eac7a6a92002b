package io.kappamesh.control;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * An order to generations to stand still. First they freeze wherever they are and tell where that is; then they advance to one and the
 * same vector, the farthest of what was told, and stand there.
 *
 * @param id tells one cut from another
 * @param generations the numbers of those that are to stand still
 * @param vector per input partition the offset of the first record that may not pass; null = freeze
 * @param leaseMillis so long after it has seen the order an instance goes on by itself, in milliseconds; 0 = it stands until told
 */
public record Cut(
        String id, List<Integer> generations, @Nullable Map<String, Long> vector, long leaseMillis) {

    public Cut {
        generations = List.copyOf(generations);
        vector = vector == null ? null : new TreeMap<>(vector);
    }

    /** The order to stand still at once. */
    public static Cut freeze(String id, List<Integer> generations, long leaseMillis) {
        return new Cut(id, generations, null, leaseMillis);
    }

    /** The order to go on to a vector. */
    public Cut advance(Map<TopicPartition, Long> to) {
        return new Cut(id, generations, Offsets.named(to), leaseMillis);
    }

    /** Whether a generation of this number is to stand still. */
    public boolean concerns(int generation) {
        return generations.contains(generation);
    }

    /** Where to stand; empty while frozen. */
    public Map<TopicPartition, Long> offsets() {
        return vector == null ? Map.of() : Offsets.of(vector);
    }

    /** Whether no vector is chosen yet. */
    public boolean isFreeze() {
        return vector == null;
    }
}
