package io.kappamesh.inputs;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What this instance of a generation has let in and not committed yet, in inputs and repartition topics. All of its consumers and producers
 * report to it. Thread-safe.
 */
public final class UncommittedRecords {
    private final Map<TopicPartition, Long> passed = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
    private final Map<Consumer<?, ?>, Set<TopicPartition>> held = new ConcurrentHashMap<>();

    /** A consumer holds these partitions now. */
    public void holds(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
        held.put(consumer, Set.copyOf(partitions));
    }

    /** A consumer holds nothing any more. */
    public void closed(Consumer<?, ?> consumer) {
        held.remove(consumer);
    }

    /** Records were let in, all of them below an offset. */
    public void passed(TopicPartition partition, long nextOffset) {
        passed.put(partition, nextOffset);
    }

    /** A transaction was committed with these offsets. */
    public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
    }

    /** Behind the last record that was let in, of each partition that has some which are not committed. */
    public Map<TopicPartition, Long> now() {
        Map<TopicPartition, Long> open = new HashMap<>();
        passed.forEach((partition, next) -> {
            if (isHeld(partition) && !isCommitted(partition, next)) {
                open.put(partition, next);
            }
        });
        return open;
    }

    public boolean isCommitted(TopicPartition partition, long nextOffset) {
        return committed.getOrDefault(partition, -1L) >= nextOffset;
    }

    /** Whether a consumer of this instance holds a partition. */
    public boolean isHeld(TopicPartition partition) {
        return held.values().stream().anyMatch(partitions -> partitions.contains(partition));
    }
}
