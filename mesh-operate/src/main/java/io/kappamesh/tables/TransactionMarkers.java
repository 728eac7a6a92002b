package io.kappamesh.tables;

import io.kappamesh.brokers.CommittedReaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells records from what stands between them: offsets of transaction markers, of what was aborted or compacted away are never
 * consumed, and nobody commits past them for their own sake. One thread at a time.
 */
public final class TransactionMarkers implements AutoCloseable {
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final int GLANCES = 40;

    private final KafkaConsumer<byte[], byte[]> consumer;

    public TransactionMarkers(Map<String, Object> client) {
        consumer = CommittedReaders.consumer(client, Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50));
    }

    /**
     * Whether no record stands from the one offset of each partition to, and without, the other.
     *
     * @return false also while it cannot be told
     */
    public boolean only(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        Map<TopicPartition, Long> open = new HashMap<>();
        from.forEach((partition, offset) -> {
            if (offset < to.getOrDefault(partition, 0L)) {
                open.put(partition, offset);
            }
        });
        if (open.isEmpty()) {
            return true;
        }
        consumer.assign(open.keySet());
        open.forEach(consumer::seek);
        Set<TopicPartition> left = new HashSet<>(open.keySet());
        for (int i = 0; i < GLANCES && !left.isEmpty(); i++) {
            boolean met = false;
            for (var record : consumer.poll(GLANCE)) {
                met |= record.offset() < to.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
            }
            if (met) {
                return false;
            }
            left.removeIf(partition -> consumer.position(partition) >= to.getOrDefault(partition, 0L));
        }
        return left.isEmpty();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
