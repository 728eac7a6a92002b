package io.kappamesh.discovery;

import io.kappamesh.brokers.AdminCall;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;

/**
 * The consumer groups that brokers show to whoever asks, at one moment. An immutable value.
 *
 * @param active the topics that are assigned to the members of each group that has members
 * @param idle the groups that have none
 * @param unclear the groups of which that does not tell what they read: they are rebalancing, of a type that is not described here, or brokers
 *     list them and do not describe them to whoever asks. Some of them are among the active ones too
 */
record ReadingGroups(NavigableMap<String, Set<String>> active, Set<String> idle, Set<String> unclear) {
    private static final Set<GroupState> WITHOUT_MEMBERS = Set.of(GroupState.EMPTY, GroupState.DEAD);
    private static final Set<GroupType> KNOWN = Set.of(GroupType.CLASSIC, GroupType.CONSUMER);

    ReadingGroups {
        active = new TreeMap<>(active);
        idle = Set.copyOf(idle);
        unclear = Set.copyOf(unclear);
    }

    static ReadingGroups of(Admin admin) throws ExecutionException, InterruptedException {
        Collection<GroupListing> all = AdminCall.ask(() -> admin.listGroups().all());
        Set<String> idle = new HashSet<>();
        Set<String> unclear = new HashSet<>();
        Set<String> members = new TreeSet<>();
        for (GroupListing group : all) {
            if (group.groupState().filter(WITHOUT_MEMBERS::contains).isPresent()) {
                idle.add(group.groupId());
            } else if (group.type().filter(KNOWN::contains).isPresent()) {
                members.add(group.groupId());
            } else {
                unclear.add(group.groupId());
            }
        }
        NavigableMap<String, Set<String>> active = new TreeMap<>();
        Map<String, ConsumerGroupDescription> described = described(admin, members);
        for (Map.Entry<String, ConsumerGroupDescription> one : described.entrySet()) {
            if (one.getValue().members().isEmpty()) {
                idle.add(one.getKey());
            } else {
                active.put(one.getKey(), topics(one.getValue()));
                if (!isSettled(one.getValue())) {
                    unclear.add(one.getKey());
                }
            }
        }
        members.stream().filter(group -> !described.containsKey(group)).forEach(unclear::add);
        return new ReadingGroups(active, idle, unclear);
    }

    /** A group that has gone in the meantime, or that may be listed and not described, is not among them. */
    private static Map<String, ConsumerGroupDescription> described(Admin admin, Set<String> groups)
            throws ExecutionException, InterruptedException {
        Map<String, ConsumerGroupDescription> described = new HashMap<>();
        if (groups.isEmpty()) {
            return described;
        }
        Map<String, KafkaFuture<ConsumerGroupDescription>> answers =
                admin.describeConsumerGroups(groups).describedGroups();
        for (Map.Entry<String, KafkaFuture<ConsumerGroupDescription>> one : answers.entrySet()) {
            try {
                described.put(one.getKey(), one.getValue().get());
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof ApiException)
                        || failed.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                    throw failed;
                }
            }
        }
        return described;
    }

    /** While a group rebalances, brokers describe members without what they will read. */
    private static boolean isSettled(ConsumerGroupDescription group) {
        return group.groupState() == GroupState.STABLE
                && group.members().stream()
                        .noneMatch(
                                member -> member.assignment().topicPartitions().isEmpty());
    }

    private static Set<String> topics(ConsumerGroupDescription group) {
        Set<String> topics = new TreeSet<>();
        group.members()
                .forEach(member ->
                        member.assignment().topicPartitions().forEach(partition -> topics.add(partition.topic())));
        return topics;
    }
}
