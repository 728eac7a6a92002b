package io.kappamesh.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PlacementCheckTest {
    private final List<String> told = new ArrayList<>();
    private final PlacementCheck check =
            new PlacementCheck(Map.of("orders", 4), (topic, records) -> told.add(topic + " " + records));

    @Test
    void recordsAreComparedWithWhatKafkasPartitionerChooses() {
        List<String> right = new ArrayList<>();
        for (String key : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
            IntStream.range(0, 4)
                    .filter(partition -> {
                        told.clear();
                        check.passed(new TopicPartition("orders", partition), List.of(record(key)));
                        return told.isEmpty();
                    })
                    .forEach(partition -> right.add(key + partition));
        }

        assertThat(right)
                .as("where murmur2 puts each of them")
                .containsExactly("a0", "b0", "c2", "d1", "e2", "f3", "g3", "h1");
    }

    @Test
    void recordsWithoutKeysAndTopicsThatArePlacedAnewAreNotLookedAt() {
        for (int partition = 0; partition < 4; partition++) {
            check.passed(new TopicPartition("orders", partition), List.of(record(null)));
            check.passed(new TopicPartition("others", partition), List.of(record("a")));
        }

        assertThat(told).isEmpty();
    }

    @Test
    void thoseOfOneBatchAreToldTogether() {
        check.passed(new TopicPartition("orders", 1), List.of(record("a"), record(null), record("a"), record("a")));

        assertThat(told).containsExactly("orders 3");
    }

    private static ConsumerRecord<byte[], byte[]> record(String key) {
        return new ConsumerRecord<>("orders", 0, 0, key == null ? null : key.getBytes(StandardCharsets.UTF_8), null);
    }
}
