package io.kappamesh.provision;

import io.kappamesh.brokers.Brokers;
import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.provision.TopicSpec.Wanted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.TopicConfig;

/** The catalogue of a domain, where a deployment step makes it: created, or compared with what it has to be. */
public final class CatalogTopics {
    private static final Set<String> EXACT =
            Set.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);

    private CatalogTopics() {}

    /** @throws StartupException {@link ExitCode#CONTRACT} with all that has drifted */
    public static void prepare(Admin admin, RetryPolicy retries, String domain) throws InterruptedException {
        String topic = CatalogTopic.of(domain);
        retries.await("the brokers, to create the catalogue", () -> {
            CatalogTopic.ensure(admin, domain);
            return topic;
        });
        StartupException.throwIfAny(ExitCode.CONTRACT, retries.await("the brokers, to describe the catalogue", () -> {
            Brokers brokers = new Brokers(admin);
            Integer partitions = brokers.partitions(List.of(topic)).get(topic);
            return partitions == null
                    ? List.of()
                    : spec(topic)
                            .drift(partitions, brokers.configs(List.of(topic)).getOrDefault(topic, name -> null));
        }));
    }

    /** What it keeps, and by whose clock; sizes and times of segments are the operator's. */
    static TopicSpec spec(String topic) {
        Map<String, Wanted> wanted = new HashMap<>();
        CompactedTopic.configs().forEach((config, value) -> {
            if (EXACT.contains(config)) {
                wanted.put(config, Wanted.exactly(value));
            } else if (config.equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)) {
                wanted.put(config, Wanted.atLeast(Long.parseLong(value)));
            }
        });
        return new TopicSpec(topic, 1, wanted);
    }
}
