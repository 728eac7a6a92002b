package io.kappamesh.benchmarks.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** What brokers know of how far a pipeline has committed. For one thread. */
public final class Commits implements AutoCloseable {
    private final Admin admin;
    private final Pipeline pipeline;
    private final String output;
    private final Set<String> repartitions;

    /**
     * Asks after a pipeline that has begun.
     *
     * @param output the topic that it writes
     */
    public Commits(Job job, Pipeline pipeline, String output) throws ExecutionException, InterruptedException {
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, job.bootstrapServers()));
        this.pipeline = pipeline;
        this.output = output;
        this.repartitions = admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(pipeline.group() + "-") && !topic.endsWith("-changelog"))
                .collect(Collectors.toSet());
    }

    /** Whether so many records of the sources, and all that came of them, are committed. */
    public boolean reached(long records) throws ExecutionException, InterruptedException {
        Optional<Boolean> checkpoint = pipeline.hasCheckpoint();
        return checkpoint.isPresent() ? checkpoint.get() && !hasOpenTransactions() : offsetsReached(records);
    }

    private boolean offsetsReached(long records) throws ExecutionException, InterruptedException {
        // Offsets first: what is written into a repartition topic is committed with the offsets of what it came of.
        // Each partition gets a marker of
        // its own, and that of the offsets may be there before that of the records: what is not committed yet counts
        // too.
        Map<TopicPartition, Long> offsets = offsets();
        // The sources were written without transactions, so that offsets count records.
        long taken = offsets.entrySet().stream()
                .filter(offset -> pipeline.sources().contains(offset.getKey().topic()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return taken >= records
                && ends(repartitions, IsolationLevel.READ_UNCOMMITTED).entrySet().stream()
                        .allMatch(end -> offsets.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private Map<TopicPartition, Long> offsets() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(pipeline.group())
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    /** Whether the output has records that are not committed yet: those who read committed records only see less of it. */
    private boolean hasOpenTransactions() throws ExecutionException, InterruptedException {
        Set<String> topics = Set.of(output);
        return !ends(topics, IsolationLevel.READ_COMMITTED).equals(ends(topics, IsolationLevel.READ_UNCOMMITTED));
    }

    private Map<TopicPartition, Long> ends(Set<String> topics, IsolationLevel level)
            throws ExecutionException, InterruptedException {
        if (topics.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (TopicDescription topic :
                admin.describeTopics(List.copyOf(topics)).allTopicNames().get().values()) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                wanted.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
            }
        }
        Map<TopicPartition, ListOffsetsResultInfo> found =
                admin.listOffsets(wanted, new ListOffsetsOptions(level)).all().get();
        return found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    @Override
    public void close() {
        admin.close();
    }
}
