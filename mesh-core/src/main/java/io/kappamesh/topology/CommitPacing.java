package io.kappamesh.topology;

import io.kappamesh.Internal;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Decides when a live product commits: when results become visible, but never what they are. The topology reports every task and every record
 * to it, and it requests commits from the tasks.
 *
 * <p>It does not use wall-clock punctuations of Kafka Streams, because they request a commit even for an idle task, and are due again at once
 * when a commit takes longer than their interval.
 */
@Internal
public interface CommitPacing {

    /** The progress of one stream thread. Confined to that thread. */
    interface Pace {

        /** A processor has handled a record, so there is something to commit. Called for each record and processor, so it must be quick. */
        void worked();

        /** The thread no longer works on a task. Idempotent. */
        void closed(TaskId task);
    }

    /**
     * A stream thread starts to work on a task. Called on that thread, once for each processor of the task.
     *
     * @param task accepts commit requests until it is closed
     */
    Pace opened(ProcessingContext task);

    /** Leaves the commits to Kafka Streams. */
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
