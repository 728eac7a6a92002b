package io.kappamesh.streams;

import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import io.kappamesh.inputs.InputLostException;
import io.kappamesh.inputs.InputProgress;
import io.kappamesh.inputs.UncommittedRecords;
import io.kappamesh.observe.ProductState;
import io.kappamesh.rule.RuleStopException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one generation's Kafka Streams: what state it is in, and what becomes of a stream thread that died. A thread that a platform
 * fault killed is replaced, until the time-out of the platform is over; one that a fault of ours killed ends the generation. Thread-safe.
 */
public final class StreamsSupervisor implements KafkaStreams.StateListener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsSupervisor.class);
    private static final Duration BEFORE_REPLACEMENT = Duration.ofSeconds(1);
    /** A commit that lasts longer is one of brokers that are away. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration REFUSALS = Duration.ofMinutes(2);

    private final Generation generation;
    private final InputProgress progress;
    private final Optional<Duration> timeout;
    private final Supplier<List<String>> changes;
    private final Supplier<Duration> commits;
    private final Set<String> inputs;
    private final FaultStreak streak;
    private final Consumer<Ending> ended;
    private final Clock clock = Clock.systemUTC();
    private final AtomicInteger restoring = new AtomicInteger();
    private volatile ProductState phase = ProductState.WAITING;
    private final CountDownLatch ranOrOver = new CountDownLatch(1);
    private volatile @Nullable String failure;
    private volatile boolean displaced;
    private volatile boolean running;
    private boolean ranOnce;
    private boolean over;

    /**
     * @param timeout how long faults of the platform are waited out; empty = forever
     * @param inputs the topics that it reads of others
     * @param uncommitted what is let in and not committed: faults are over once that is
     * @param commits for how long the commit lasts that is under way; zero = none is
     * @param changes what has become of the inputs, where a fault may come of that; one sentence each, none = nothing
     * @param ended is told, once, when the generation cannot continue
     */
    public StreamsSupervisor(
            Generation generation,
            InputProgress progress,
            Optional<Duration> timeout,
            Set<String> inputs,
            UncommittedRecords uncommitted,
            Supplier<Duration> commits,
            Supplier<List<String>> changes,
            Consumer<Ending> ended) {
        this.generation = generation;
        this.progress = progress;
        this.timeout = timeout;
        this.commits = commits;
        this.changes = changes;
        this.inputs = Set.copyOf(inputs);
        this.streak = new FaultStreak(uncommitted, clock);
        this.ended = ended;
    }

    /** What the product is doing now. A rebalance does not count as a state of its own: the product goes on as it was. */
    public ProductState state() {
        if (phase != ProductState.LIVE) {
            return phase;
        }
        if (restoring.get() > 0) {
            return ProductState.RESTORING;
        }
        if (waitingFor().isPresent()) {
            return ProductState.WAITING;
        }
        return progress.caughtUp() || progress.isIdle() ? ProductState.LIVE : ProductState.REPLAYING;
    }

    /** What goes wrong on the platform again and again, while nothing gets on; empty = nothing. */
    private Optional<String> trouble() {
        return streak.trouble(running);
    }

    /** What it waits for while it runs, in words; empty = nothing. */
    public Optional<String> waitingFor() {
        return trouble().or(() -> phase == ProductState.LIVE ? silence() : Optional.empty());
    }

    private Optional<String> silence() {
        Duration commit = commits.get();
        if (commit.compareTo(SILENCE) > 0) {
            return Optional.of("the brokers, to take a commit that has lasted " + commit.toSeconds() + " s so far");
        }
        Set<TopicPartition> unheard = progress.unheard();
        return unheard.isEmpty()
                ? Optional.empty()
                : Optional.of("the brokers, to report where its inputs end: nothing is heard of " + unheard);
    }

    /** For how long it has gone wrong; zero = it does not. */
    public Duration troubled() {
        return streak.lasts(running);
    }

    /** Why it failed; empty = it has not. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Waits until it runs for the first time, or is over. */
    public void awaitRunning() throws InterruptedException {
        ranOrOver.await();
    }

    @Override
    public synchronized void onChange(KafkaStreams.State now, KafkaStreams.State before) {
        if (over || phase == ProductState.STOPPING) {
            return;
        }
        running = now == KafkaStreams.State.RUNNING;
        if (running) {
            ranOnce = true;
            phase = ProductState.LIVE;
            ranOrOver.countDown();
        } else if (now == KafkaStreams.State.REBALANCING && !ranOnce) {
            phase = ProductState.STARTING;
        } else if (now == KafkaStreams.State.ERROR) {
            end(
                    ExitCode.PLATFORM,
                    List.of("product " + generation.product()
                            + ": Kafka Streams gave up without an exception; see the log"));
        }
    }

    /** Decides what becomes of a client one of whose threads died; on the dying thread. */
    public StreamThreadExceptionResponse threadDied(Throwable thrown) {
        if (phase == ProductState.STOPPING) {
            LOG.info(
                    "{}: a stream thread could not end in order; what it had in hand is not committed",
                    generation,
                    thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Fault fault = Fault.of(thrown);
        Optional<String> refused = fault == Fault.PLATFORM ? AccessRefusal.right(thrown, inputs) : Optional.empty();
        if (fault == Fault.PLATFORM && isRetried(words(thrown, refused), refused.isPresent())) {
            LOG.warn("{}: a platform fault ended a stream thread; replacing it", generation, thrown);
            try {
                Thread.sleep(BEFORE_REPLACEMENT.toMillis());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        List<String> lost = lostInputs(fault, thrown);
        if (!lost.isEmpty()) {
            LOG.error(
                    "{}: its inputs are not what they were; nothing of the open transaction is committed", generation);
            end(ExitCode.CONTRACT, lost);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Optional<String> rule = Causes.chain(thrown)
                .filter(RuleStopException.class::isInstance)
                .findFirst()
                .map(Throwable::getMessage);
        if (fault == Fault.RULE && rule.isPresent()) {
            LOG.error("{}: {}", generation, rule.get());
            end(ExitCode.CONTRACT, List.of("product " + generation.product() + ": " + rule.get()));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.error("{}: a stream thread died; nothing of its open transaction is committed", generation, thrown);
        if (refused.isPresent()) {
            end(
                    ExitCode.CONFIGURATION,
                    List.of("product " + generation.product() + ": access is refused: " + refused.get()
                            + "; grant it, or check the credentials, and start again"));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        displaced = fault == Fault.DISPLACED;
        end(
                fault == Fault.BUG ? ExitCode.BUG : ExitCode.PLATFORM,
                List.of(
                        switch (fault) {
                            case BUG ->
                                "product " + generation.product() + ": a bug behind the intake (" + rootOf(thrown)
                                        + "); nothing of the open transaction is committed; fix it and start again";
                            case DISPLACED ->
                                "product " + generation.product()
                                        + ": another process joined under the same mesh.instance.id; give each process its own";
                            case INPUT, PLATFORM, RULE ->
                                "product " + generation.product() + ": gave up on the platform (" + rootOf(thrown)
                                        + "); repair it, or allow more time with mesh.platform.timeout";
                        }));
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /**
     * Kafka Streams fails in its own ways when inputs change under it, such as over internal topics that fit no more. What has become of the
     * inputs says more than what was missing when it was needed.
     */
    private List<String> lostInputs(Fault fault, Throwable thrown) {
        if (fault == Fault.BUG) {
            return changes.get();
        }
        if (fault != Fault.INPUT) {
            return List.of();
        }
        List<String> known = changes.get();
        return !known.isEmpty()
                ? known
                : Causes.chain(thrown)
                        .filter(InputLostException.class::isInstance)
                        .findFirst()
                        .map(lost -> ((InputLostException) lost).problems())
                        .orElse(List.of());
    }

    /** Rights may reach brokers one after the other, so that even a refusal is waited out for a while. */
    private boolean isRetried(String words, boolean refused) {
        Duration faulty = Duration.between(streak.fault(running, words), clock.instant());
        Optional<Duration> limit = refused
                ? Optional.of(timeout.filter(all -> all.compareTo(REFUSALS) < 0).orElse(REFUSALS))
                : timeout;
        return limit.map(all -> faulty.compareTo(all) < 0).orElse(true);
    }

    private static String words(Throwable thrown, Optional<String> refused) {
        return refused.map(right -> "access: the brokers refuse " + right)
                .orElseGet(() -> "the platform: " + rootOf(thrown));
    }

    /** Whether it ended because another process took its place, which runs the generation now. */
    public boolean isDisplaced() {
        return displaced;
    }

    /** Ends the product before or while it runs, for reasons that are all named. */
    public void gaveUp(StartupException refused) {
        end(refused.exitCode(), refused.problems());
    }

    private synchronized void end(ExitCode code, List<String> problems) {
        if (!over) {
            // First: whoever sees the state sees why.
            failure = String.join("; ", problems);
            over(ProductState.FAILED);
            ended.accept(new Ending(code, problems));
        }
    }

    public synchronized void stopping() {
        if (!over) {
            phase = ProductState.STOPPING;
        }
        ranOrOver.countDown();
    }

    public synchronized void stopped() {
        if (!over) {
            over(ProductState.STOPPED);
        }
    }

    private void over(ProductState last) {
        over = true;
        phase = last;
        ranOrOver.countDown();
    }

    public StateRestoreListener restoration() {
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
        Throwable root = Causes.root(thrown);
        StackTraceElement[] trace = root.getStackTrace();
        return root.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
