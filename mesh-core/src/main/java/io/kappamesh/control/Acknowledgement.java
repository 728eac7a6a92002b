package io.kappamesh.control;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What a process of a generation says to a cut: from now on none of its input partitions gets past these offsets, nor does any that it
 * is given later, until it is told.
 *
 * @param generation {@code sales.orders.g1}
 * @param process the client id of its Kafka Streams, with which the client ids of its group members begin
 * @param cut the id of the cut
 * @param positions per input partition that it holds the offset of the first record that it has not let in
 */
public record Acknowledgement(String generation, String process, String cut, Map<String, Long> positions) {

    public Acknowledgement {
        positions = new TreeMap<>(positions);
    }

    public static Acknowledgement of(
            Generation generation, String process, String cut, Map<TopicPartition, Long> positions) {
        return new Acknowledgement(generation.toString(), process, cut, Offsets.named(positions));
    }

    public Map<TopicPartition, Long> offsets() {
        return Offsets.of(positions);
    }
}
