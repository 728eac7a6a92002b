package io.kappamesh.catalog;

import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.ProductName;
import io.kappamesh.declaration.DeclarationException;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** The topic in which the products of a domain describe themselves: {@code sales.mesh.catalog}, compacted, one partition. */
public final class CatalogTopic {
    private static final String SUFFIX = ".mesh.catalog";

    private CatalogTopic() {}

    /** The name of the topic. */
    public static String of(String domain) {
        return domain + SUFFIX;
    }

    /** Whose catalogue a topic is; empty = it is none. */
    public static Optional<String> domain(String topic) {
        if (!topic.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        String domain = topic.substring(0, topic.length() - SUFFIX.length());
        try {
            return Optional.of(ProductName.of(domain + ".any").domain());
        } catch (DeclarationException somebodyElses) {
            return Optional.empty();
        }
    }

    /** The domains that have a catalogue, out of all topics that there are, by name. */
    public static NavigableSet<String> domains(Collection<String> topics) {
        NavigableSet<String> domains = new TreeSet<>();
        topics.forEach(topic -> domain(topic).ifPresent(domains::add));
        return domains;
    }

    /** Creates the topic if it does not exist. Several processes may call this at the same time. */
    public static void ensure(Admin admin, String domain) throws ExecutionException, InterruptedException {
        if (TopicAdmin.exists(admin, of(domain))) {
            return;
        }
        TopicAdmin.create(
                admin, new NewTopic(of(domain), Optional.of(1), Optional.empty()).configs(CompactedTopic.configs()));
    }
}
