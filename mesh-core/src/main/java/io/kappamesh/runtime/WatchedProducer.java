package io.kappamesh.runtime;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The producer of a stream thread, which says what it has committed. Its transactional methods are called by that thread only. */
final class WatchedProducer extends KafkaProducer<byte[], byte[]> {
    private final InHand inHand;
    private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();

    WatchedProducer(Map<String, Object> config, InHand inHand) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.inHand = inHand;
    }

    @Override
    public void beginTransaction() {
        pending.clear();
        super.beginTransaction();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        super.sendOffsetsToTransaction(offsets, groupMetadata);
        pending.putAll(offsets);
    }

    @Override
    public void commitTransaction() {
        super.commitTransaction();
        inHand.committed(pending);
        pending.clear();
    }
}
