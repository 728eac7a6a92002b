package io.kappamesh.console.work;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work of a command that is shown while it goes on, and is stopped when the process is told to end. Stateless. */
public final class StoppableWork {
    private static final long LOOK_MILLIS = 500;

    /** Enough for a transaction to be committed. */
    private static final Duration LONGEST_END = Duration.ofSeconds(15);

    private StoppableWork() {}

    /**
     * Does it on a thread of its own. A process that is told to end waits for it up to 15 s.
     *
     * @param name of the thread
     * @param look shows how far it is; called twice a second
     * @param stop makes it end early; called by another thread, when the process is told to end
     * @return what the work returns
     * @throws RuntimeException what the work ended with
     */
    public static <T> T run(String name, Callable<T> work, Runnable look, Runnable stop) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread worker = new Thread(task, name);
        worker.setDaemon(true);
        Thread atEnd = atEnd(stop, worker, LONGEST_END);
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            worker.start();
            return followed(task, look);
        } finally {
            withdraw(atEnd);
        }
    }

    /** Tells the work to end, and gives it time for that: the process is gone when all of its hooks have ended, whatever its threads do. */
    static Thread atEnd(Runnable stop, Thread worker, Duration atMost) {
        return new Thread(
                () -> {
                    stop.run();
                    try {
                        worker.join(atMost.toMillis());
                    } catch (InterruptedException hurried) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stop-" + worker.getName());
    }

    private static <T> T followed(FutureTask<T> work, Runnable look) throws InterruptedException {
        while (true) {
            try {
                return work.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                look.run();
            } catch (ExecutionException ended) {
                throw unwrapped(ended);
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException ended) throws InterruptedException {
        Throwable cause = ended.getCause();
        if (cause instanceof InterruptedException stopped) {
            throw stopped;
        }
        return cause instanceof RuntimeException thrown ? thrown : new IllegalStateException(cause);
    }

    /** Takes a shutdown hook back, unless it is at work, or has been. */
    public static void withdraw(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It is running.
        }
    }
}
