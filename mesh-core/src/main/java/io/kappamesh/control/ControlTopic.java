package io.kappamesh.control;

import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.DeclarationException;
import io.kappamesh.contract.ProductName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topic in which the decisions about a product's generations stand: {@code sales.orders.mesh.control}, compacted, one partition.
 * Each product has its own, so that no open transaction of one product hides what is decided about another.
 */
public final class ControlTopic {
    private static final String SUFFIX = ".mesh.control";

    /** Of a decision, with the report of a comparison in it; and of a segment, so that older decisions are soon compacted away. */
    private static final int LARGEST = 4 * 1024 * 1024;

    private ControlTopic() {}

    /** Its name. */
    public static String of(ProductName product) {
        return product + SUFFIX;
    }

    /** Whether it is that of a product, given by its text. */
    static boolean isOf(String topic, String product) {
        return topic.equals(product + SUFFIX);
    }

    /** The products that have one, by name. */
    public static NavigableSet<ProductName> products(Admin admin) throws ExecutionException, InterruptedException {
        NavigableSet<ProductName> products = new TreeSet<>();
        for (String topic : admin.listTopics().names().get()) {
            product(topic).ifPresent(products::add);
        }
        return products;
    }

    private static Optional<ProductName> product(String topic) {
        if (!topic.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProductName.of(topic.substring(0, topic.length() - SUFFIX.length())));
        } catch (DeclarationException somebodyElses) {
            return Optional.empty();
        }
    }

    /**
     * What it has to be, besides one partition and {@link #inSync}: latest values only, for ever, no older value kept for long, and
     * neither record refused because a clock is wrong nor a leader elected that lacks what was acknowledged.
     */
    public static Map<String, String> configs() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                String.valueOf(LARGEST),
                TopicConfig.SEGMENT_BYTES_CONFIG,
                String.valueOf(LARGEST),
                TopicConfig.SEGMENT_MS_CONFIG,
                String.valueOf(Duration.ofHours(6).toMillis()),
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                "0.1",
                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                String.valueOf(Duration.ofDays(1).toMillis()),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "LogAppendTime",
                TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
                "false");
    }

    /**
     * How many replicas have to have a decision before it counts: two, where there are as many. What is decided has topics deleted, so
     * that it must survive the loss of a broker, and rather waits for the restart of one.
     */
    public static int inSync(int replicas) {
        return Math.min(2, replicas);
    }

    /** Creates it where it is missing; several may do so at once. */
    public static void ensure(Admin admin, ProductName product) throws ExecutionException, InterruptedException {
        if (TopicAdmin.exists(admin, of(product))) {
            return;
        }
        NewTopic topic = new NewTopic(of(product), Optional.of(1), Optional.empty());
        try {
            // As many replicas as brokers give by default; but their min.insync.replicas may be 1.
            int replicas = admin.createTopics(
                            Set.of(topic.configs(configs())), new CreateTopicsOptions().validateOnly(true))
                    .replicationFactor(topic.name())
                    .get();
            Map<String, String> all = new HashMap<>(configs());
            if (replicas > 0) {
                all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(inSync(replicas)));
            }
            TopicAdmin.create(admin, topic.configs(all));
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw failed;
            }
        }
    }

    static TopicPartition partition(ProductName product) {
        return new TopicPartition(of(product), 0);
    }
}
