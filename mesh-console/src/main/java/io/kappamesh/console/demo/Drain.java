package io.kappamesh.console.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Knows when a product has taken in, and committed, everything in its inputs and between its own parts. Offsets and results are
 * committed together, so that then everything that follows from its inputs stands in its output. Told from the brokers alone.
 */
public final class Drain {
    private static final Duration GLANCE = Duration.ofMillis(300);

    private final Admin admin;
    private final String bootstrapServers;

    public Drain(Admin admin, String bootstrapServers) {
        this.admin = admin;
        this.bootstrapServers = bootstrapServers;
    }

    /** Whether nothing is left for the product's first generation to do; meaningful once those it reads are drained. */
    public boolean isDrained(WorkedProduct product) throws ExecutionException, InterruptedException {
        return isDrained(product, 1);
    }

    /** The same of any generation. */
    public boolean isDrained(WorkedProduct product, int generation) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> behind = behind(product, product.product() + ".g" + generation);
        return behind.isEmpty() || onlyMarkersFollow(behind);
    }

    /** The partitions whose end is beyond the committed offset, with that offset. */
    private Map<TopicPartition, Long> behind(WorkedProduct product, String group)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(
                        partitions(product, group).stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get()
                .forEach((partition, info) -> ends.put(partition, info.offset()));
        Map<TopicPartition, Long> behind = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            long reached = offset == null ? 0 : offset.offset();
            if (reached < end) {
                behind.put(partition, reached);
            }
        });
        return behind;
    }

    private Set<TopicPartition> partitions(WorkedProduct product, String group)
            throws ExecutionException, InterruptedException {
        Set<String> topics = new TreeSet<>(product.inputs());
        admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(group + "-") && topic.endsWith("-repartition"))
                .forEach(topics::add);
        Map<String, TopicDescription> described =
                admin.describeTopics(topics).allTopicNames().get();
        return described.values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
    }

    /** The end of a topic written in transactions is a marker that no consumer ever sees. */
    private boolean onlyMarkersFollow(Map<TopicPartition, Long> behind) {
        try (KafkaConsumer<byte[], byte[]> consumer = PlainConsumer.of(bootstrapServers, new ByteArrayDeserializer())) {
            consumer.assign(behind.keySet());
            behind.forEach(consumer::seek);
            Map<TopicPartition, Long> ends = consumer.endOffsets(behind.keySet());
            for (int glances = 0; glances < 10; glances++) {
                if (!consumer.poll(GLANCE).isEmpty()) {
                    return false;
                }
                if (ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                    return true;
                }
            }
            return false;
        }
    }
}
