package io.kappamesh.benchmarks.arm;

/** A job over the order events that has begun, on threads of its own. */
interface Pipeline extends AutoCloseable {

    /** The consumer group whose offsets say what is committed. */
    String group();

    /** How many records it has taken in. */
    long taken();

    /** @throws IllegalStateException when it cannot continue */
    void requireAlive();

    @Override
    void close();
}
