package io.kappamesh.replay;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.jspecify.annotations.Nullable;

/** How much disk topics take on the brokers, counting one replica of each partition. */
final class DiskUse {
    /** Per partition that of the largest replica; null = not to be told. */
    private final @Nullable Map<TopicPartition, Long> bytes;

    private DiskUse(@Nullable Map<TopicPartition, Long> bytes) {
        this.bytes = bytes;
    }

    /** Asks all brokers, which takes the right to describe the cluster; without it, nothing is known. */
    static DiskUse of(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> bytes = new HashMap<>();
        try {
            for (Map<String, LogDirDescription> broker : admin.describeLogDirs(
                            admin.describeCluster().nodes().get().stream()
                                    .map(Node::id)
                                    .toList())
                    .allDescriptions()
                    .get()
                    .values()) {
                broker.values()
                        .forEach(directory -> directory
                                .replicaInfos()
                                .forEach((partition, replica) -> bytes.merge(partition, replica.size(), Math::max)));
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ClusterAuthorizationException) {
                return new DiskUse(null);
            }
            throw failed;
        }
        return new DiskUse(bytes);
    }

    /** What these topics take together; empty = not to be told. */
    OptionalLong of(Collection<String> topics) {
        return bytes == null
                ? OptionalLong.empty()
                : OptionalLong.of(bytes.entrySet().stream()
                        .filter(one -> topics.contains(one.getKey().topic()))
                        .mapToLong(Map.Entry::getValue)
                        .sum());
    }
}
