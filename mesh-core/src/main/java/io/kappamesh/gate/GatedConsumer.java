package io.kappamesh.gate;

import io.kappamesh.inputs.InputProgress;
import io.kappamesh.inputs.PositionGuard;
import io.kappamesh.inputs.UncommittedRecords;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer of a stream thread with a gate in it: a partition whose next record may not pass is paused, while the others
 * flow and the member stays in its group. A record waits for its schema ({@link SchemaGate}), and a partition stands at a cut
 * ({@link CutLine}). Streams pauses and resumes partitions for reasons of its own; a partition flows when nobody holds it. Like
 * every consumer it is confined to one thread.
 */
final class GatedConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final Duration WHILE_WAITING = Duration.ofMillis(10);

    private final SchemaGate schemas;
    private final CutLine cut;
    private final InputProgress progress;
    private final UncommittedRecords uncommitted;
    private final PositionGuard positions;
    private final PlacementCheck placement;
    private final LivePacing pacing;
    private final Map<TopicPartition, ConsumerRecord<byte[], byte[]>> waiting = new HashMap<>();
    private final Set<TopicPartition> atCut = new HashSet<>();
    private final Set<TopicPartition> pausedByStreams = new HashSet<>();

    /** @param config of any consumer; whatever it says, a position that does not exist is an error */
    GatedConsumer(
            Map<String, Object> config,
            SchemaGate schemas,
            CutLine cut,
            InputProgress progress,
            UncommittedRecords uncommitted,
            PositionGuard positions,
            PlacementCheck placement,
            LivePacing pacing) {
        super(withoutReset(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.schemas = schemas;
        this.cut = cut;
        this.progress = progress;
        this.uncommitted = uncommitted;
        this.positions = positions;
        this.placement = placement;
        this.pacing = pacing;
    }

    private static Map<String, Object> withoutReset(Map<String, Object> config) {
        Map<String, Object> strict = new HashMap<>(config);
        strict.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return strict;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        try {
            return gated(timeout);
        } catch (InvalidOffsetException lost) {
            throw positions.judged(this, lost);
        }
    }

    private ConsumerRecords<byte[], byte[]> gated(Duration timeout) {
        cut.look(this);
        holdAndRelease();
        cut.report();
        ThreadPacing pace = pacing.here();
        Duration wait = pace.wait(timeout);
        pace.polls();
        ConsumerRecords<byte[], byte[]> polled = super.poll(waiting.isEmpty() ? wait : shorter(wait));
        pace.polled();
        pace.look();
        cut.look(this);
        uncommitted.holds(this, assignment());
        ConsumerRecords<byte[], byte[]> admitted = admit(polled);
        progress.update(this, super::currentLag);
        return admitted;
    }

    /** What is waited for may be here long before a poll of nothing but paused partitions ends. */
    private static Duration shorter(Duration timeout) {
        return timeout.compareTo(WHILE_WAITING) < 0 ? timeout : WHILE_WAITING;
    }

    /**
     * How much there is for Kafka Streams to wait for. A task takes nothing from its partitions as long as one of them has records on the
     * broker that are not here yet (KIP-695). What lies behind the cut is not to come, so the others go on without it: else a task
     * would never come to rest while live events flow. What is held for another reason, such as a throttle, is to come.
     */
    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        OptionalLong lag = super.currentLag(partition);
        return lag.isPresent() && cut.isOrdered() && atCut.contains(partition) ? OptionalLong.of(0) : lag;
    }

    /** Streams does so where it finds no position after state was damaged; an input has had one from the beginning. */
    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        if (positions.refusesToBegin(Set.copyOf(partitions))) {
            throw positions.judged(this, new NoOffsetForPartitionException(partitions));
        }
        super.seekToBeginning(partitions);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        pausedByStreams.addAll(partitions);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pausedByStreams.removeAll(partitions);
        super.resume(partitions.stream().filter(this::isFree).toList());
    }

    /**
     * A member without a name of its own never comes back, whatever ended its thread, so that the group is told at once instead of
     * waiting for its session to run out. Streams itself leaves only on a stop that was asked for.
     */
    @Override
    public void close(CloseOptions options) {
        progress.closed(this);
        uncommitted.closed(this);
        cut.close();
        pacing.ends();
        boolean named = groupMetadata().groupInstanceId().isPresent();
        CloseOptions soon = options.withTimeout(GenerationClients.TO_CLOSE);
        super.close(named ? soon : soon.withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }

    private boolean isFree(TopicPartition partition) {
        return !waiting.containsKey(partition) && !atCut.contains(partition) && !pausedByStreams.contains(partition);
    }

    /** Holds the partitions that have reached their limit, lets go of those that may flow by now, and forgets those no longer ours. */
    private void holdAndRelease() {
        Set<TopicPartition> assigned = assignment();
        waiting.keySet().retainAll(assigned);
        atCut.retainAll(assigned);
        pausedByStreams.retainAll(assigned);
        waiting.entrySet().removeIf(entry -> schemas.admits(entry.getKey(), entry.getValue()));
        for (TopicPartition partition : assigned) {
            long limit = cut.limit(this, partition);
            if (limit < Long.MAX_VALUE && reached(partition, limit)) {
                atCut.add(partition);
            } else {
                atCut.remove(partition);
            }
        }
        Set<TopicPartition> held = new HashSet<>(waiting.keySet());
        held.addAll(atCut);
        super.pause(held);
        super.resume(assigned.stream().filter(this::isFree).toList());
    }

    /** A position that is not known yet counts as reached: nothing was read from there. */
    private boolean reached(TopicPartition partition, long limit) {
        return currentLag(partition).isEmpty() || position(partition) >= limit;
    }

    /** Cuts each partition off at its first record that may not pass, and takes the consumer's position back to it. */
    private ConsumerRecords<byte[], byte[]> admit(ConsumerRecords<byte[], byte[]> polled) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> admitted = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> nextOffsets = new HashMap<>(polled.nextOffsets());
        boolean all = true;
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
            int passing = passing(partition, records);
            if (passing < records.size()) {
                all = false;
                long from = records.get(passing).offset();
                super.pause(List.of(partition));
                seek(partition, from);
                nextOffsets.put(partition, new OffsetAndMetadata(from, Optional.empty(), ""));
            }
            if (passing > 0) {
                List<ConsumerRecord<byte[], byte[]>> passed = records.subList(0, passing);
                admitted.put(partition, passed);
                placement.passed(partition, passed);
                long next = records.get(passing - 1).offset() + 1;
                cut.passed(partition, passing, next);
                uncommitted.passed(partition, records.get(0).offset(), next);
            }
        }
        return all ? polled : new ConsumerRecords<>(admitted, nextOffsets);
    }

    private int passing(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        long limit = cut.limitFrom(this, partition, records.get(0).offset());
        int below = 0;
        while (below < records.size() && records.get(below).offset() < limit) {
            below++;
        }
        int passing = schemas.passing(partition, records.subList(0, below), end(partition, records));
        if (passing < below) {
            waiting.put(partition, records.get(passing));
        } else if (below < records.size()) {
            atCut.add(partition);
        }
        return passing;
    }

    /** The offset behind the last record that the partition is known to have. */
    private long end(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        return records.get(records.size() - 1).offset()
                + 1
                + super.currentLag(partition).orElse(0);
    }
}
