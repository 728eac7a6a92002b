package io.kappamesh.brokers;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Questions about topics, asked as {@link AdminCall} asks. A refusal names the topics and the right: what Kafka's admin client throws says
 * "Topic authorization failed." and no more. Stateless.
 */
public final class TopicAdmin {
    private TopicAdmin() {}

    /** What topics are; all of them exist. */
    public static Map<String, TopicDescription> descriptions(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        return each(
                "DESCRIBE", topic -> topic, () -> admin.describeTopics(topics).topicNameValues());
    }

    /** The same, with what the asking principal may do with them. */
    public static Map<String, TopicDescription> access(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        DescribeTopicsOptions access = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        return each(
                "DESCRIBE",
                topic -> topic,
                () -> admin.describeTopics(topics, access).topicNameValues());
    }

    /**
     * The names, sorted, of those topics for which the asking principal lacks an operation. Brokers without an authorizer do not tell,
     * and are not taken for brokers that refuse.
     *
     * @param topics as {@link #access} describes them
     */
    public static List<String> without(AclOperation needed, Collection<TopicDescription> topics) {
        return topics.stream()
                .filter(topic -> {
                    Set<AclOperation> allowed = topic.authorizedOperations();
                    return allowed != null && !allowed.isEmpty() && !allowed.contains(needed);
                })
                .map(TopicDescription::name)
                .sorted()
                .toList();
    }

    /** Whether there is such a topic, asked once; a list of topics leaves out those that one may not know of. */
    public static boolean exists(Admin admin, String topic) throws ExecutionException, InterruptedException {
        try {
            KafkaFuture<TopicDescription> answer =
                    admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
            return answer != null && answer.get().name().equals(topic);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw failed.getCause() instanceof TopicAuthorizationException
                    ? new ExecutionException(new TopicAuthorizationException("DESCRIBE is missing", Set.of(topic)))
                    : failed;
        }
    }

    /** The configs of topics, defaults of the brokers included. */
    public static Map<String, Config> configs(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        List<ConfigResource> asked = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<String, Config> configs = new HashMap<>();
        each(
                        "DESCRIBE_CONFIGS",
                        ConfigResource::name,
                        () -> admin.describeConfigs(asked).values())
                .forEach((topic, config) -> configs.put(topic.name(), config));
        return configs;
    }

    /** Offsets of partitions. */
    public static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, Map<TopicPartition, OffsetSpec> asked, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        return each("DESCRIBE", TopicPartition::topic, () -> {
            ListOffsetsResult result = admin.listOffsets(asked, new ListOffsetsOptions(isolation));
            return asked.keySet().stream().collect(Collectors.toMap(one -> one, result::partitionResult));
        });
    }

    /** Creates a topic, unless somebody else was faster. */
    public static void create(Admin admin, NewTopic topic) throws ExecutionException, InterruptedException {
        try {
            each(
                    "CREATE",
                    name -> name,
                    () -> admin.createTopics(List.of(topic)).values());
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw failed;
            }
        }
    }

    /** Deletes a topic. */
    public static void delete(Admin admin, String topic) throws ExecutionException, InterruptedException {
        each("DELETE", name -> name, () -> admin.deleteTopics(List.of(topic)).topicNameValues());
    }

    private static <K, V> Map<K, V> each(
            String right, Function<K, String> topic, Supplier<? extends Map<K, KafkaFuture<V>>> question)
            throws ExecutionException, InterruptedException {
        Map<K, KafkaFuture<V>> last = new HashMap<>();
        try {
            AdminCall.ask(() -> {
                last.clear();
                last.putAll(question.get());
                return KafkaFuture.allOf(last.values().toArray(KafkaFuture<?>[]::new));
            });
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicAuthorizationException)) {
                throw failed;
            }
            Set<String> refused = new TreeSet<>();
            for (Map.Entry<K, KafkaFuture<V>> one : last.entrySet()) {
                if (isRefused(one.getValue())) {
                    refused.add(topic.apply(one.getKey()));
                }
            }
            throw new ExecutionException(new TopicAuthorizationException(right + " is missing", refused));
        }
        Map<K, V> answers = new HashMap<>();
        for (Map.Entry<K, KafkaFuture<V>> one : last.entrySet()) {
            answers.put(one.getKey(), one.getValue().get());
        }
        return answers;
    }

    private static boolean isRefused(KafkaFuture<?> answer) throws InterruptedException {
        if (!answer.isCompletedExceptionally()) {
            return false;
        }
        try {
            answer.get();
            return false;
        } catch (ExecutionException failed) {
            return failed.getCause() instanceof TopicAuthorizationException;
        }
    }
}
