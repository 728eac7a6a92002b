package io.kappamesh.cut;

import io.kappamesh.Internal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A generation that is paused.
 *
 * @param ends where what it has written ends, per partition of the topics that it writes
 */
@Internal
public record QuiescedGeneration(Map<TopicPartition, Long> ends) {

    List<String> topics() {
        return ends.keySet().stream().map(TopicPartition::topic).distinct().toList();
    }

    public Map<Integer, Long> endsOf(String topic) {
        Map<Integer, Long> of = new HashMap<>();
        ends.forEach((partition, end) -> {
            if (partition.topic().equals(topic)) {
                of.put(partition.partition(), end);
            }
        });
        return of;
    }
}
