package io.kappamesh.control;

import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.contract.ProductName;
import io.kappamesh.declaration.DeclarationException;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

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

    /** The configuration of the topic, besides one partition and {@link #inSync}. */
    public static Map<String, String> configs() {
        return CompactedTopic.durableConfigs();
    }

    /** The {@code min.insync.replicas} of the topic. Decisions lead to the deletion of topics, so they must survive the loss of a broker. */
    public static int inSync(int replicas) {
        return CompactedTopic.inSync(replicas);
    }

    /** Creates the topic if it does not exist. Several processes may call this at the same time. */
    public static void ensure(Admin admin, ProductName product) throws ExecutionException, InterruptedException {
        CompactedTopic.ensureDurable(admin, of(product));
    }

    static TopicPartition partition(ProductName product) {
        return new TopicPartition(of(product), 0);
    }
}
