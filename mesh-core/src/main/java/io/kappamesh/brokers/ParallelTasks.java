package io.kappamesh.brokers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Does several things that take their time, each on a thread of its own, so that all of them take no longer than one. Stateless. */
public final class ParallelTasks {
    private ParallelTasks() {}

    /**
     * Whether all of them came out true; returns when all have ended.
     *
     * @throws IllegalStateException when one of them fails, after all have ended
     */
    public static boolean all(String threads, List<Callable<Boolean>> things) {
        List<FutureTask<Boolean>> tasks = new ArrayList<>();
        for (Callable<Boolean> thing : things) {
            FutureTask<Boolean> task = new FutureTask<>(thing);
            tasks.add(task);
            new Thread(task, threads + "-" + tasks.size()).start();
        }
        boolean all = true;
        List<Throwable> failed = new ArrayList<>();
        for (FutureTask<Boolean> task : tasks) {
            try {
                all &= task.get();
            } catch (ExecutionException fault) {
                failed.add(fault.getCause());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        if (!failed.isEmpty()) {
            throw new IllegalStateException(threads, failed.get(0));
        }
        return all;
    }
}
