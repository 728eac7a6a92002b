package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a domain's control topic says at one moment. Immutable. */
public final class ControlSnapshot {
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration FOR_MARKERS = Duration.ofSeconds(3);

    private final ControlState state;

    private ControlSnapshot(ControlState state) {
        this.state = state;
    }

    /**
     * Reads everything that was committed before this call. Brokers answer a commit before what was committed can be read, so that
     * this waits for all that is written; but not for long, because a writer may have died in the middle.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws org.apache.kafka.common.KafkaException when the brokers cannot be asked, or the topic does not exist
     */
    public static ControlSnapshot read(String domain, Map<String, Object> client) {
        ControlState state = new ControlState();
        TopicPartition partition = ControlTopic.partition(domain);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(client)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long committed = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long written = written(partition, client);
            long giveUp = System.nanoTime() + FOR_MARKERS.toNanos();
            while (consumer.position(partition) < committed
                    || (consumer.position(partition) < written && System.nanoTime() < giveUp)) {
                consumer.poll(GLANCE).forEach(record -> ControlRecords.read(record, state));
            }
        }
        return new ControlSnapshot(state);
    }

    private static long written(TopicPartition partition, Map<String, Object> client) {
        Map<String, Object> uncommitted = new HashMap<>(client);
        uncommitted.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(uncommitted, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        }
    }

    /** What was decided about a product; empty = it never ran. */
    public Optional<ProductLifecycle> lifecycle(ProductName product) {
        return state.lifecycle(product);
    }

    /** All products of the domain that ever ran. */
    public List<ProductLifecycle> lifecycles() {
        return state.lifecycles();
    }
}
