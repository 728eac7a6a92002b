package io.kappamesh.gate;

import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;

/**
 * Notices records that are in another partition than the one that Kafka's own partitioner chooses for their key: those of producers with another
 * partitioner, and those that were written before partitions were added. Such records are where no other port has their key. They are counted,
 * and refused by nobody. Immutable and thread-safe.
 */
final class PlacementCheck {
    private final Map<String, Integer> partitions;
    private final ObjLongConsumer<String> misplacements;

    /**
     * @param partitions of each topic whose records are processed where they are; what others hold is placed anew, and not looked at
     * @param misplacements is told the topic and how many records of it, by all stream threads
     */
    PlacementCheck(Map<String, Integer> partitions, ObjLongConsumer<String> misplacements) {
        this.partitions = Map.copyOf(partitions);
        this.misplacements = misplacements;
    }

    /** Looks at records of one partition that go to the product. */
    void passed(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Integer count = partitions.get(partition.topic());
        if (count == null) {
            return;
        }
        long misplaced = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byte[] key = record.key();
            if (key != null && BuiltInPartitioner.partitionForKey(key, count) != partition.partition()) {
                misplaced++;
            }
        }
        if (misplaced > 0) {
            misplacements.accept(partition.topic(), misplaced);
        }
    }
}
