package io.kappamesh.control;

import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.ProductName;
import io.kappamesh.declaration.DeclarationException;
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
 * The topic that holds the decisions about a product's generations: {@code sales.orders.mesh.control}, compacted, one partition.
 * Each product has its own, so that an open transaction of one product does not hide the decisions about another.
 */
public final class ControlTopic {
    private static final String SUFFIX = ".mesh.control";

    private ControlTopic() {}

    /** The name of the topic. */
    public static String of(ProductName product) {
        return product + SUFFIX;
    }

    /** Whether the topic is the control topic of the product with this name. */
    static boolean isOf(String topic, String product) {
        return topic.equals(product + SUFFIX);
    }

    /** The products that have a control topic, by name. */
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

    /** The configuration of the topic, besides one partition and {@link #inSync}. It never elects a leader that lacks acknowledged records. */
    public static Map<String, String> configs() {
        Map<String, String> configs = new HashMap<>(CompactedTopic.configs());
        configs.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return configs;
    }

    /**
     * The {@code min.insync.replicas} of the topic: two, or one if there is only one replica. Decisions lead to the deletion of topics, so
     * they must survive the loss of a broker. It is better that a decision waits for the restart of a broker.
     */
    public static int inSync(int replicas) {
        return Math.min(2, replicas);
    }

    /** Creates the topic if it does not exist. Several processes may call this at the same time. */
    public static void ensure(Admin admin, ProductName product) throws ExecutionException, InterruptedException {
        if (TopicAdmin.exists(admin, of(product))) {
            return;
        }
        NewTopic topic = new NewTopic(of(product), Optional.of(1), Optional.empty());
        try {
            // The default number of replicas of the brokers; but their default min.insync.replicas may be 1.
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
