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
 * Creates the producers that write decisions. In the same transactions they write records of ports, so they can write records of any size
 * that a topic accepts. Stateless.
 */
final class ControlProducer {
    private static final Logger LOG = LoggerFactory.getLogger(ControlProducer.class);

    /** Long enough for some millions of corrections, if the brokers allow it. */
    private static final int TRANSACTION_MILLIS = 10 * 60 * 1000;

    /** If brokers do not even allow this timeout, no decision can be written. */
    private static final int SHORTEST_MILLIS = 10 * 1000;

    /** The smallest buffer: twice Kafka's default. */
    private static final long LEAST_BUFFER = 64L * 1024 * 1024;

    private ControlProducer() {}

    /** Creates a producer that has fenced all earlier ones of the product. */
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

    /** Kafka has no exception class for this case, but the message names the setting. */
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
        // The topics limit the size of a record, and copied records were accepted by a topic before. The buffer is
        // allocated only when it is needed.
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.MAX_VALUE);
        config.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                Math.max(LEAST_BUFFER, Runtime.getRuntime().maxMemory() / 4));
        return config;
    }
}
