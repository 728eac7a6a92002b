package io.kappamesh.benchmarks.data;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes what arms are given. Its end waits for all of it. For one thread. */
final class InputWriter implements AutoCloseable {
    private final AtomicReference<@Nullable String> refused = new AtomicReference<>();
    private final Callback sent = (metadata, failure) -> {
        if (failure != null) {
            refused.compareAndSet(
                    null, "topic " + metadata.topic() + ": a record was not taken: " + failure.getMessage());
        }
    };
    private final KafkaProducer<byte[], byte[]> producer;

    InputWriter(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record, sent);
    }

    void send(String topic, long time, byte[] key, byte[] value) {
        send(new ProducerRecord<>(topic, null, time, key, value));
    }

    /** @throws BenchException if a record was not taken */
    @Override
    public void close() {
        producer.close();
        String failure = refused.get();
        if (failure != null) {
            throw new BenchException(failure);
        }
    }
}
