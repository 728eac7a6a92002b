package io.kappamesh.runtime;

import io.kappamesh.control.Generation;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a generation stands in its inputs when it starts, per partition.
 *
 * @param starts the committed offset, or the first one there is
 * @param ends the end of what is committed there
 */
record Positions(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {

    static Positions of(Admin admin, Patience patience, Generation generation, Map<String, Integer> partitions)
            throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = partitions.entrySet().stream()
                .flatMap(topic -> IntStream.range(0, topic.getValue())
                        .mapToObj(partition -> new TopicPartition(topic.getKey(), partition)))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, OffsetSpec> earliest = latest.keySet().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.earliest()));
        return patience.await("the brokers, to tell how long the history is", () -> {
            ListOffsetsOptions committedOnly = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
            Map<TopicPartition, Long> starts =
                    offsets(admin.listOffsets(earliest, committedOnly).all().get());
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            generation.applicationId())
                    .partitionsToOffsetAndMetadata()
                    .get();
            committed.forEach((partition, offset) -> {
                if (offset != null && starts.containsKey(partition)) {
                    starts.put(partition, offset.offset());
                }
            });
            return new Positions(
                    starts,
                    offsets(admin.listOffsets(latest, committedOnly).all().get()));
        });
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, ListOffsetsResultInfo> infos) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        infos.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    /** Offsets between the starts and the ends: the history that is still to be read. */
    long outstanding() {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - starts.getOrDefault(end.getKey(), 0L)))
                .sum();
    }
}
