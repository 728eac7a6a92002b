package io.kappamesh.inputs;

import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.generation.Generation;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a generation stands in its inputs when it starts, per partition.
 *
 * @param starts the committed offset, or the first one there is
 * @param ends the end of what is committed there
 */
public record StartPositions(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {

    public static StartPositions of(Admin admin, RetryPolicy retries, Generation generation, Set<String> topics)
            throws InterruptedException {
        return retries.await("the brokers, to tell how long the history is", () -> {
            Map<TopicPartition, Long> starts = TopicEnds.beginnings(admin, topics);
            admin.listConsumerGroupOffsets(generation.applicationId())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> {
                        if (offset != null && starts.containsKey(partition)) {
                            starts.put(partition, offset.offset());
                        }
                    });
            return new StartPositions(starts, TopicEnds.committed(admin, topics));
        });
    }

    /** Offsets between the starts and the ends: the history that is still to be read. */
    public long outstanding() {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - starts.getOrDefault(end.getKey(), 0L)))
                .sum();
    }
}
