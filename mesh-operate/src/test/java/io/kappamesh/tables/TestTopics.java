package io.kappamesh.tables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.kappamesh.fixture.InJvmBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics on a real broker, written in transactions. */
public final class TestTopics implements AutoCloseable {
    private final InJvmBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;

    public TestTopics(InJvmBroker broker, String transactionalId) {
        this.broker = broker;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "transactional.id",
                        transactionalId,
                        "linger.ms",
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    public Map<String, Object> consumerConfig() {
        return Map.of("bootstrap.servers", broker.bootstrapServers(), "metadata.max.age.ms", 500);
    }

    /** Keeps its records, although they are of 1970. */
    public String create(String topic, int partitions, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("retention.ms", "-1");
        try {
            broker.admin()
                    .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(config)))
                    .all()
                    .get();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
        return topic;
    }

    public void commit(Consumer<Writer> writes) {
        producer.beginTransaction();
        writes.accept(this::send);
        producer.commitTransaction();
    }

    public void abort(Consumer<Writer> writes) {
        producer.beginTransaction();
        writes.accept(this::send);
        producer.flush();
        producer.abortTransaction();
    }

    /** Leaves the transaction open. */
    void begin(Consumer<Writer> writes) {
        producer.beginTransaction();
        writes.accept(this::send);
        producer.flush();
    }

    void abortOpen() {
        producer.abortTransaction();
    }

    /** A cut behind everything that was written. A transaction is committed before its markers are in the topics. */
    public Map<Integer, Long> ends(String topic) {
        await().until(() -> broker.committedEnds(topic).equals(written(topic)));
        return broker.committedEnds(topic).entrySet().stream()
                .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue));
    }

    private Map<TopicPartition, Long> written(String topic) {
        Map<TopicPartition, OffsetSpec> latest = broker.committedEnds(topic).keySet().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try {
            return broker.admin().listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    public static ProducerRecord<byte[], byte[]> record(String topic, int partition, String key, String value) {
        return record(topic, partition, 1_000, key, value == null ? null : value.getBytes(UTF_8));
    }

    public static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, long timestamp, String key, byte[] value) {
        return new ProducerRecord<>(topic, partition, timestamp, key.getBytes(UTF_8), value);
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        Future<?> unused = producer.send(record); // the commit tells
    }

    @Override
    public void close() {
        producer.close();
    }

    @FunctionalInterface
    public interface Writer {
        void write(ProducerRecord<byte[], byte[]> record);
    }
}
