package io.kappamesh.tables;

import io.kappamesh.brokers.CommittedReaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What comes next in partitions: a transaction leaves a marker that no consumer is ever given, so that an offset short of the end may
 * have nothing before it. A glance of a second or two; a partition that does not answer in time is in neither.
 *
 * @param timestamps of the next record of those that have one, as its writer gave it, milliseconds
 * @param none those in which nothing but markers follows
 */
public record NextRecords(Map<TopicPartition, Long> timestamps, Set<TopicPartition> none) {
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final int GLANCES = 20;
    private static final int FEW_BYTES = 16 * 1024;

    public NextRecords {
        timestamps = Map.copyOf(timestamps);
        none = Set.copyOf(none);
    }

    /**
     * Looks.
     *
     * @param client brokers and security, as for any Kafka client
     * @param positions where to look
     * @param ends up to where; each beyond its position
     */
    public static NextRecords after(
            Map<String, Object> client, Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        Set<TopicPartition> none = new HashSet<>();
        if (positions.isEmpty()) {
            return new NextRecords(timestamps, none);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(client)) {
            Set<TopicPartition> open = new HashSet<>(positions.keySet());
            consumer.assign(open);
            positions.forEach(consumer::seek);
            for (int glances = 0; !open.isEmpty() && glances < GLANCES + positions.size(); glances++) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(GLANCE)) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    timestamps.putIfAbsent(partition, record.timestamp());
                    open.remove(partition);
                    consumer.pause(List.of(partition));
                }
                open.removeIf(partition -> {
                    boolean nothing = consumer.position(partition) >= ends.getOrDefault(partition, 0L);
                    if (nothing) {
                        none.add(partition);
                        consumer.pause(List.of(partition));
                    }
                    return nothing;
                });
            }
        }
        return new NextRecords(timestamps, none);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> client) {
        return CommittedReaders.consumer(
                client,
                Map.of(
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        FEW_BYTES));
    }
}
