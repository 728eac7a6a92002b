package io.kappamesh.console.work;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work of a command that is shown while it goes on, and is stopped when the process is told to end. Stateless. */
public final class StoppableWork {
    private static final long LOOK_MILLIS = 500;

    private StoppableWork() {}

    /**
     * Does it on a thread of its own.
     *
     * @param name of the thread
     * @param look shows how far it is; called twice a second
     * @param stop makes it end early; called by another thread, when the process is told to end
     * @return what the work returns
     * @throws RuntimeException what the work ended with
     */
    public static <T> T run(String name, Callable<T> work, Runnable look, Runnable stop) throws InterruptedException {
        Thread atEnd = new Thread(stop, "stop-" + name);
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            return followed(name, new FutureTask<>(work), look);
        } finally {
            withdraw(atEnd);
        }
    }

    private static <T> T followed(String name, FutureTask<T> work, Runnable look) throws InterruptedException {
        Thread worker = new Thread(work, name);
        worker.setDaemon(true);
        worker.start();
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
