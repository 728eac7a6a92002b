package io.kappamesh.replay;

import io.kappamesh.control.BrokerQuestion;
import io.kappamesh.control.Generation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** What the brokers know of the processes of a generation. Stateless. */
final class Groups {
    private static final String THREAD = "-StreamThread-";

    /**
     * Who belongs to a group.
     *
     * @param settled whether no rebalance is under way
     * @param processes the client ids of the members' Kafka Streams, each once
     */
    record Members(boolean settled, List<String> processes) {}

    private final Admin admin;

    Groups(Admin admin) {
        this.admin = admin;
    }

    Members members(Generation generation) throws ExecutionException, InterruptedException {
        Optional<ConsumerGroupDescription> described = described(generation);
        GroupState state = described.map(ConsumerGroupDescription::groupState).orElse(GroupState.EMPTY);
        boolean settled = state == GroupState.STABLE || state == GroupState.EMPTY || state == GroupState.DEAD;
        List<String> processes = members(described)
                .map(member -> process(member.clientId()))
                .distinct()
                .sorted()
                .toList();
        return new Members(settled, processes);
    }

    /** The members with their hosts, for a human. */
    List<String> whereabouts(Generation generation) throws ExecutionException, InterruptedException {
        return members(described(generation))
                .map(member -> process(member.clientId()) + " on " + member.host())
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<MemberDescription> members(Optional<ConsumerGroupDescription> described) {
        return described.stream().flatMap(group -> group.members().stream());
    }

    /** Empty = it never ran, or is deleted. */
    private Optional<ConsumerGroupDescription> described(Generation generation)
            throws ExecutionException, InterruptedException {
        try {
            return BrokerQuestion.ask(() -> admin.describeConsumerGroups(List.of(generation.applicationId()))
                            .all())
                    .values()
                    .stream()
                    .findFirst();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof GroupIdNotFoundException) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    /** What was committed last, be another commit under way or not. */
    Map<TopicPartition, Long> committed(Generation generation) throws ExecutionException, InterruptedException {
        return committed(generation, false);
    }

    /**
     * What is committed; empty while a commit is under way. Asked for what is stable, brokers leave out partitions that are not, as if
     * nothing were committed for them.
     */
    Optional<Map<TopicPartition, Long>> settled(Generation generation) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> stable = committed(generation, true);
        return stable.keySet().containsAll(committed(generation, false).keySet())
                ? Optional.of(stable)
                : Optional.empty();
    }

    private Map<TopicPartition, Long> committed(Generation generation, boolean stable)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        BrokerQuestion.ask(() -> admin.listConsumerGroupOffsets(
                                generation.applicationId(), new ListConsumerGroupOffsetsOptions().requireStable(stable))
                        .partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /**
     * Takes from every process of a generation that is not a member of its group what it would need to write, and ends its open
     * transactions. Members have acknowledged; who is not a member may be asleep and not know yet.
     */
    void fenceOthers(Generation generation) throws ExecutionException, InterruptedException {
        List<String> members = members(generation).processes();
        List<String> others = transactionalIds(generation).stream()
                .filter(id -> members.stream().noneMatch(process -> id.startsWith(process + "-")))
                .toList();
        if (!others.isEmpty()) {
            BrokerQuestion.ask(() -> admin.fenceProducers(others).all());
        }
    }

    /** All that brokers still remember. */
    List<String> transactionalIds(Generation generation) throws ExecutionException, InterruptedException {
        return new TransactionalIds(admin).of(generation);
    }

    private static String process(String clientId) {
        int thread = clientId.indexOf(THREAD);
        return thread < 0 ? clientId : clientId.substring(0, thread);
    }
}
