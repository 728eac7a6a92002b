package io.kappamesh.provision;

import io.kappamesh.brokers.Brokers;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.provision.TopicSpec.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The control topic of a product, before anything is read from it: created, or compared with what it has to be, as every owned topic
 * is. If it loses records, the product forgets which generation serves.
 */
public final class ControlTopics {
    /** Where more keeps the promise too. */
    private static final Set<String> AT_LEAST =
            Set.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, TopicConfig.DELETE_RETENTION_MS_CONFIG);

    private ControlTopics() {}

    /** @throws StartupException {@link ExitCode#CONTRACT} with all that has drifted */
    public static void prepare(Admin admin, RetryPolicy retries, ProductName product) throws InterruptedException {
        String topic = ControlTopic.of(product);
        retries.await("the brokers, to create the control topic", () -> {
            ControlTopic.ensure(admin, product);
            return topic;
        });
        StartupException.throwIfAny(
                ExitCode.CONTRACT, retries.await("the brokers, to describe the control topic", () -> {
                    Map<String, TopicDescription> described =
                            TopicAdmin.descriptions(admin, List.of(topic, product.deadLetterTopic()));
                    UnaryOperator<@Nullable String> config =
                            new Brokers(admin).configs(List.of(topic)).getOrDefault(topic, name -> null);
                    TopicDescription control = described.get(topic);
                    TopicDescription published = described.get(product.deadLetterTopic());
                    return control == null || published == null
                            ? List.of()
                            : problems(topic, partitions(control), replicas(control), replicas(published), config);
                }));
    }

    /** @param usual how many replicas other topics of the product have */
    public static List<String> problems(
            String topic, int partitions, int replicas, int usual, UnaryOperator<@Nullable String> config) {
        List<String> problems = new ArrayList<>();
        if (partitions != 1) {
            problems.add("topic " + topic + ": partitions must be 1 but are " + partitions
                    + "; stop the processes of the product, delete the topic, and run `recover`");
        }
        if (replicas < Math.min(2, usual)) {
            problems.add("topic " + topic + ": replicas must be at least " + Math.min(2, usual) + " but are " + replicas
                    + ", so that one lost disk loses what is decided; run kafka-reassign-partitions.sh");
        }
        problems.addAll(new TopicSpec(topic, partitions, wanted(replicas)).drift(partitions, config));
        String inSync = config.apply(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        if (inSync != null && Integer.parseInt(inSync) > replicas) {
            problems.add("topic " + topic + ": min.insync.replicas is " + inSync + " of " + replicas
                    + " replicas, so that nothing can be decided; "
                    + TopicSpec.alter(
                            topic,
                            TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                            String.valueOf(ControlTopic.inSync(replicas))));
        }
        return problems;
    }

    private static Map<String, Wanted> wanted(int replicas) {
        Map<String, Wanted> wanted = new HashMap<>();
        ControlTopic.configs()
                .forEach((config, value) -> wanted.put(
                        config,
                        AT_LEAST.contains(config) ? Wanted.atLeast(Long.parseLong(value)) : Wanted.exactly(value)));
        wanted.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Wanted.atLeast(ControlTopic.inSync(replicas)));
        return wanted;
    }

    private static int partitions(TopicDescription topic) {
        return topic.partitions().size();
    }

    private static int replicas(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }
}
