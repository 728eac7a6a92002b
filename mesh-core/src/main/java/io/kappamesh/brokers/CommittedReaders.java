package io.kappamesh.brokers;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Kafka clients as those need them who look at what others have committed. Stateless. */
public final class CommittedReaders {
    private static final Duration GLANCE = Duration.ofMillis(100);

    private CommittedReaders() {}

    /** Sees committed records only, belongs to no group, and begins anew where a position is out of range. */
    public static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> client) {
        return consumer(client, Map.of());
    }

    /** The same with configs of its own. */
    public static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> client, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        config.putAll(more);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Gets records. */
    @FunctionalInterface
    public interface Reader {
        void accept(ConsumerRecord<byte[], byte[]> committed) throws InterruptedException;
    }

    /** Reads what is committed in partitions, each from its beginning to an end, see {@link #readTo(Map, Map, Duration, BooleanSupplier, Reader)}. */
    public static void readTo(
            Map<String, Object> client,
            Map<TopicPartition, Long> ends,
            Duration atMost,
            Consumer<ConsumerRecord<byte[], byte[]>> take)
            throws InterruptedException {
        readTo(client, ends, atMost, () -> false, take::accept);
    }

    /**
     * Reads what is committed in partitions, each from its beginning to an end.
     *
     * @param client brokers and security, as for any Kafka client
     * @param ends where each ends
     * @param atMost for how long nothing new may come
     * @param isStopped is asked several times a second
     * @param take gets each record, in the order of its partition
     * @throws LifecycleException when the end is not reached
     * @throws InterruptedException when it is stopped, or the thread interrupted
     */
    public static void readTo(
            Map<String, Object> client,
            Map<TopicPartition, Long> ends,
            Duration atMost,
            BooleanSupplier isStopped,
            Reader take)
            throws InterruptedException {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(client)) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            long giveUp = System.nanoTime() + atMost.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                boolean isAny = false;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(GLANCE)) {
                    isAny = true;
                    if (record.offset()
                            < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
                        take.accept(record);
                    }
                }
                if (Thread.interrupted() || isStopped.getAsBoolean()) {
                    throw new InterruptedException("stopped while reading " + ends.keySet());
                }
                if (isAny) {
                    giveUp = System.nanoTime() + atMost.toNanos();
                } else if (System.nanoTime() > giveUp) {
                    throw new LifecycleException(
                            ExitCode.PLATFORM,
                            "topic "
                                    + ends.keySet().iterator().next().topic() + ": not read to its end within "
                                    + atMost.toSeconds()
                                    + " s; see whether its broker is well, and whether somebody else has left a transaction"
                                    + " open in it (kafka-transactions.sh find-hanging)");
                }
            }
        }
    }
}
