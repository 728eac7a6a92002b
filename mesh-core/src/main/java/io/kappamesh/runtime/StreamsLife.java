package io.kappamesh.runtime;

import io.kappamesh.control.Generation;
import io.kappamesh.runtime.ProductRunner.Ending;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one generation's Kafka Streams: what state it is in, and what becomes of a stream thread that died. A thread that a platform
 * fault killed is replaced, for as long as patience lasts; one that a fault of ours killed ends the generation. Thread-safe.
 */
final class StreamsLife implements KafkaStreams.StateListener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsLife.class);
    private static final Duration BEFORE_REPLACEMENT = Duration.ofSeconds(1);

    private final Generation generation;
    private final InputProgress progress;
    private final Optional<Duration> patience;
    private final Consumer<Ending> ended;
    private final Clock clock = Clock.systemUTC();
    private final AtomicInteger restoring = new AtomicInteger();
    private volatile ProductState phase = ProductState.WAITING;
    private final CountDownLatch ranOrOver = new CountDownLatch(1);
    private volatile @Nullable String failure;
    private boolean running;
    private @Nullable Instant faultySince;
    private boolean over;

    StreamsLife(Generation generation, InputProgress progress, Optional<Duration> patience, Consumer<Ending> ended) {
        this.generation = generation;
        this.progress = progress;
        this.patience = patience;
        this.ended = ended;
    }

    /** What the product is doing now. A rebalance does not count as a state of its own: the product goes on as it was. */
    ProductState state() {
        if (phase != ProductState.LIVE) {
            return phase;
        }
        if (restoring.get() > 0) {
            return ProductState.RESTORING;
        }
        return progress.caughtUp() || progress.isIdle() ? ProductState.LIVE : ProductState.REPLAYING;
    }

    /** Why it failed; empty = it has not. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Waits until it runs for the first time, or is over. */
    void awaitRunning() throws InterruptedException {
        ranOrOver.await();
    }

    @Override
    public synchronized void onChange(KafkaStreams.State now, KafkaStreams.State before) {
        if (over || phase == ProductState.STOPPING) {
            return;
        }
        if (now == KafkaStreams.State.RUNNING) {
            running = true;
            faultySince = null;
            phase = ProductState.LIVE;
            ranOrOver.countDown();
        } else if (now == KafkaStreams.State.REBALANCING && !running) {
            phase = ProductState.STARTING;
        } else if (now == KafkaStreams.State.ERROR) {
            end(
                    ExitCode.PLATFORM,
                    List.of("product " + generation.product()
                            + ": Kafka Streams gave up without an exception; see the log"));
        }
    }

    /** Decides what becomes of a client one of whose threads died; on the dying thread. */
    StreamThreadExceptionResponse threadDied(Throwable thrown) {
        Fault fault = Fault.of(thrown);
        if (fault == Fault.PLATFORM && hasPatience()) {
            LOG.warn("{}: a platform fault ended a stream thread; replacing it", generation, thrown);
            try {
                Thread.sleep(BEFORE_REPLACEMENT.toMillis());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("{}: a stream thread died; nothing of its open transaction is committed", generation, thrown);
        end(
                fault == Fault.BUG ? ExitCode.BUG : ExitCode.PLATFORM,
                List.of(
                        switch (fault) {
                            case BUG ->
                                "product " + generation.product() + ": a fault past the door (" + rootOf(thrown)
                                        + "); nothing of the open transaction is committed; fix it and start again";
                            case DISPLACED ->
                                "product " + generation.product()
                                        + ": another process joined under the same mesh.instance.id; give each process its own";
                            case PLATFORM ->
                                "product " + generation.product() + ": gave up on the platform (" + rootOf(thrown)
                                        + "); repair it, or allow more time with mesh.platform.patience";
                        }));
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private synchronized boolean hasPatience() {
        Instant now = clock.instant();
        if (faultySince == null) {
            faultySince = now;
        }
        Instant since = faultySince;
        return patience.map(limit -> Duration.between(since, now).compareTo(limit) < 0)
                .orElse(true);
    }

    /** Ends the product before or while it runs, for reasons that are all named. */
    void gaveUp(StartupException refused) {
        end(refused.exitCode(), refused.problems());
    }

    private synchronized void end(ExitCode code, List<String> problems) {
        if (!over) {
            over(ProductState.FAILED);
            failure = String.join("; ", problems);
            ended.accept(new Ending(code, problems));
        }
    }

    synchronized void stopping() {
        if (!over) {
            phase = ProductState.STOPPING;
        }
        ranOrOver.countDown();
    }

    synchronized void stopped() {
        if (!over) {
            over(ProductState.STOPPED);
        }
    }

    private void over(ProductState last) {
        over = true;
        phase = last;
        ranOrOver.countDown();
    }

    StateRestoreListener restoration() {
        return new StateRestoreListener() {
            @Override
            public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
                restoring.incrementAndGet();
            }

            @Override
            public void onBatchRestored(TopicPartition partition, String store, long end, long count) {}

            @Override
            public void onRestoreEnd(TopicPartition partition, String store, long total) {
                restoring.decrementAndGet();
            }

            @Override
            public void onRestoreSuspended(TopicPartition partition, String store, long total) {
                restoring.decrementAndGet();
            }
        };
    }

    /** The innermost exception's class and place: its message may hold a record's values. */
    private static String rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        StackTraceElement[] trace = root.getStackTrace();
        return root.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
