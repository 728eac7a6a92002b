package io.kappamesh.stack;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** Asks one broker whether it answers an Admin client, sees all brokers that should be there, and has caught up. */
final class BrokerProbe implements Readiness.Probe, AutoCloseable {

    private static final int TIMEOUT_MILLIS = 2_000;

    private final KafkaNode broker;
    private final Set<Integer> expected;
    private @Nullable Admin admin;

    /**
     * @param expected ids of the brokers that should be registered
     */
    BrokerProbe(KafkaNode broker, Set<Integer> expected) {
        this.broker = broker;
        this.expected = Set.copyOf(expected);
    }

    @Override
    public boolean answers() throws Exception {
        // A client that finds nobody logs a warning each time: ask by plain TCP first.
        if (!Ports.accepts(broker.port())) {
            return false;
        }
        if (admin == null) {
            admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.address()));
        }
        requireRegistered(admin);
        requireInSync(admin);
        return true;
    }

    private void requireRegistered(Admin client) throws Exception {
        Set<Integer> registered = ids(client.describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MILLIS))
                .nodes()
                .get());
        if (!registered.containsAll(expected)) {
            throw new IllegalStateException("registered brokers are " + registered + ", expected " + expected);
        }
    }

    /** A broker that came back has fetched what was written without it: now another one may go. */
    private void requireInSync(Admin client) throws Exception {
        Set<String> topics = client.listTopics(
                        new ListTopicsOptions().listInternal(true).timeoutMs(TIMEOUT_MILLIS))
                .names()
                .get();
        for (TopicDescription topic : client.describeTopics(
                        topics, new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                .allTopicNames()
                .get()
                .values()) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                // Without a leader there is nobody to catch up with.
                boolean behind = partition.leader() != null
                        && ids(partition.replicas()).contains(broker.id())
                        && !ids(partition.isr()).contains(broker.id());
                if (behind) {
                    throw new IllegalStateException(
                            topic.name() + "-" + partition.partition() + " is not in sync on broker " + broker.id());
                }
            }
        }
    }

    private static Set<Integer> ids(Collection<Node> nodes) {
        return nodes.stream().map(Node::id).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
