package io.kappamesh.brokers;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Kafka clients as those need them who look at what others have committed. Stateless. */
public final class CommittedReaders {
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
}
