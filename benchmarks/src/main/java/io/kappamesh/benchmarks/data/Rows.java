package io.kappamesh.benchmarks.data;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a topic of orders, whatever the order of its records: an arm that leaves one out, repeats one or changes one has another.
 *
 * @param count how many records
 * @param checksum the sum of a hash of each record's key and Avro bytes; schema ids do not count
 */
public record Rows(long count, long checksum) {
    public static final Rows NONE = new Rows(0, 0);

    private static final int HEADER_LENGTH = 5;
    private static final long PRIME = 1_099_511_628_211L;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration NO_PROGRESS = Duration.ofSeconds(30);

    public Rows and(byte[] key, byte @Nullable [] value) {
        return and(key, value, HEADER_LENGTH);
    }

    /** The same with schema ids. */
    Rows andWhole(byte[] key, byte @Nullable [] value) {
        return and(key, value, 0);
    }

    private Rows and(byte[] key, byte @Nullable [] value, int from) {
        long hash = hash(-3_750_763_034_362_895_579L, key, 0);
        if (value != null) {
            hash = hash(hash * PRIME + 1, value, from);
        }
        return new Rows(count + 1, checksum + hash);
    }

    /** Those of both. */
    public Rows plus(Rows other) {
        return new Rows(count + other.count, checksum + other.checksum);
    }

    private static long hash(long seed, byte[] bytes, int from) {
        long hash = seed;
        for (int i = from; i < bytes.length; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * PRIME;
        }
        return hash;
    }

    /** Reads all that is committed in a topic. */
    public static Rows of(String bootstrapServers, String topic) {
        Rows[] rows = {NONE};
        read(bootstrapServers, topic, record -> rows[0] = rows[0].and(record.key(), record.value()));
        return rows[0];
    }

    /** The same with schema ids. */
    public static Rows wholeOf(String bootstrapServers, String topic) {
        Rows[] rows = {NONE};
        read(bootstrapServers, topic, record -> rows[0] = rows[0].andWhole(record.key(), record.value()));
        return rows[0];
    }

    /** Reads what is committed last under each key of a topic; deleted keys and repetitions do not count. Holds a number for each key in memory. */
    public static Rows latestOf(String bootstrapServers, String topic) {
        Map<ByteBuffer, Rows> latest = new HashMap<>();
        read(bootstrapServers, topic, record -> {
            if (record.value() == null) {
                latest.remove(ByteBuffer.wrap(record.key()));
            } else {
                latest.put(ByteBuffer.wrap(record.key()), NONE.and(record.key(), record.value()));
            }
        });
        return latest.values().stream().reduce(NONE, Rows::plus);
    }

    private static void read(String bootstrapServers, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            long since = System.nanoTime();
            while (!ends.isEmpty()) {
                var polled = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    reader.accept(record);
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
                if (!polled.isEmpty()) {
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > NO_PROGRESS.toNanos()) {
                    throw new BenchException("topic " + topic + " cannot be read to its end");
                }
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 * 1024 * 1024),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
