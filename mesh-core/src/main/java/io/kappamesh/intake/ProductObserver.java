package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.rule.BrokenRule;
import java.util.List;
import org.apache.kafka.common.header.Headers;

/**
 * Is called for each record that a product reads, rejects or writes, by all of its stream threads: implementations are thread-safe and
 * quick. When records of an aborted transaction are processed again, it is called for them again.
 */
@Internal
public interface ProductObserver {

    /** The intake admitted a record. Event time in milliseconds since the epoch. */
    void recordIn(String topic, int partition, long offset, long eventTimeMillis);

    /** A record was written to an output port. Event time in milliseconds since the epoch. */
    void recordOut(String topic, long eventTimeMillis);

    /** The intake rejected a record. */
    void deadLetter(String topic, int partition, long offset, Reason reason);

    /** The intake passed over a record that says nothing that belongs to its port. */
    void ignored(String topic, int partition, long offset);

    /** At the intake rules did not hold for a record, whatever becomes of it. */
    default void unmet(List<BrokenRule> rules) {}

    /** A record was written to an output port for which rules do not hold that the port promises; called once, with their names. */
    default void broken(String topic, List<String> rules) {}

    /**
     * The intake has a record, with everything that follows from it in the same part of the topology.
     *
     * @param headers of the record; not to be changed
     * @param processing does all of it; to be called once
     */
    default void process(String topic, int partition, long offset, Headers headers, Runnable processing) {
        processing.run();
    }

    /** Does nothing. */
    ProductObserver NONE = new ProductObserver() {
        @Override
        public void recordIn(String topic, int partition, long offset, long eventTimeMillis) {}

        @Override
        public void recordOut(String topic, long eventTimeMillis) {}

        @Override
        public void deadLetter(String topic, int partition, long offset, Reason reason) {}

        @Override
        public void ignored(String topic, int partition, long offset) {}
    };
}
