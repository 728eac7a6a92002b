package io.kappamesh.control;

import io.kappamesh.contract.DeclarationException;
import io.kappamesh.contract.ProductName;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
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

    private ControlTopic() {}

    /** Its name. */
    public static String of(ProductName product) {
        return product + SUFFIX;
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

    /** Creates it where it is missing; several may do so at once. */
    public static void ensure(Admin admin, ProductName product) throws ExecutionException, InterruptedException {
        NewTopic topic = new NewTopic(of(product), Optional.of(1), Optional.empty())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        if (admin.listTopics().names().get().contains(topic.name())) {
            return;
        }
        try {
            admin.createTopics(Set.of(topic)).all().get();
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
