package io.kappamesh.settings;

import io.kappamesh.Internal;
import io.kappamesh.Unlimited;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How Kafka Streams and its clients are configured unless somebody sets it otherwise. Stateless. */
@Internal
public final class StreamsDefaults {
    /** Far beyond any history, so that neither a windowed changelog nor a segment ends because of old event times. */
    private static final long AGES_MILLIS = Unlimited.SPAN.toMillis();

    private StreamsDefaults() {}

    /** What suits both a replay and the live flow; every one of these can be set otherwise. A new mutable map. */
    public static Map<String, Object> tuned() {
        Map<String, Object> config = new HashMap<>();
        config.put(StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG, AGES_MILLIS);
        config.put(StreamsConfig.topicPrefix(TopicConfig.SEGMENT_MS_CONFIG), AGES_MILLIS);
        // Record timestamps are event time: a broker's own limits would refuse an event that lies ahead of the clock.
        config.put(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG), Long.MAX_VALUE);
        config.put(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG), Long.MAX_VALUE);
        // A process that was killed goes on with the state that it had committed.
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        config.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 2_000);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 30_000);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 4_000);
        // The broker answers one request of a connection at a time. While a fetch of what is restored waits for records
        // that do not
        // come, a question for the next changelog waits behind it, once for each that is added.
        config.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 50);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 * 1024 * 1024);
        return config;
    }
}
