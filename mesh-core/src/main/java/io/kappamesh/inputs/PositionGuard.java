package io.kappamesh.inputs;

import io.kappamesh.generation.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.TaskMigratedException;

/**
 * Judges a position that brokers do not have. Kafka Streams would go to the beginning of the partition: right for a repartition topic that
 * nobody has read yet, and wrong for everything else. Stateless.
 */
public final class PositionGuard {
    private final Generation generation;
    private final Set<String> inputs;
    private final InputHistory history;

    public PositionGuard(Generation generation, Set<String> inputs, InputHistory history) {
        this.generation = generation;
        this.inputs = Set.copyOf(inputs);
        this.history = history;
    }

    /** What to throw in place of what the consumer threw; on the consumer's own thread. */
    public RuntimeException judged(Consumer<?, ?> consumer, InvalidOffsetException fault) {
        Set<TopicPartition> partitions = fault.partitions();
        if (fault instanceof NoOffsetForPartitionException && !refusesToBegin(partitions)) {
            return fault;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<String> lost = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata at = committed.get(partition);
            if (at != null || refusesToBegin(Set.of(partition))) {
                new Position(
                                partition,
                                at == null ? null : at.offset(),
                                beginnings.getOrDefault(partition, 0L),
                                ends.getOrDefault(partition, Long.MAX_VALUE))
                        .problem(generation)
                        .ifPresent(lost::add);
            }
        }
        if (!lost.isEmpty()) {
            return new InputLostException(history.remedied(lost), fault);
        }
        // What is committed is there, so that somebody else has gone on from it while this consumer was away.
        return new TaskMigratedException("The group has gone on beyond the position of " + partitions, fault);
    }

    /** Whether one of these has had a position since the generation was begun. */
    public boolean refusesToBegin(Set<TopicPartition> partitions) {
        return history.isKnown() && partitions.stream().anyMatch(partition -> inputs.contains(partition.topic()));
    }
}
