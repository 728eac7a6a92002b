package io.kappamesh.topology;

import io.kappamesh.Internal;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Decides when a product that is live commits. It is told about every task and every record, and asks tasks for commits; it decides when
 * results become visible, never what they are.
 *
 * <p>No clock of Kafka Streams is used: a wall-clock punctuation marks a task that did nothing as one to be committed, and is due again at
 * once where the commit that it asked for took longer than its interval.
 */
@Internal
public interface CommitPacing {

    /** How one stream thread gets on. Confined to that thread. */
    interface Pace {

        /** A processor has handled a record: there is something to commit. Called for each record and processor, so it is quick. */
        void worked();

        /** A task is not worked on any more. Idempotent. */
        void closed(TaskId task);
    }

    /**
     * A stream thread begins to work on a task; on that thread, once for each processor of the task.
     *
     * @param task can be asked for a commit until it is closed
     */
    Pace opened(ProcessingContext task);

    /** Leaves commits to Kafka Streams. */
    CommitPacing NONE = new CommitPacing() {
        @Override
        public Pace opened(ProcessingContext task) {
            return new Pace() {
                @Override
                public void worked() {}

                @Override
                public void closed(TaskId closed) {}
            };
        }
    };
}
