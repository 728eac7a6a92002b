package io.kappamesh.brokers;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that goes on while others do something else: questions that do not depend on each other are asked at once, and take no longer than
 * the slowest of them. Thread-safe.
 */
public final class Pending<T> {
    private final FutureTask<T> task;

    private Pending(FutureTask<T> task) {
        this.task = task;
    }

    /** Starts the work on a thread of its own, which does not keep the process alive. What it throws is thrown by {@link #answer}. */
    public static <T> Pending<T> start(String thread, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread worker = new Thread(task, thread);
        worker.setDaemon(true);
        worker.start();
        return new Pending<>(task);
    }

    /**
     * Waits for the result.
     *
     * @throws InterruptedException when this thread is interrupted, or the work was
     * @throws RuntimeException what else the work threw; a checked exception comes wrapped in an {@link IllegalStateException}
     */
    public T answer() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof InterruptedException stopped) {
                throw stopped;
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(cause);
        }
    }
}
