package io.kappamesh.generation;

import static java.util.Objects.requireNonNull;

import io.kappamesh.Internal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The answer of a process of a generation to a cut: from now on none of its input partitions gets past these offsets, nor does any that it
 * is given later, until another order comes.
 *
 * @param generation {@code sales.orders.g1}
 * @param process the client id of its Kafka Streams
 * @param cut the id of the cut
 * @param positions per input partition that it holds the offset of the first record that it has not let in
 * @param members the member ids of its consumers in the generation's group
 * @param transactionalIds of its producers
 */
@Internal
public record Acknowledgement(
        String generation,
        String process,
        String cut,
        Map<String, Long> positions,
        List<String> members,
        List<String> transactionalIds) {

    public Acknowledgement {
        requireNonNull(generation, "generation");
        requireNonNull(process, "process");
        requireNonNull(cut, "cut");
        positions = new TreeMap<>(positions);
        // Answers of processes of an older version have neither, so that nobody takes them for those of a member.
        members = List.copyOf(Objects.requireNonNullElse(members, List.of()));
        transactionalIds = List.copyOf(Objects.requireNonNullElse(transactionalIds, List.of()));
    }

    public static Acknowledgement of(
            Generation generation,
            String process,
            String cut,
            Map<TopicPartition, Long> positions,
            Collection<String> members,
            Collection<String> transactionalIds) {
        return new Acknowledgement(
                generation.toString(),
                process,
                cut,
                Offsets.named(positions),
                members.stream().sorted().toList(),
                transactionalIds.stream().sorted().toList());
    }

    public Map<TopicPartition, Long> offsets() {
        return Offsets.of(positions);
    }

    /** Whether it comes from a process that is in the group. */
    public boolean isOfMember(Set<String> group) {
        return members.stream().anyMatch(group::contains);
    }
}
