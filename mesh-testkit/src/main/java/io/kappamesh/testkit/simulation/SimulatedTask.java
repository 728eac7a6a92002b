package io.kappamesh.testkit.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.processor.internals.StreamTask;

/** One life of a stream task, from the restoration of its state to its end. Goes through what a stream thread does with a task. */
final class SimulatedTask {
    private final StreamTask task;
    private final LogConsumer consumer;
    private final Transaction transaction;
    private final Map<TopicPartition, OffsetAndMetadata> committed;
    private final Time time;
    private final boolean idles;

    SimulatedTask(
            StreamTask task,
            LogConsumer consumer,
            Transaction transaction,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Time time,
            boolean idles) {
        this.task = task;
        this.consumer = consumer;
        this.transaction = transaction;
        this.committed = committed;
        this.time = time;
        this.idles = idles;
    }

    TaskId id() {
        return task.id();
    }

    Set<TopicPartition> sources() {
        return task.inputPartitions();
    }

    boolean hasRecordsQueued() {
        return task.hasRecordsQueued();
    }

    boolean hasReadFrom(TopicPartition place) {
        return sources().contains(place) && consumer.position(place) > 0;
    }

    /** Fetches up to so many records of a source and learns how far behind it is. */
    boolean fetch(TopicPartition source, int max) {
        task.resumePollingForPartitionsWithAvailableSpace();
        List<ConsumerRecord<byte[], byte[]>> records = consumer.fetch(source, max);
        if (!records.isEmpty()) {
            task.addRecords(source, records);
            task.updateNextOffsets(source, new OffsetAndMetadata(consumer.position(source), Optional.empty(), ""));
        }
        task.updateLags();
        return !records.isEmpty();
    }

    /** Processes up to so many records, as far as the task may, and then punctuates. */
    boolean process(int max, Consumer<Happening> observer) {
        int processed = 0;
        while (processed < max && mayProcess() && task.process(time.milliseconds())) {
            processed++;
            ProcessorRecordContext record = task.processorContext().recordContext();
            observer.accept(new Happening.Processed(
                    id(), new TopicPartition(record.topic(), record.partition()), record.offset()));
        }
        boolean punctuated = task.maybePunctuateStreamTime();
        punctuated |= task.maybePunctuateSystemTime();
        if (task.commitRequested()) {
            commit(observer);
        }
        return processed > 0 || punctuated;
    }

    /**
     * Spares Streams the question whether a task without records is ready, which it answers with a text. A task that idles has to be
     * asked nevertheless, because its waiting begins with the question.
     */
    private boolean mayProcess() {
        return idles || task.hasRecordsQueued();
    }

    boolean commit(Consumer<Happening> observer) {
        if (!task.commitNeeded()) {
            return false;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = task.prepareCommit(true);
        transaction.commit(observer);
        committed.putAll(offsets);
        task.postCommit(false);
        observer.accept(new Happening.Committed(id()));
        return true;
    }

    /** Ends this life. What is not committed by now is lost, local state is gone. */
    void end() {
        // In this order a stream thread closes a task that it gives up; caches are flushed into a transaction that is
        // aborted.
        task.prepareCommit(false);
        task.suspend();
        task.closeDirty();
        transaction.abort();
    }
}
