package io.kappamesh.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Threads for requests, of which no client can keep any: a request that takes too long is interrupted, which closes its connection, and so is
 * the oldest one when there are as many as there may be. The JDK's server reads requests on these threads, and waits for the rest of
 * a half one without end. Thread-safe.
 */
final class RequestThreads implements Executor, AutoCloseable {
    private final int most;
    private final Duration longest;
    private final ExecutorService threads;
    private final ScheduledExecutorService watch;
    private final Deque<Future<?>> underWay = new ArrayDeque<>();

    /**
     * @param most how many requests are served at the same time, at least 1
     * @param longest how long one may take, from its first byte to the last of its answer
     */
    RequestThreads(int most, Duration longest) {
        this.most = most;
        this.longest = longest;
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "mesh-health");
            thread.setDaemon(true);
            return thread;
        };
        this.threads = Executors.newCachedThreadPool(daemons);
        this.watch = Executors.newSingleThreadScheduledExecutor(daemons);
    }

    @Override
    public synchronized void execute(Runnable request) {
        underWay.removeIf(Future::isDone);
        while (underWay.size() >= most) {
            underWay.removeFirst().cancel(true);
        }
        Future<?> task = threads.submit(request);
        underWay.addLast(task);
        ScheduledFuture<?> unused = watch.schedule(() -> task.cancel(true), longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends at once; requests that are being answered are cut off. */
    @Override
    public void close() {
        watch.shutdownNow();
        threads.shutdownNow();
    }
}
