package io.kappamesh.console.demo;

import io.kappamesh.avro.AvroType;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The outside world: writes TPC-H's events into the private topics of the domains, each stream on a thread of its own, so that none waits
 * for another.
 */
public final class EventFeed {
    private final String bootstrapServers;
    private final SchemaRegistry registry;

    public EventFeed(String bootstrapServers, SchemaRegistry registry) {
        this.bootstrapServers = bootstrapServers;
        this.registry = registry;
    }

    /**
     * Begins to write events in the order of their time.
     *
     * @param rate events per second of all streams together; empty = as fast as it goes
     * @param written counts what was handed to the producer
     * @return completes when all is acknowledged, or with what went wrong
     */
    public CompletableFuture<Void> start(TpchEvents events, Optional<Double> rate, LongAdder written) {
        Map<EventStream, CompletableFuture<Void>> feeds = new EnumMap<>(EventStream.class);
        for (EventStream stream : events.streams()) {
            TpchEvents own = events.only(stream);
            Optional<Double> share = rate.map(all -> all * own.size() / Math.max(1, events.size()));
            CompletableFuture<Void> feed = new CompletableFuture<>();
            feeds.put(stream, feed);
            Thread thread = new Thread(
                    () -> {
                        try {
                            write(stream, own, share, written);
                            feed.complete(null);
                        } catch (RuntimeException failed) {
                            feed.completeExceptionally(failed);
                        }
                    },
                    "feed-" + stream);
            thread.setDaemon(true);
            thread.start();
        }
        return CompletableFuture.allOf(feeds.values().toArray(new CompletableFuture<?>[0]));
    }

    private void write(EventStream stream, TpchEvents events, Optional<Double> rate, LongAdder written) {
        String topic = WorkedProduct.topicOf(stream);
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        @Nullable AvroEncoder<SpecificRecord> encoder = null;
        double nanosPerEvent = rate.map(perSecond -> 1e9 / perSecond).orElse(0.0);
        long began = System.nanoTime();
        long sent = 0;
        try (KafkaProducer<String, byte[]> producer = producer()) {
            for (TpchEvent event : events) {
                if (encoder == null) {
                    encoder = encoder(topic, event.value());
                }
                pace(began + (long) (sent * nanosPerEvent));
                byte[] value = encoder.encode(event.value());
                // The callback tells how it went; waiting for each one would cost a round trip.
                Future<RecordMetadata> unused = producer.send(
                        new ProducerRecord<>(topic, null, event.timestamp(), event.key(), value),
                        (metadata, failure) -> {
                            if (failure != null) {
                                refused.compareAndSet(null, failure);
                            }
                        });
                sent++;
                written.increment();
            }
            producer.flush();
        }
        Exception failure = refused.get();
        if (failure != null) {
            throw new IllegalStateException("topic " + topic + ": an event was not taken", failure);
        }
    }

    private static void pace(long due) {
        for (long ahead = due - System.nanoTime(); ahead > 1_000_000; ahead = due - System.nanoTime()) {
            LockSupport.parkNanos(ahead);
        }
    }

    @SuppressWarnings("unchecked") // a value is of its own class
    private AvroEncoder<SpecificRecord> encoder(String topic, SpecificRecord example) {
        long schema = SchemaNormalization.parsingFingerprint64(example.getSchema());
        int id = registry.versions(topic + "-value").stream()
                .filter(version -> SchemaNormalization.parsingFingerprint64(version.schema()) == schema)
                .mapToInt(RegisteredSchema::id)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "topic " + topic + ": its owner has not registered the schema of the events"));
        return new AvroEncoder<>((AvroType<SpecificRecord>) AvroType.of(example.getClass()), id);
    }

    private KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        10,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        // Where a new producer's first request meets a broker that is not leader any more, its second
                        // one is taken as the
                        // first by the next leader, and the first is refused forever (KAFKA-15591, brokers up to
                        // 4.4.0).
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new StringSerializer(),
                new ByteArraySerializer());
    }
}
