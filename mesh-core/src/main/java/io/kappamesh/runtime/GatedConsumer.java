package io.kappamesh.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer of a stream thread with a gate in it: a partition whose next record may not pass yet stands still, while the others
 * flow and the member stays in its group. Streams pauses and resumes partitions for reasons of its own; a partition flows when
 * neither holds it. Like every consumer it is confined to one thread.
 */
final class GatedConsumer extends KafkaConsumer<byte[], byte[]> {
    private final SchemaGate gate;
    private final InputProgress progress;
    private final Map<TopicPartition, ConsumerRecord<byte[], byte[]>> held = new HashMap<>();
    private final Set<TopicPartition> pausedByStreams = new HashSet<>();

    GatedConsumer(Map<String, Object> config, SchemaGate gate, InputProgress progress) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.gate = gate;
        this.progress = progress;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        release();
        ConsumerRecords<byte[], byte[]> admitted = admit(super.poll(timeout));
        progress.update(this);
        return admitted;
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        pausedByStreams.addAll(partitions);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pausedByStreams.removeAll(partitions);
        Set<TopicPartition> free = new HashSet<>(partitions);
        free.removeAll(held.keySet());
        super.resume(free);
    }

    /**
     * A member without a name of its own never comes back, whatever ended its thread, so that the group is told at once instead of
     * waiting for its session to run out. Streams itself leaves only on a stop that was asked for.
     */
    @Override
    public void close(CloseOptions options) {
        progress.closed(this);
        boolean named = groupMetadata().groupInstanceId().isPresent();
        super.close(named ? options : options.withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }

    /** Lets go of the partitions whose next record may pass by now, and forgets those that are no longer ours. */
    private void release() {
        Set<TopicPartition> assigned = assignment();
        held.keySet().retainAll(assigned);
        pausedByStreams.retainAll(assigned);
        held.entrySet().removeIf(entry -> {
            TopicPartition partition = entry.getKey();
            boolean free = gate.admits(partition.topic(), entry.getValue().value());
            if (free && !pausedByStreams.contains(partition)) {
                super.resume(List.of(partition));
            }
            return free;
        });
    }

    /** Cuts each partition off at its first record that may not pass, and takes the consumer's position back to it. */
    private ConsumerRecords<byte[], byte[]> admit(ConsumerRecords<byte[], byte[]> polled) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> admitted = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> nextOffsets = new HashMap<>(polled.nextOffsets());
        boolean cut = false;
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
            int passing = passing(records);
            if (passing < records.size()) {
                cut = true;
                ConsumerRecord<byte[], byte[]> first = records.get(passing);
                held.put(partition, first);
                super.pause(List.of(partition));
                seek(partition, first.offset());
                nextOffsets.put(partition, new OffsetAndMetadata(first.offset(), Optional.empty(), ""));
            }
            if (passing > 0) {
                admitted.put(partition, records.subList(0, passing));
            }
        }
        return cut ? new ConsumerRecords<>(admitted, nextOffsets) : polled;
    }

    private int passing(List<ConsumerRecord<byte[], byte[]>> records) {
        for (int i = 0; i < records.size(); i++) {
            if (!gate.admits(records.get(i).topic(), records.get(i).value())) {
                return i;
            }
        }
        return records.size();
    }
}
