package io.kappamesh.generation;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Offsets per partition as they stand in control records: {@code sales.orders.v1-0} to 4711. */
final class Offsets {
    private Offsets() {}

    static Map<String, Long> named(Map<TopicPartition, Long> offsets) {
        Map<String, Long> named = new TreeMap<>();
        offsets.forEach((partition, offset) -> named.put(partition.toString(), offset));
        return named;
    }

    static Map<TopicPartition, Long> of(Map<String, Long> named) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        named.forEach((name, offset) -> {
            int dash = name.lastIndexOf('-');
            offsets.put(
                    new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1))), offset);
        });
        return offsets;
    }
}
