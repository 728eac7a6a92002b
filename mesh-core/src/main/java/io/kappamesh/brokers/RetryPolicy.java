package io.kappamesh.brokers;

import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the platform: repeats a step that fails by no fault of ours, with growing pauses (250 ms to 10 s), until it succeeds, the
 * wait is stopped, or the time is over. Thread-safe; several threads may wait, and any can read what they wait for.
 */
public final class RetryPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(RetryPolicy.class);
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** How time passes. */
    public interface Pause {
        /** Lets time pass; true = a stop came in the meantime. */
        boolean pause(Duration duration) throws InterruptedException;
    }

    private final Optional<Duration> limit;
    private final Clock clock;
    private final Pause pause;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<Thread, String> waits = new ConcurrentHashMap<>();

    private RetryPolicy(Optional<Duration> limit, Clock clock, @Nullable Pause pause) {
        this.limit = limit;
        this.clock = clock;
        this.pause = pause == null ? length -> stopped.await(length.toMillis(), TimeUnit.MILLISECONDS) : pause;
    }

    /** In real time. Empty = forever. */
    public static RetryPolicy of(Optional<Duration> limit) {
        return new RetryPolicy(limit, Clock.systemUTC(), null);
    }

    public static RetryPolicy of(Optional<Duration> limit, Clock clock, Pause pause) {
        return new RetryPolicy(limit, clock, pause);
    }

    /** What is waited for, in words; empty = nothing. */
    public Optional<String> waitingFor() {
        return waits.values().stream().sorted().reduce((one, other) -> one + "; " + other);
    }

    /** Ends every wait, present and future, with an {@link InterruptedException}. An attempt that runs is not disturbed. */
    public void stop() {
        stopped.countDown();
    }

    /**
     * The result of a step, once it has one.
     *
     * @param what is waited for, to follow "waiting for"
     * @throws StartupException {@link ExitCode#PLATFORM} when the time is over, {@link ExitCode#CONFIGURATION} when access is refused
     * @throws InterruptedException when the wait was stopped or the thread interrupted
     * @throws RuntimeException what else the step threw: waiting would not help
     */
    public <T> T await(String what, Callable<T> step) throws InterruptedException {
        return await(what, LONGEST, step);
    }

    /** The same, with pauses of at most so much. */
    public <T> T await(String what, Duration longest, Callable<T> step) throws InterruptedException {
        Instant began = clock.instant();
        Duration next = SHORTEST;
        waits.put(Thread.currentThread(), what);
        try {
            while (true) {
                if (stopped.getCount() == 0) {
                    throw new InterruptedException("stopped while waiting for " + what);
                }
                Throwable fault;
                try {
                    T result = step.call();
                    if (next.compareTo(SHORTEST) > 0) {
                        LOG.info("Waited {} for {}; going on", sofar(began), what);
                    }
                    return result;
                } catch (InterruptedException interrupted) {
                    throw interrupted;
                } catch (Exception failed) {
                    fault = Causes.unwrapped(failed);
                }
                waitOut(what, fault, began, next);
                next = next.multipliedBy(2).compareTo(longest) > 0 ? longest : next.multipliedBy(2);
            }
        } finally {
            waits.remove(Thread.currentThread());
        }
    }

    private void waitOut(String what, Throwable fault, Instant began, Duration length) throws InterruptedException {
        if (fault instanceof InterruptException) {
            throw new InterruptedException("interrupted while waiting for " + what);
        }
        if (!isTransient(fault)) {
            throw hopeless(what, fault);
        }
        Duration left = limit.map(all -> all.minus(sofar(began))).orElse(length);
        String words = what + ": " + message(fault);
        if (left.isNegative() || left.isZero()) {
            throw new StartupException(
                    ExitCode.PLATFORM,
                    "waited " + sofar(began) + " for " + words
                            + "; repair the platform, or allow more time with mesh.platform.timeout",
                    fault);
        }
        if (length.equals(SHORTEST)) {
            LOG.warn("Waiting for {}", words);
        }
        waits.put(Thread.currentThread(), words);
        if (pause.pause(left.compareTo(length) < 0 ? left : length)) {
            throw new InterruptedException("stopped while waiting for " + what);
        }
    }

    /** From the outside in: a refusal settles it, even when the refusal itself has a cause that looks like a broken connection. */
    private static boolean isTransient(Throwable fault) {
        for (Throwable at : Causes.chain(fault).toList()) {
            if (at instanceof AuthenticationException || at instanceof AuthorizationException) {
                return false;
            }
            if (at instanceof RetriableException
                    || at instanceof IOException
                    || at instanceof InvalidReplicationFactorException // too few brokers are up so far
                    || LazyAdmin.isUnresolved(at)) {
                return true;
            }
        }
        return false;
    }

    private static RuntimeException hopeless(String what, Throwable fault) {
        Optional<String> refusal = Causes.refusal(fault);
        if (refusal.isPresent()) {
            return new StartupException(ExitCode.CONFIGURATION, what + ": " + refusal.get(), fault);
        }
        if (fault instanceof ConfigException wrong) {
            return new StartupException(ExitCode.CONFIGURATION, what + ": " + message(wrong), fault);
        }
        return fault instanceof RuntimeException known ? known : new KafkaException(what, fault);
    }

    private static String message(Throwable fault) {
        String text = fault.getMessage();
        return text == null ? fault.getClass().getSimpleName() : text;
    }

    private Duration sofar(Instant began) {
        return Duration.between(began, clock.instant());
    }
}
