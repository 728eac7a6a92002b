package io.kappamesh.benchmarks.flink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the records that the source has handed on. Static, because Flink runs copies of the functions that it is given: a process runs one job.
 * Thread-safe.
 */
final class Taken {
    private static final AtomicLong COUNT = new AtomicLong();
    private static final CompletableFuture<Void> ALL = new CompletableFuture<>();

    private Taken() {}

    /** One more of so many. */
    static void one(long of) {
        if (COUNT.incrementAndGet() == of) {
            ALL.completeAsync(() -> null);
        }
    }

    static long count() {
        return COUNT.get();
    }

    /** Done when there are no more. */
    static CompletableFuture<Void> all() {
        return ALL;
    }
}
