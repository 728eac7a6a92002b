package io.kappamesh.gate;

import io.kappamesh.brokers.GroupMembers;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far each input partition of one consumer may go. After every rebalance nothing goes until everything is known that was decided
 * before it: whoever comes back after having been away acts on what is decided now, also about whose build computes the generation. Confined to the consumer's thread.
 */
final class CutLine {
    private final CutGate gate;
    private final Set<String> inputs;
    private final String process;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, Long> frozen = new HashMap<>();
    private @Nullable String frozenFor;
    private @Nullable ConsumerGroupMetadata membership;
    private CompletableFuture<Void> known = CompletableFuture.completedFuture(null);
    private CutGate.@Nullable Order order;

    /**
     * @param inputs the topics of the input ports; others, such as repartition topics, always flow
     * @param clientId of the consumer
     */
    CutLine(CutGate gate, Set<String> inputs, String clientId) {
        this.gate = gate;
        this.inputs = Set.copyOf(inputs);
        this.process = GroupMembers.process(clientId);
        gate.opened(this);
    }

    /** The client id of its Kafka Streams. */
    String process() {
        return process;
    }

    /** Takes note of where the consumer stands in its group, and of what is decided now: to be called before and after each poll. */
    void look(Consumer<?, ?> consumer) {
        ConsumerGroupMetadata now = consumer.groupMetadata();
        if (membership == null
                || membership.generationId() != now.generationId()
                || !membership.memberId().equals(now.memberId())) {
            membership = now;
            known = gate.refresh();
        }
        Set<TopicPartition> assigned = consumer.assignment();
        next.keySet().retainAll(assigned);
        frozen.keySet().retainAll(assigned);
        order = gate.order();
        if (order != null && !order.cut().equals(frozenFor)) {
            frozen.clear();
            frozenFor = order.cut();
        }
    }

    /** The offset of the first record that may not pass; the largest there is when all may. */
    long limit(Consumer<?, ?> consumer, TopicPartition partition) {
        if (!inputs.contains(partition.topic())) {
            return Long.MAX_VALUE;
        }
        if (!known.isDone() || !gate.isOpen()) {
            return next(consumer, partition).orElse(0);
        }
        CutGate.Order at = order;
        if (at == null) {
            return gate.isThrottled() ? next(consumer, partition).orElse(0) : Long.MAX_VALUE;
        }
        Long to = at.offsets().get(partition);
        if (to != null) {
            return to;
        }
        OptionalLong here = next(consumer, partition);
        if (here.isPresent()) {
            frozen.putIfAbsent(partition, here.getAsLong());
        }
        return frozen.getOrDefault(partition, 0L);
    }

    /** The same for records that just came: a partition of which nothing was known begins with the first of them. */
    long limitFrom(Consumer<?, ?> consumer, TopicPartition partition, long first) {
        if (!next.containsKey(partition)) {
            next.put(partition, first);
        }
        return limit(consumer, partition);
    }

    /** Whether partitions are to stand because of a cut. */
    boolean isOrdered() {
        return order != null;
    }

    /** Says that the consumer stands, if it is to. */
    void report() {
        CutGate.Order at = order;
        ConsumerGroupMetadata member = membership;
        if (at != null && member != null && known.isDone()) {
            gate.pausedAt(this, process, member.memberId(), at.cut(), frozen);
        }
    }

    /** Records were let in, all of them below an offset. */
    void passed(TopicPartition partition, int records, long nextOffset) {
        next.put(partition, nextOffset);
        if (inputs.contains(partition.topic())) {
            gate.passed(records);
        }
    }

    void close() {
        gate.closed(this);
    }

    /** Behind the last record that was let in, or where the consumer began; empty while that is not known. */
    private OptionalLong next(Consumer<?, ?> consumer, TopicPartition partition) {
        Long passed = next.get(partition);
        if (passed != null) {
            return OptionalLong.of(passed);
        }
        // A position that is known already is told at once; one that is not would be waited for.
        return consumer.currentLag(partition).isPresent()
                ? OptionalLong.of(consumer.position(partition))
                : OptionalLong.empty();
    }
}
