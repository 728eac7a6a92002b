package io.kappamesh.generation;

import static java.util.Objects.requireNonNull;

import io.kappamesh.Internal;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a generation stood when its last process ended. Brokers forget the offsets of a group without members after a while
 * ({@code offsets.retention.minutes}); its state lasts longer, and goes with these offsets and no others.
 *
 * @param generation {@code sales.orders.g1}
 * @param offsets what its group had committed, per partition
 * @param state where its changelogs ended: if they end elsewhere, it has run since, and the offsets are not its own any more
 */
@Internal
public record OffsetCheckpoint(String generation, Map<String, Long> offsets, Map<String, Long> state) {

    public OffsetCheckpoint {
        requireNonNull(generation, "generation");
        offsets = new TreeMap<>(offsets);
        state = new TreeMap<>(state);
    }

    public static OffsetCheckpoint of(
            Generation generation, Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> state) {
        return new OffsetCheckpoint(generation.toString(), Offsets.named(offsets), Offsets.named(state));
    }

    /** What its group had committed. */
    public Map<TopicPartition, Long> committed() {
        return Offsets.of(offsets);
    }

    /** Whether its changelogs end where they ended then. */
    public boolean isOf(Map<TopicPartition, Long> stateNow) {
        return state.equals(Offsets.named(stateNow));
    }
}
