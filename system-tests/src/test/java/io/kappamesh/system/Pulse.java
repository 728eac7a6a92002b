package io.kappamesh.system;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows topics as a consumer does and remembers for how long each was silent at most. From its start to its end. */
final class Pulse implements AutoCloseable {
    private final String bootstrapServers;
    private final List<TopicPartition> partitions;
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private final Map<String, Duration> longest = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::follow, "pulse");
    private volatile boolean over;

    Pulse(String bootstrapServers, Collection<TopicPartition> partitions) {
        this.bootstrapServers = bootstrapServers;
        this.partitions = List.copyOf(partitions);
        long now = System.nanoTime();
        partitions.forEach(partition -> heard.put(partition.topic(), now));
        thread.start();
    }

    private void follow() {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            while (!over) {
                var records = consumer.poll(Duration.ofMillis(100));
                long now = System.nanoTime();
                heard.forEach((topic, last) -> longest.merge(
                        topic, Duration.ofNanos(now - last), (one, other) -> one.compareTo(other) < 0 ? other : one));
                records.forEach(record -> heard.put(record.topic(), now));
            }
        }
    }

    /** For how long each topic was silent at most. */
    Map<String, Duration> silences() {
        return new TreeMap<>(longest);
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
