package io.kappamesh.plan;

import io.kappamesh.brokers.AdminCall;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** How much disk topics take on the brokers, counting one replica of each partition. */
final class DiskUsage {
    /** A broker that has gone is not waited for. */
    private static final DescribeLogDirsOptions TO_ANSWER = new DescribeLogDirsOptions().timeoutMs(10_000);

    /** Per partition that of the largest replica; null = not to be told. */
    private final @Nullable Map<TopicPartition, Long> bytes;

    private DiskUsage(@Nullable Map<TopicPartition, Long> bytes) {
        this.bytes = bytes;
    }

    /**
     * Asks all brokers, which takes the right to describe the cluster. Without it, or while a broker is away, nothing is known: it is
     * no reason not to plan.
     */
    static DiskUsage of(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> bytes = new HashMap<>();
        try {
            List<Integer> brokers = AdminCall.ask(() -> admin.describeCluster().nodes()).stream()
                    .map(Node::id)
                    .toList();
            for (Map<String, LogDirDescription> broker : AdminCall.ask(
                            () -> admin.describeLogDirs(brokers, TO_ANSWER).allDescriptions())
                    .values()) {
                broker.values()
                        .forEach(directory -> directory
                                .replicaInfos()
                                .forEach((partition, replica) -> bytes.merge(partition, replica.size(), Math::max)));
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ClusterAuthorizationException
                    || failed.getCause() instanceof RetriableException) {
                return new DiskUsage(null);
            }
            throw failed;
        }
        return new DiskUsage(bytes);
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
