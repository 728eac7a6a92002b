package io.kappamesh.brokers;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Questions to the brokers. Each is one attempt; {@link RetryPolicy} repeats it. Thread-safe. */
public final class Brokers {
    private final Admin admin;

    public Brokers(Admin admin) {
        this.admin = admin;
    }

    /** How many partitions those topics have that exist. */
    public Map<String, Integer> partitions(Collection<String> topics) throws ExecutionException, InterruptedException {
        Map<String, Integer> partitions = new HashMap<>();
        Map<String, KafkaFuture<TopicDescription>> described =
                admin.describeTopics(List.copyOf(topics)).topicNameValues();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : described.entrySet()) {
            try {
                partitions.put(
                        topic.getKey(), topic.getValue().get().partitions().size());
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof TopicAuthorizationException) {
                    throw refused("DESCRIBE", topic.getKey());
                }
                if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed;
                }
            }
        }
        return partitions;
    }

    /** The configs of existing topics, defaults of the brokers included; an unknown config is null. */
    public Map<String, UnaryOperator<@Nullable String>> configs(Collection<String> topics)
            throws ExecutionException, InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<String, UnaryOperator<@Nullable String>> configs = new HashMap<>();
        Map<ConfigResource, KafkaFuture<Config>> described =
                admin.describeConfigs(resources).values();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> topic : described.entrySet()) {
            try {
                configs.put(topic.getKey().name(), in(topic.getValue().get()));
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof TopicAuthorizationException
                        ? refused("DESCRIBE_CONFIGS", topic.getKey().name())
                        : failed;
            }
        }
        return configs;
    }

    /** Kafka's own says "Topic authorization failed." and no more. */
    public static ExecutionException refused(String right, String topic) {
        return new ExecutionException(new TopicAuthorizationException(right + " is missing", Set.of(topic)));
    }

    private static UnaryOperator<@Nullable String> in(Config config) {
        return name -> {
            ConfigEntry entry = name == null ? null : config.get(name);
            return entry == null ? null : entry.value();
        };
    }
}
