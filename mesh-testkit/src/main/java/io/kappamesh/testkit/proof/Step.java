package io.kappamesh.testkit.proof;

import io.kappamesh.testkit.simulation.Simulation;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;

/**
 * One decision of a schedule. A step that makes no sense, because its record or its task is not part of a smaller example, does
 * nothing, so that any part of a schedule is a schedule.
 */
sealed interface Step {

    void run(Simulation simulation, Map<Integer, ProducerRecord<byte[], byte[]>> records);

    /** A record arrives in its topic: once, or again from a producer that was not sure. */
    record Arrive(int number) implements Step {
        @Override
        public void run(Simulation simulation, Map<Integer, ProducerRecord<byte[], byte[]>> records) {
            ProducerRecord<byte[], byte[]> record = records.get(number);
            if (record != null) {
                simulation.arrive(record);
            }
        }
    }

    /** What a task does, if there is such a task. */
    sealed interface OfTask extends Step {
        TaskId task();

        void run(Simulation simulation);

        @Override
        default void run(Simulation simulation, Map<Integer, ProducerRecord<byte[], byte[]>> records) {
            if (simulation.tasks().contains(task())) {
                run(simulation);
            }
        }
    }

    record Fetch(TaskId task, TopicPartition source, int max) implements OfTask {
        @Override
        public void run(Simulation simulation) {
            if (simulation.sources(task).contains(source)) {
                simulation.fetch(task, source, max);
            }
        }
    }

    record Work(TaskId task, int max) implements OfTask {
        @Override
        public void run(Simulation simulation) {
            simulation.process(task, max);
        }
    }

    record Commit(TaskId task) implements OfTask {
        @Override
        public void run(Simulation simulation) {
            simulation.commit(task);
        }
    }

    record Restart(TaskId task) implements OfTask {
        @Override
        public void run(Simulation simulation) {
            simulation.restart(task);
        }
    }

    record Crash(TaskId task) implements OfTask {
        @Override
        public void run(Simulation simulation) {
            simulation.crash(task);
        }
    }

    /** A broker takes away what later records of a table have replaced. */
    record Compact(TopicPartition place, boolean deletionsToo) implements Step {
        /** The same where its topic has no more than so many partitions. */
        Compact within(int partitions) {
            return new Compact(new TopicPartition(place.topic(), place.partition() % partitions), deletionsToo);
        }

        @Override
        public void run(Simulation simulation, Map<Integer, ProducerRecord<byte[], byte[]>> records) {
            simulation.compact(place, deletionsToo);
        }
    }

    record Wait(Duration duration) implements Step {
        @Override
        public void run(Simulation simulation, Map<Integer, ProducerRecord<byte[], byte[]>> records) {
            simulation.advance(duration);
        }
    }

    /** Everything there is gets done. */
    record Settle() implements Step {
        @Override
        public void run(Simulation simulation, Map<Integer, ProducerRecord<byte[], byte[]>> records) {
            simulation.settle();
        }
    }
}
