package io.kappamesh.console.work;

import io.kappamesh.command.CommandFaults;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;

/** Work of a command that is shown while it goes on, and is stopped when the process is told to end. Stateless. */
public final class StoppableWork {
    private static final long LOOK_MILLIS = 500;

    /** Enough for a transaction to be committed. */
    private static final Duration LONGEST_END = Duration.ofSeconds(15);

    private StoppableWork() {}

    /**
     * Does it on a thread of its own. A process that is told to end waits up to 15 s until the work has ended and what became of it is printed.
     *
     * @param name of the thread
     * @param look shows how far it is; called twice a second
     * @param stop makes it end early; called by another thread, when the process is told to end
     * @param say prints what the work has returned, on the thread that called this method; returns the exit code
     * @param err where it is printed why the work has failed
     * @return the exit code
     */
    public static <T> int run(
            String name, Callable<T> work, Runnable look, Runnable stop, ToIntFunction<T> say, PrintStream err)
            throws InterruptedException {
        return run(name, work, look, stop, say, err, new CountDownLatch(1));
    }

    /** @param said is released when everything is printed */
    static <T> int run(
            String name,
            Callable<T> work,
            Runnable look,
            Runnable stop,
            ToIntFunction<T> say,
            PrintStream err,
            CountDownLatch said)
            throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread worker = new Thread(task, name);
        worker.setDaemon(true);
        Thread atEnd = new Thread(() -> atEnd(stop, said, LONGEST_END), "stop-" + name);
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            worker.start();
            return say.applyAsInt(followed(task, look));
        } catch (RuntimeException failed) {
            // Whoever called this may come too late to print it.
            return CommandFaults.print(failed, err);
        } finally {
            said.countDown();
            withdraw(atEnd);
        }
    }

    /** Tells the work to end, and gives it time for that: the process is gone when all of its hooks have ended, whatever its threads do. */
    static void atEnd(Runnable stop, CountDownLatch said, Duration atMost) {
        stop.run();
        try {
            boolean unused = said.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
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
