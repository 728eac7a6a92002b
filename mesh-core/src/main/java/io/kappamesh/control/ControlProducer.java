package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.Causes;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producers with which decisions are written, and with them records of any port: whatever a topic may hold they can write. Stateless.
 */
final class ControlProducer {
    private static final Logger LOG = LoggerFactory.getLogger(ControlProducer.class);

    /** Time for some millions of corrections, where brokers allow it. */
    private static final int TRANSACTION_MILLIS = 10 * 60 * 1000;

    /** Brokers that allow less than that do not mean transactions to be used like this. */
    private static final int SHORTEST_MILLIS = 10 * 1000;

    /** What Kafka gives a producer by itself; a larger record needs as much again. */
    private static final long LEAST_BUFFER = 64L * 1024 * 1024;

    private ControlProducer() {}

    /** One that has fenced everybody who wrote for a product before. */
    static KafkaProducer<byte[], byte[]> fencing(ProductName product, Map<String, Object> client) {
        int millis = TRANSACTION_MILLIS;
        while (true) {
            KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    config(product, client, millis), new ByteArraySerializer(), new ByteArraySerializer());
            try {
                producer.initTransactions();
                return producer;
            } catch (RuntimeException failed) {
                producer.close();
                if (!isTooLong(failed) || millis / 2 < SHORTEST_MILLIS) {
                    throw ControlWriter.translated(product, failed);
                }
                millis /= 2;
                LOG.info("{}: brokers allow no transaction as long as that; trying {} s", product, millis / 1000);
            }
        }
    }

    /** Kafka has no class of its own for it, but names the setting. */
    private static boolean isTooLong(Throwable failed) {
        return Causes.chain(failed)
                .anyMatch(at -> String.valueOf(at.getMessage()).contains("transaction.max.timeout.ms"));
    }

    private static Map<String, Object> config(ProductName product, Map<String, Object> client, int millis) {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, ControlWriter.transactionalId(product));
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // Topics say how large a record may be, and what is copied was taken by one. The buffer is taken only when it
        // is needed.
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.MAX_VALUE);
        config.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                Math.max(LEAST_BUFFER, Runtime.getRuntime().maxMemory() / 4));
        return config;
    }
}
