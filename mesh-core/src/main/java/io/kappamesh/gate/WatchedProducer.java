package io.kappamesh.gate;

import io.kappamesh.inputs.UncommittedRecords;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of a stream thread, which says what it has committed, and how long that takes. Its transactional methods are called by that
 * thread only.
 */
final class WatchedProducer extends KafkaProducer<byte[], byte[]> {
    private final UncommittedRecords uncommitted;
    private final LivePacing pacing;
    private final Consumer<WatchedProducer> closed;
    private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();

    /** @param closed is told when it closes */
    WatchedProducer(
            Map<String, Object> config,
            UncommittedRecords uncommitted,
            LivePacing pacing,
            Consumer<WatchedProducer> closed) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.uncommitted = uncommitted;
        this.pacing = pacing;
        this.closed = closed;
    }

    @Override
    public void beginTransaction() {
        pending.clear();
        super.beginTransaction();
    }

    /** Kafka Streams does so before it commits, and never else. */
    @Override
    public void flush() {
        pacing.here().begin();
        super.flush();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        pacing.here().begin();
        super.sendOffsetsToTransaction(offsets, groupMetadata);
        pending.putAll(offsets);
    }

    @Override
    public void commitTransaction() {
        super.commitTransaction();
        uncommitted.committed(pending);
        pending.clear();
        pacing.here().committed();
    }

    @Override
    public void abortTransaction() {
        pacing.here().aborted();
        super.abortTransaction();
    }

    /** Kafka Streams waits for as long as it takes, and what is still to be sent to brokers that are away takes minutes. */
    @Override
    public void close() {
        closed.accept(this);
        close(GenerationClients.TO_CLOSE);
    }
}
