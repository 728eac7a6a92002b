package io.kappamesh.provision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * What an owned topic has to be. Configs that are not in it are the operator's.
 *
 * @param name the topic
 * @param partitions exactly so many
 * @param configs what each config has to be
 */
public record TopicSpec(String name, int partitions, Map<String, Wanted> configs) {

    /**
     * @param value what a new topic gets, as Kafka writes it
     * @param orMore whether a greater number keeps the promise too
     */
    record Wanted(String value, boolean orMore) {
        static Wanted exactly(Object value) {
            return new Wanted(String.valueOf(value), false);
        }

        static Wanted atLeast(long value) {
            return new Wanted(String.valueOf(value), true);
        }

        boolean holds(@Nullable String actual) {
            if (actual == null || !orMore) {
                return value.equals(actual);
            }
            return Long.parseLong(actual) >= Long.parseLong(value);
        }

        @Override
        public String toString() {
            return orMore ? "at least " + value : value;
        }
    }

    public TopicSpec {
        configs = Map.copyOf(configs);
    }

    /** With as many replicas as the brokers give by default: how much loss they can take is known to whoever runs them. */
    public NewTopic asNewTopic() {
        Map<String, String> plain = new LinkedHashMap<>();
        configs.forEach((config, wanted) -> plain.put(config, wanted.value()));
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(plain);
    }

    /** In what an existing topic differs: one sentence each, with the remedy. */
    List<String> drift(int actualPartitions, UnaryOperator<@Nullable String> actualConfig) {
        List<String> found = new ArrayList<>();
        if (actualPartitions != partitions) {
            found.add("topic " + name + ": partitions must be " + partitions + " but are " + actualPartitions
                    + "; declare what is there, or publish under a new major version: keys are placed by this number");
        }
        Map<String, Wanted> differing = configs.entrySet().stream()
                .filter(config -> !config.getValue().holds(actualConfig.apply(config.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        differing.keySet().stream().sorted().forEach(config -> {
            Wanted wanted = configs.get(config);
            found.add("topic " + name + ": " + config + " must be " + wanted + " but is " + actualConfig.apply(config)
                    + "; " + alter(name, config, wanted == null ? "" : wanted.value()));
        });
        return found;
    }

    /** How an operator sets a topic's config. */
    static String alter(String topic, String config, String value) {
        return "run kafka-configs.sh --alter --entity-type topics --entity-name " + topic + " --add-config " + config
                + "=" + value;
    }
}
