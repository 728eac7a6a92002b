package io.kappamesh.writers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Several writers, each in a thread of its own. What one fails by ends all of them; what they have not committed by then is left open. How much they hold is up to whoever gives them rows. For one
 * thread, to which the writers belong again once it has ended.
 */
public final class WriterThreads {
    private static final Duration GLANCE = Duration.ofMillis(50);

    /** What a writer gets: rows, or what comes behind the last ones. */
    private record Job(@Nullable RoutedRows routed, Runnable done) {}

    /** What a writer failed by. */
    private record Failure(RowWriter writer, Throwable fault) {}

    private final Predicate<Duration> asksAgain;
    private final Predicate<KafkaException> passes;
    private final List<One> all = new ArrayList<>();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean quits;
    private volatile boolean givesUp;

    /**
     * Starts the threads.
     *
     * @param name of the threads
     * @param asksAgain whether brokers that do not answer a commit are asked again, after so long
     * @param passes whether a fault may pass, so that a commit that has no answer is waited for
     */
    public WriterThreads(
            String name, List<RowWriter> writers, Predicate<Duration> asksAgain, Predicate<KafkaException> passes) {
        this.asksAgain = waited -> !givesUp && asksAgain.test(waited);
        this.passes = passes;
        for (int number = 0; number < writers.size(); number++) {
            all.add(new One(name + "-" + number, number, writers.get(number)));
        }
        try {
            all.forEach(one -> one.thread.start());
        } catch (RuntimeException | Error failed) {
            // As where the system has no more threads.
            quit();
            throw failed;
        }
    }

    private final class One {
        private final int number;
        private final RowWriter writer;
        private final Thread thread;
        private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();

        One(String name, int number, RowWriter writer) {
            this.number = number;
            this.writer = writer;
            this.thread = new Thread(this::run, name);
            thread.setDaemon(true);
        }

        private void run() {
            try {
                while (!quits) {
                    @Nullable Job job = queue.poll(GLANCE.toNanos(), TimeUnit.NANOSECONDS);
                    if (job != null && job.routed() == null) {
                        writer.commit(asksAgain);
                        return;
                    }
                    if (job != null && job.routed() != null) {
                        write(job.routed());
                        job.done().run();
                    }
                    if (writer.isDue()) {
                        writer.commit(asksAgain);
                    }
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error failed) {
                failures.add(new Failure(writer, failed));
                if (!(failed instanceof KafkaException fault && passes.test(writer.behind(fault)))) {
                    givesUp = true;
                }
                quits = true;
            }
        }

        /** A commit stands between two places of the whole order, see {@link RowRouter}. */
        private void write(RoutedRows routed) {
            var own = routed.rows().get(number);
            if (writer.isTooFullFor(own.size())) {
                writer.commit(asksAgain);
            }
            if (!own.isEmpty() || !routed.reached().isEmpty()) {
                writer.begin();
                own.forEach(writer::take);
                routed.reached().forEach(file -> writer.reach(file.file(), file.place(), file.isDone()));
            }
        }
    }

    /** Whether a writer has failed, so that no more is written. */
    boolean isFailed() {
        return quits;
    }

    /**
     * Gives them what was routed.
     *
     * @param whenWritten is called when all of it is written, or sent at least, by any thread
     */
    void write(RowRouter router, Runnable whenWritten) {
        RoutedRows routed = router.routed();
        AtomicInteger left = new AtomicInteger(all.size());
        Job job = new Job(routed, () -> {
            if (left.decrementAndGet() == 0) {
                whenWritten.run();
            }
        });
        all.forEach(one -> one.queue.add(job));
    }

    /**
     * Commits what was given, and ends; where a writer has failed, others commit no more.
     *
     * @throws KafkaException what the first writer failed by, of those whose faults do not pass, or else of all
     */
    public void finish() throws InterruptedException {
        all.forEach(one -> one.queue.add(new Job(null, () -> {})));
        for (One one : all) {
            one.thread.join();
        }
        rethrow();
    }

    /** Ends without committing; waits for what is under way, unless this thread is interrupted. */
    public void quit() {
        quit(false);
    }

    /** The same for a thread that was interrupted, and whose status of that is cleared: a commit without an answer is given up. */
    public void quitAtOnce() {
        quit(true);
    }

    private void quit(boolean isAtOnce) {
        quits = true;
        boolean interrupted = Thread.interrupted();
        for (One one : all) {
            while (one.thread.isAlive()) {
                if (interrupted || isAtOnce) {
                    givesUp = true;
                    one.thread.interrupt();
                }
                try {
                    one.thread.join();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void rethrow() {
        @Nullable KafkaException passing = null;
        for (Failure failure : failures) {
            if (failure.fault() instanceof Error error) {
                throw error;
            }
            if (!(failure.fault() instanceof KafkaException fault)) {
                throw (RuntimeException) failure.fault();
            }
            KafkaException behind = failure.writer().behind(fault);
            if (!passes.test(behind)) {
                throw behind;
            }
            passing = passing == null ? behind : passing;
        }
        if (passing != null) {
            throw passing;
        }
    }
}
