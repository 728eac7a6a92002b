package io.kappamesh.benchmarks.measure;

import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.data.OrderEvents;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes events at a fixed rate, and reads what comes of them. The first events come at once, as fast as they can be written: the others
 * follow when the results of all of these are there, so that neither the start nor the first compilation is measured. An event that is
 * written late counts from the time at which it was due (no coordinated omission).
 */
public final class OpenLoop implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SHORTEST_SLEEP_NANOS = 200_000;

    private final List<OrderEvents.Encoded> events;
    private final double nanosBetween;
    /** When each event was due, and when its result was there; 0 = not yet. */
    private final AtomicLongArray due;

    private final AtomicLongArray seen;
    private final Map<ByteBuffer, Integer> numbers = new HashMap<>();
    private final int burst;
    private final CountDownLatch first;
    private final CompletableFuture<Void> warm = new CompletableFuture<>();
    private volatile int warmUp = Integer.MAX_VALUE;
    private final CountDownLatch all;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread writing = new Thread(this::write, "open-loop-writer");
    private final Thread reading = new Thread(this::read, "open-loop-reader");
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    private OpenLoop(String bootstrapServers, String output, List<OrderEvents.Encoded> events, int burst, int rate) {
        this.events = events;
        this.burst = burst;
        first = new CountDownLatch(burst);
        nanosBetween = 1e9 / rate;
        due = new AtomicLongArray(events.size());
        seen = new AtomicLongArray(events.size());
        all = new CountDownLatch(events.size());
        for (int i = 0; i < events.size(); i++) {
            numbers.put(ByteBuffer.wrap(events.get(i).key()), i);
        }
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(output).stream()
                .map(partition -> new TopicPartition(output, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * @param burst how many of the events come at once
     * @param rate of the others, events a second
     */
    public static OpenLoop start(
            String bootstrapServers, String output, List<OrderEvents.Encoded> events, int burst, int rate) {
        OpenLoop loop = new OpenLoop(bootstrapServers, output, events, burst, rate);
        loop.reading.start();
        loop.writing.start();
        return loop;
    }

    private void write() {
        try {
            for (int i = 0; i < burst && !stopping; i++) {
                send(i, System.nanoTime());
            }
            first.await();
            long begin = System.nanoTime();
            for (int i = burst; i < events.size() && !stopping; i++) {
                long at = begin + (long) ((i - burst) * nanosBetween);
                for (long ahead = at - System.nanoTime();
                        ahead > SHORTEST_SLEEP_NANOS && !stopping;
                        ahead = at - System.nanoTime()) {
                    LockSupport.parkNanos(ahead);
                }
                send(i, at);
                if (i >= warmUp) {
                    warm.complete(null);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            failure = failed;
        }
    }

    private void send(int number, long at) {
        due.set(number, at);
        var unused = producer.send(events.get(number).record(), (metadata, refused) -> {
            if (refused != null) {
                failure = refused;
            }
        });
    }

    private void read() {
        try {
            while (!stopping) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Integer number = numbers.get(ByteBuffer.wrap(record.key()));
                    if (number != null && seen.compareAndSet(number, 0, System.nanoTime())) {
                        if (number < burst) {
                            first.countDown();
                        }
                        all.countDown();
                    }
                }
            }
        } catch (RuntimeException failed) {
            failure = failed;
        }
    }

    /** Completes when so many events are written. To be asked once, before that. */
    public CompletableFuture<Void> after(int events) {
        warmUp = events;
        return warm;
    }

    /**
     * Waits until everything has come out.
     *
     * @param warmUp how many of the first events do not count
     * @throws BenchException when something does not
     */
    public Latency awaitLatency(int warmUp) throws InterruptedException {
        boolean isThere = all.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (failure != null) {
            throw new BenchException("events could not be written, or results not be read: " + failure);
        }
        if (!isThere) {
            throw new BenchException(all.getCount() + " events had no result");
        }
        long[] nanos = new long[events.size() - warmUp];
        Arrays.setAll(nanos, i -> seen.get(warmUp + i) - due.get(warmUp + i));
        return Latency.of(nanos);
    }

    @Override
    public void close() {
        stopping = true;
        writing.interrupt();
        try {
            writing.join();
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
        consumer.close();
    }
}
