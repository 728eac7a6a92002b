package io.kappamesh.benchmarks.data;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The last events of a topic, once more and once more, at a fixed rate, until it is closed. */
public final class RepeatedEvents implements AutoCloseable {
    /** Of each partition, at most. */
    private static final int EVENTS = 25_000;

    /** How far they may lie behind the newest one: sales lets in what is 30 days late. */
    private static final Duration SPAN = Duration.ofDays(20);

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String bootstrapServers;
    private final String topic;
    private final int rate;
    private final Thread writing = new Thread(this::write, "repeated-events");
    private volatile double seconds;
    private volatile long sent;
    private volatile boolean stopping;
    private volatile @Nullable RuntimeException failure;

    private RepeatedEvents(String bootstrapServers, String topic, int rate) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.rate = rate;
    }

    /** @param rate events a second */
    public static RepeatedEvents start(String bootstrapServers, String topic, int rate) {
        RepeatedEvents events = new RepeatedEvents(bootstrapServers, topic, rate);
        events.writing.start();
        return events;
    }

    private void write() {
        try (InputWriter writer = new InputWriter(bootstrapServers)) {
            List<ProducerRecord<byte[], byte[]>> events = last();
            long begin = System.nanoTime();
            long number = 0;
            while (!stopping) {
                seconds = (System.nanoTime() - begin) / 1e9;
                for (long due = (long) (seconds * rate); number < due; number++) {
                    writer.send(events.get((int) (number % events.size())));
                }
                sent = number;
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            }
        } catch (RuntimeException failed) {
            failure = failed;
        }
    }

    private List<ProducerRecord<byte[], byte[]>> last() {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            ends.forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - EVENTS)));
            while (!ends.isEmpty() && !stopping) {
                consumer.poll(POLL).forEach(read::add);
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
        long newest = read.stream().mapToLong(ConsumerRecord::timestamp).max().orElse(0);
        return read.stream()
                .filter(record -> record.timestamp() >= newest - SPAN.toMillis())
                .map(record -> new ProducerRecord<>(topic, null, record.timestamp(), record.key(), record.value()))
                .toList();
    }

    /**
     * Ends them.
     *
     * @throws BenchException when events could not be written, or came late
     */
    public void requireAll() {
        close();
        if (failure != null) {
            throw new BenchException("events could not be written: " + failure);
        }
        if (sent < 0.9 * seconds * rate || sent == 0) {
            throw new BenchException(sent + " events came in " + seconds + " s, in place of " + rate + " a second");
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            writing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
