package io.kappamesh.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
    private final Deque<Request> underWay = new ArrayDeque<>();

    /** One that is given up before its thread has begun is run all the same, and finds itself interrupted: else nobody closed its connection. */
    private static final class Request implements Runnable {
        private final Runnable answering;
        private @Nullable Thread thread;
        private boolean givenUp;
        private boolean done;

        Request(Runnable answering) {
            this.answering = answering;
        }

        @Override
        public void run() {
            begin();
            try {
                answering.run();
            } finally {
                end();
            }
        }

        private synchronized void begin() {
            thread = Thread.currentThread();
            if (givenUp) {
                thread.interrupt();
            }
        }

        private synchronized void end() {
            thread = null;
            done = true;
            // The thread is another request's next.
            boolean unused = Thread.interrupted();
        }

        synchronized void giveUp() {
            givenUp = true;
            if (thread != null) {
                thread.interrupt();
            }
        }

        synchronized boolean isDone() {
            return done;
        }
    }

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
    public synchronized void execute(Runnable answering) {
        underWay.removeIf(Request::isDone);
        while (underWay.size() >= most) {
            underWay.removeFirst().giveUp();
        }
        Request request = new Request(answering);
        threads.execute(request);
        underWay.addLast(request);
        ScheduledFuture<?> unused = watch.schedule(request::giveUp, longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends at once; requests that are being answered are cut off. */
    @Override
    public void close() {
        watch.shutdownNow();
        threads.shutdownNow();
    }
}
