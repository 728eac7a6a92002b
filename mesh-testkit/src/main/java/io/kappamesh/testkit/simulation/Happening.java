package io.kappamesh.testkit.simulation;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;

/** One thing that happened in a simulation. */
public sealed interface Happening {

    /** A record came to stand in an input topic. */
    record Arrived(TopicPartition place, long offset) implements Happening {}

    /** A task took its next record and was done with it. */
    record Processed(TaskId task, TopicPartition place, long offset) implements Happening {}

    /** A record came to stand in a topic that the topology writes to, because of a record that a task processed. */
    record Written(TopicPartition place, long offset, TopicPartition cause, long causeOffset) implements Happening {}

    /** What a task had written became visible, together with how far it had read. */
    record Committed(TaskId task) implements Happening {}

    /** A task committed, was closed, and began anew with its state restored. */
    record Restarted(TaskId task) implements Happening {}

    /** A task lost what it had not committed, and began anew with its state restored. */
    record Crashed(TaskId task) implements Happening {}

    /** Compaction took records out of an input topic that later ones of their keys had replaced. */
    record Compacted(TopicPartition place, List<Long> offsets) implements Happening {}

    /** The wall clock went on. */
    record Waited(Duration duration) implements Happening {}
}
