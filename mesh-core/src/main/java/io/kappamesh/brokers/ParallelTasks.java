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
     * Whether all of them came out true; returns when all have ended, also if the thread is interrupted meanwhile.
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
        boolean interrupted = false;
        for (FutureTask<Boolean> task : tasks) {
            boolean ended = false;
            while (!ended) {
                try {
                    all &= task.get();
                    ended = true;
                } catch (ExecutionException fault) {
                    failed.add(fault.getCause());
                    ended = true;
                } catch (InterruptedException stop) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!failed.isEmpty()) {
            throw new IllegalStateException(threads, failed.get(0));
        }
        return all;
    }
}
