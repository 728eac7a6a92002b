package io.kappamesh.brokers;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Generation;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * The members of a generation's consumer group, as the brokers know them at one moment. A value.
 *
 * <p>Only member ids tell one process from another. The client id of a static member is that of the first process that joined under its
 * {@code group.instance.id}: brokers keep it when another process takes its place (KIP-345).
 *
 * @param settled whether no rebalance is under way
 * @param ids the member ids
 * @param processes for a human: the client ids of the members' Kafka Streams, each once, sorted
 * @param whereabouts for a human: the same with their hosts
 */
public record GroupMembers(boolean settled, Set<String> ids, List<String> processes, List<String> whereabouts) {
    private static final String THREAD = "-StreamThread-";

    public GroupMembers {
        ids = Set.copyOf(ids);
        processes = List.copyOf(processes);
        whereabouts = List.copyOf(whereabouts);
    }

    /**
     * Asks the brokers for the members of a generation's group. One that never ran, or whose group is deleted, has none.
     *
     * @throws ExecutionException when no broker answers in time, or they refuse
     */
    public static GroupMembers of(Admin admin, Generation generation) throws ExecutionException, InterruptedException {
        try {
            return AdminCall.ask(() -> admin.describeConsumerGroups(List.of(generation.applicationId()))
                            .all())
                    .values()
                    .stream()
                    .map(GroupMembers::of)
                    .findFirst()
                    .orElseGet(GroupMembers::none);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof GroupIdNotFoundException) {
                return none();
            }
            throw failed;
        }
    }

    /** The numbers of those generations of a product, out of some, whose group has a member. */
    public static Set<Integer> alive(Admin admin, ProductName product, Collection<Integer> numbers)
            throws ExecutionException, InterruptedException {
        Set<Integer> alive = new HashSet<>();
        for (int number : numbers) {
            if (!of(admin, new Generation(product, number)).isEmpty()) {
                alive.add(number);
            }
        }
        return alive;
    }

    public boolean isEmpty() {
        return ids.isEmpty();
    }

    private static GroupMembers none() {
        return new GroupMembers(true, Set.of(), List.of(), List.of());
    }

    private static GroupMembers of(ConsumerGroupDescription group) {
        GroupState state = group.groupState();
        return new GroupMembers(
                state == GroupState.STABLE || state == GroupState.EMPTY || state == GroupState.DEAD,
                group.members().stream().map(MemberDescription::consumerId).collect(Collectors.toSet()),
                group.members().stream()
                        .map(GroupMembers::process)
                        .distinct()
                        .sorted()
                        .toList(),
                group.members().stream()
                        .map(member -> process(member) + " on " + member.host())
                        .distinct()
                        .sorted()
                        .toList());
    }

    private static String process(MemberDescription member) {
        return process(member.clientId());
    }

    /** The client id of the Kafka Streams to which a consumer with this client id belongs; the same where it belongs to none. */
    public static String process(String clientId) {
        int thread = clientId.indexOf(THREAD);
        return thread < 0 ? clientId : clientId.substring(0, thread);
    }
}
