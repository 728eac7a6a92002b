package io.kappamesh.feed;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For how long a loader has waited for the platform without getting on. One thread at a time. */
public final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    private final String where;
    private final Optional<Duration> limit;
    private final LongSupplier nanos;
    private boolean waiting;
    private long since;

    /**
     * Nothing is waited for yet.
     *
     * @param limit empty = it waits for ever
     * @param nanos a clock like {@link System#nanoTime}
     */
    public Patience(String where, Optional<Duration> limit, LongSupplier nanos) {
        this.where = where;
        this.limit = limit;
        this.nanos = nanos;
    }

    /** It got on: something was loaded, or there is nothing to load and all have answered. That only one of them answers is not enough. */
    public void gotOn() {
        waiting = false;
    }

    /**
     * It does not get on.
     *
     * @throws LifecycleException if that has lasted for longer than allowed
     */
    public void notGettingOn(String why, Throwable fault) {
        long now = nanos.getAsLong();
        if (!waiting) {
            waiting = true;
            since = now;
            LOG.warn("{}: waiting for {}", where, why);
        }
        Duration waited = Duration.ofNanos(now - since);
        if (limit.filter(most -> waited.compareTo(most) > 0).isPresent()) {
            throw new LifecycleException(
                    ExitCode.PLATFORM,
                    where + ": waited " + waited.toSeconds() + " s for " + why
                            + "; repair it, or allow more time with mesh.platform.timeout",
                    fault);
        }
    }
}
