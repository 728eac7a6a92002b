package io.kappamesh.brokers;

import io.kappamesh.generation.Generation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;

/** Topics that a generation writes while it does not serve. Stateless. */
public final class ShadowTopics {
    private ShadowTopics() {}

    /**
     * Creates the shadows that are missing, each with the partitions and the configs of its public topic. Several may do so at once.
     *
     * @param topics public topics, which exist
     */
    public static void ensure(Admin admin, Generation generation, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        Set<String> existing = AdminCall.ask(() -> admin.listTopics().names());
        List<String> lacking = topics.stream()
                .filter(topic -> !existing.contains(generation.shadowOf(topic)))
                .toList();
        if (lacking.isEmpty()) {
            return;
        }
        Map<String, Map<String, String>> configs = configs(admin, lacking);
        List<NewTopic> wanted = new ArrayList<>();
        TopicAdmin.descriptions(admin, lacking)
                .forEach((topic, description) -> wanted.add(new NewTopic(
                                generation.shadowOf(topic),
                                Optional.of(description.partitions().size()),
                                Optional.empty())
                        .configs(configs.getOrDefault(topic, Map.of()))));
        for (NewTopic topic : wanted) {
            TopicAdmin.create(admin, topic);
        }
        List<String> made = wanted.stream().map(NewTopic::name).toList();
        // Until then the broker that is asked next may not know of them.
        TopicAdmin.descriptions(admin, made);
    }

    /** What was set for the topics themselves. */
    private static Map<String, Map<String, String>> configs(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        Map<String, Map<String, String>> configs = new HashMap<>();
        TopicAdmin.configs(admin, topics)
                .forEach((topic, config) -> configs.put(
                        topic,
                        config.entries().stream()
                                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value))));
        return configs;
    }
}
