package io.kappamesh.catalog;

import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.ProductName;
import io.kappamesh.declaration.DeclarationException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic in which the products of a domain describe themselves: {@code sales.mesh.catalog}, compacted, one partition. */
public final class CatalogTopic {
    private static final String SUFFIX = ".mesh.catalog";

    /** The largest record, with the schemas of all ports of a product in it. Also the segment size, so that old states are compacted soon. */
    static final int LARGEST = 4 * 1024 * 1024;

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

    /** The configuration of the topic, besides one partition. The time of its records is the brokers', by which readers tell who is not heard of. */
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
                "LogAppendTime");
    }

    /** Creates the topic if it does not exist. Several processes may call this at the same time. */
    public static void ensure(Admin admin, String domain) throws ExecutionException, InterruptedException {
        if (TopicAdmin.exists(admin, of(domain))) {
            return;
        }
        try {
            TopicAdmin.create(admin, new NewTopic(of(domain), Optional.of(1), Optional.empty()).configs(configs()));
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw failed;
            }
        }
    }
}
