package io.kappamesh.lint;

import io.kappamesh.contract.DataProduct;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/** What the configuration of Kafka Streams would do to a replay. */
final class ConfigurationRules {
    private static final String WITHOUT_LOOKING = "-1";

    private ConfigurationRules() {}

    static List<Finding> findings(DataProduct product, Map<String, Object> config) {
        Object idle = config.get(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG);
        return idle != null && idle.toString().strip().equals(WITHOUT_LOOKING)
                ? List.of(new Finding(product.name(), Rule.TASK_IDLE, StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, "is -1"))
                : List.of();
    }
}
