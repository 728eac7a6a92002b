package io.kappamesh.benchmarks.measure;

import io.kappamesh.sales.SalesPorts;
import java.util.Optional;
import java.util.Set;

/** A job, over the order events unless it says otherwise, that has begun, on threads of its own. */
public interface Pipeline extends AutoCloseable {

    /** The consumer group whose offsets say what is committed. */
    String group();

    /** The topics whose records are counted. */
    default Set<String> sources() {
        return Set.of(SalesPorts.ORDER_EVENTS.topic());
    }

    /** How many records it has taken in. */
    long taken();

    /**
     * Whether a checkpoint of its own has everything; what is written is then committed by and by. Empty if it has none: the offsets of its group
     * are committed in the transactions of its records.
     */
    default Optional<Boolean> hasCheckpoint() {
        return Optional.empty();
    }

    /** @throws IllegalStateException when it cannot continue */
    void requireAlive();

    @Override
    void close();
}
