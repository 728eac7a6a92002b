package io.kappamesh.brokers;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnstableOffsetCommitException;

/** What a group has committed. Each question is one attempt. Thread-safe. */
public final class GroupOffsets {
    private final Admin admin;
    private final String group;

    public GroupOffsets(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /**
     * The offsets that are committed for some partitions; one that has none is not there.
     *
     * @throws UnstableOffsetCommitException while the first commit of a partition is under way: ask again
     */
    public Map<TopicPartition, Long> of(Collection<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> stable = listed(partitions, true);
        Map<TopicPartition, Long> committed = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> former =
                stable.keySet().containsAll(partitions) ? Map.of() : listed(partitions, false);
        for (TopicPartition partition : partitions) {
            // A partition without a commit is there without a value; one with a commit under way is not there.
            boolean settled = stable.containsKey(partition);
            OffsetAndMetadata offset = settled ? stable.get(partition) : former.get(partition);
            if (offset != null) {
                committed.put(partition, offset.offset());
            } else if (!settled) {
                throw new UnstableOffsetCommitException("the first commit for " + partition + " is under way");
            }
        }
        return committed;
    }

    private Map<TopicPartition, OffsetAndMetadata> listed(Collection<TopicPartition> partitions, boolean stable)
            throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                        new ListConsumerGroupOffsetsOptions().requireStable(stable))
                .partitionsToOffsetAndMetadata(group)
                .get();
    }
}
