package io.kappamesh.testkit;

import io.kappamesh.contract.RecordContract;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import io.kappamesh.stack.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Brokers and a registry that run, with a client of each. Not thread-safe. */
final class RunningMesh implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration WITHOUT_PROGRESS = Duration.ofSeconds(30);
    private static final int PRODUCER_TIMEOUT_MILLIS = 30_000;
    /** The largest value that a port can declare, and what is around it. */
    private static final int LARGEST_REQUEST_BYTES = RecordContract.LARGEST_MAX_BYTES + 1024 * 1024;

    /** A registry that has just started takes seconds for its first answers on a busy machine. */
    private static final int REGISTRY_TIMEOUT_MILLIS = 60_000;

    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final SchemaRegistry schemas;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Workspace directory = Workspace.temporary("kappa-mesh-test-");
    private int instances;

    private RunningMesh(LocalKafka kafka, LocalRegistry registry) {
        this.kafka = kafka;
        this.registry = registry;
        this.schemas = SchemaRegistry.connect(
                Map.of("schema.registry.url", registry.url(), "http.read.timeout.ms", REGISTRY_TIMEOUT_MILLIS));
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        PRODUCER_TIMEOUT_MILLIS,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        LARGEST_REQUEST_BYTES,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        2L * LARGEST_REQUEST_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static RunningMesh start(int brokers) {
        LocalKafka kafka = LocalKafka.builder().brokers(brokers).start();
        try {
            LocalRegistry registry = LocalRegistry.builder().persistent().start();
            return new RunningMesh(kafka, registry);
        } catch (RuntimeException failed) {
            kafka.close();
            throw failed;
        }
    }

    LocalKafka kafka() {
        return kafka;
    }

    LocalRegistry registry() {
        return registry;
    }

    SchemaRegistry schemas() {
        return schemas;
    }

    /** A place for local state that nobody has used yet. */
    Path newStateDirectory() {
        instances++;
        return directory.path().resolve("instance-" + instances);
    }

    void write(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (ExecutionException failed) {
            throw new KafkaException("topic " + record.topic() + ": cannot be written", failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing to " + record.topic(), stop);
        }
    }

    /** All committed records up to the ends that the topic has now. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new IllegalStateException(
                        "topic " + topic + " does not exist; provision(…) or run(…) the product that owns it");
            }
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long read = -1;
            long progressAt = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
                long now = partitions.stream().mapToLong(consumer::position).sum();
                if (now > read) {
                    read = now;
                    progressAt = System.nanoTime();
                } else if (System.nanoTime() - progressAt > WITHOUT_PROGRESS.toNanos()) {
                    throw new IllegalStateException("topic " + topic + ": nothing came for " + WITHOUT_PROGRESS
                            + " although its end is not reached; are all brokers up?");
                }
            }
            // A transaction may have gone on past the ends since they were asked for.
            records.removeIf(
                    record -> record.offset() >= ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L));
            return records;
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        schemas.close();
        registry.close();
        kafka.close();
        directory.close();
    }
}
