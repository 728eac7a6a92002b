package io.kappamesh.generation;

import static java.util.Objects.requireNonNull;

import io.kappamesh.Internal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * When a generation had last read its tables to the end, with everything committed, and where that was. A row that is deleted later is deleted
 * by a record that brokers keep for a while only ({@code delete.retention.ms}).
 *
 * @param generation {@code sales.orders.g1}
 * @param partitions per input partition
 */
@Internal
public record CaughtUp(String generation, Map<String, Place> partitions) {

    /**
     * The end of a partition at some time.
     *
     * @param at milliseconds since the epoch
     * @param offset behind the last record there was
     */
    public record Place(long at, long offset) {}

    public CaughtUp {
        requireNonNull(generation, "generation");
        partitions = new TreeMap<>(partitions);
    }

    /** Of a generation of which nothing is known. */
    public static CaughtUp none(Generation generation) {
        return new CaughtUp(generation.toString(), Map.of());
    }

    /** The end to which a partition was read; empty = it never was, as far as is known. */
    public Optional<Place> of(TopicPartition partition) {
        return Optional.ofNullable(partitions.get(partition.toString()));
    }

    /** The same with what is known besides; of one partition the later counts. */
    public CaughtUp with(Map<TopicPartition, Place> more) {
        Map<String, Place> all = new HashMap<>(partitions);
        more.forEach((partition, place) ->
                all.merge(partition.toString(), place, (one, other) -> one.at() >= other.at() ? one : other));
        return new CaughtUp(generation, all);
    }
}
