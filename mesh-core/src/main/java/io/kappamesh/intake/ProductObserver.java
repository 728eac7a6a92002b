package io.kappamesh.intake;

import io.kappamesh.Internal;

/**
 * Is told what passes through a product, by all of its stream threads: implementations are thread-safe and quick. A transaction
 * that aborts is told again when it is repeated.
 */
@Internal
public interface ProductObserver {

    /** A record passed the intake. Event time in milliseconds since the epoch. */
    void recordIn(String topic, int partition, long offset, long eventTimeMillis);

    /** A record left by an output port. Event time in milliseconds since the epoch. */
    void recordOut(String topic, long eventTimeMillis);

    /** A record was refused by the intake. */
    void deadLetter(String topic, int partition, long offset, Reason reason);

    /** Looks away. */
    ProductObserver NONE = new ProductObserver() {
        @Override
        public void recordIn(String topic, int partition, long offset, long eventTimeMillis) {}

        @Override
        public void recordOut(String topic, long eventTimeMillis) {}

        @Override
        public void deadLetter(String topic, int partition, long offset, Reason reason) {}
    };
}
