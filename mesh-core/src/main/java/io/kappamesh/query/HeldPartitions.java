package io.kappamesh.query;

import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions of one topic are held here, and which of those are complete: their task runs, and has processed everything up to an end
 * that was heard of since. Kafka Streams lets a store be asked while it is being restored, and counts a task as running that has all of its
 * topic still before it. The stream thread writes, any thread asks.
 */
final class HeldPartitions {
    private final Map<Integer, Held> partitions = new ConcurrentHashMap<>();

    /**
     * An immutable value.
     *
     * @param reader the stream thread: one that is replaced may end later than its successor begins
     * @param running whether the task of the partition takes records: its store is restored
     * @param returned the offset of the last record that came from the brokers since then; -1 = none did
     * @param processed the offset of the last record that is in the store since then; -1 = none is
     * @param complete the offset that has to be in the store for the partition to be complete; empty = not known yet
     */
    private record Held(Thread reader, boolean running, long returned, long processed, OptionalLong complete) {
        static Held here(boolean running) {
            return new Held(Thread.currentThread(), running, -1, -1, OptionalLong.empty());
        }

        boolean isOurs() {
            return reader == Thread.currentThread();
        }

        Held returned(long offset) {
            return running ? new Held(reader, true, offset, processed, complete) : this;
        }

        Held atEnd() {
            return running && complete.isEmpty()
                    ? new Held(reader, true, returned, processed, OptionalLong.of(returned))
                    : this;
        }

        Held processed(long offset) {
            return new Held(reader, running, returned, offset, complete);
        }

        boolean isComplete() {
            return running && complete.isPresent() && processed >= complete.getAsLong();
        }
    }

    /** The task of a partition has its store and takes records from now on. */
    void began(int partition) {
        partitions.put(partition, Held.here(true));
    }

    /** The task of a partition takes no records any more. */
    void ended(int partition) {
        partitions.computeIfPresent(partition, (number, held) -> held.isOurs() ? Held.here(false) : held);
    }

    /** A record is in the store. */
    void processed(int partition, long offset) {
        partitions.computeIfPresent(partition, (number, held) -> held.processed(offset));
    }

    /**
     * The consumer was asked for records.
     *
     * @param lag of a partition, in records behind the last end that was heard of; empty = none was heard of
     */
    void polled(
            Set<TopicPartition> assigned,
            ConsumerRecords<byte[], byte[]> records,
            Function<TopicPartition, OptionalLong> lag) {
        Set<Integer> numbers = new HashSet<>();
        assigned.forEach(one -> numbers.add(one.partition()));
        partitions.entrySet().removeIf(one -> one.getValue().isOurs() && !numbers.contains(one.getKey()));
        for (TopicPartition one : assigned) {
            partitions.compute(
                    one.partition(), (number, held) -> held == null || !held.isOurs() ? Held.here(false) : held);
            var batch = records.records(one);
            if (!batch.isEmpty()) {
                ConsumerRecord<byte[], byte[]> last = batch.get(batch.size() - 1);
                partitions.computeIfPresent(one.partition(), (number, held) -> held.returned(last.offset()));
            }
            if (needsEnd(one.partition())) {
                OptionalLong behind = lag.apply(one);
                if (behind.isPresent() && behind.getAsLong() == 0) {
                    partitions.computeIfPresent(one.partition(), (number, held) -> held.atEnd());
                }
            }
        }
    }

    private boolean needsEnd(int partition) {
        Held held = partitions.get(partition);
        return held != null && held.running() && held.complete().isEmpty();
    }

    /** This thread holds nothing any more. */
    void closed() {
        partitions.values().removeIf(Held::isOurs);
    }

    /** Whether the partition is assigned to this process, complete or not. */
    boolean holds(int partition) {
        return partitions.containsKey(partition);
    }

    boolean isComplete(int partition) {
        Held held = partitions.get(partition);
        return held != null && held.isComplete();
    }
}
