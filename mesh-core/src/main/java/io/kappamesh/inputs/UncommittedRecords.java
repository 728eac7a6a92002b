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

    /**
     * What was let in of a partition since its last commit here.
     *
     * @param from the first offset of it
     * @param next the offset behind it; the same as {@code from} when all of it is committed
     */
    private record Open(long from, long next) {
        Open then(Open more) {
            return new Open(isClosed() ? more.from : from, more.next);
        }

        Open committed(long offset) {
            return new Open(Math.max(from, Math.min(offset, next)), next);
        }

        boolean isClosed() {
            return from >= next;
        }
    }

    private final Map<TopicPartition, Open> passed = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
    private final Map<Consumer<?, ?>, Set<TopicPartition>> held = new ConcurrentHashMap<>();

    /** A consumer holds these partitions now. Of those that it did not hold before, nothing is let in: somebody else went on with them. */
    public void holds(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
        Set<TopicPartition> before = held.getOrDefault(consumer, Set.of());
        if (!partitions.equals(before)) {
            partitions.stream().filter(partition -> !before.contains(partition)).forEach(passed::remove);
            held.put(consumer, Set.copyOf(partitions));
        }
    }

    /** A consumer holds nothing any more. */
    public void closed(Consumer<?, ?> consumer) {
        held.remove(consumer);
    }

    /** Records were let in, from an offset on, all of them below another one. */
    public void passed(TopicPartition partition, long firstOffset, long nextOffset) {
        passed.merge(partition, new Open(firstOffset, nextOffset), Open::then);
    }

    /** A transaction was committed with these offsets. */
    public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            committed.put(partition, offset.offset());
            passed.computeIfPresent(partition, (known, open) -> open.committed(offset.offset()));
        });
    }

    /** Behind the last record that was let in, of each partition that has some which are not committed. */
    public Map<TopicPartition, Long> now() {
        Map<TopicPartition, Long> open = new HashMap<>();
        passed.forEach((partition, some) -> {
            if (isHeld(partition) && !some.isClosed()) {
                open.put(partition, some.next());
            }
        });
        return open;
    }

    /** The offset below which everything of a partition is committed, for one that stands at a position. */
    long committedBelow(TopicPartition partition, long position) {
        Open open = passed.get(partition);
        return open == null || open.isClosed() ? position : Math.min(open.from(), position);
    }

    public boolean isCommitted(TopicPartition partition, long nextOffset) {
        return committed.getOrDefault(partition, -1L) >= nextOffset;
    }

    /** Whether a consumer of this instance holds a partition. */
    public boolean isHeld(TopicPartition partition) {
        return held.values().stream().anyMatch(partitions -> partitions.contains(partition));
    }
}
