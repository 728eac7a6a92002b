package io.kappamesh.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;

/** Does several things at once while one thread waits for all of them. Stateless. */
final class AtOnce {
    private static final long GLANCE_MILLIS = 100;

    private AtOnce() {}

    /**
     * Runs tasks, each on a thread of its own. When one fails, the others are interrupted. Nothing of them goes on when this returns.
     *
     * @param glance is called on the calling thread, again and again; what it throws ends all tasks
     * @return what they returned, in their order
     * @throws InterruptException when the calling thread is interrupted
     */
    static <T> List<T> run(List<Callable<T>> tasks, Runnable glance) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size(), task -> new Thread(task, "mesh-shard"));
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> task : tasks) {
                running.add(threads.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(result(one, running, glance));
            }
            glance.run();
            return results;
        } catch (InterruptedException stopped) {
            throw new InterruptException(stopped);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } finally {
            end(threads);
        }
    }

    private static <T> T result(Future<T> one, List<Future<T>> all, Runnable glance)
            throws ExecutionException, InterruptedException {
        while (true) {
            try {
                return one.get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException goesOn) {
                for (Future<T> other : all) {
                    if (other.isDone()) {
                        var unused = other.get(); // what failed ends all
                    }
                }
            }
            glance.run();
        }
    }

    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
