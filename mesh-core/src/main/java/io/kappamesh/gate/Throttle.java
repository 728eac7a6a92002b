package io.kappamesh.gate;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bounds how many records a second come in, over all consumers that share it: what came in at once is paid off by pausing
 * afterwards. Thread-safe.
 */
public final class Throttle {
    private final long nanosPerRecord;
    private final LongSupplier nanos;
    private final AtomicLong paidOffAt;

    /**
     * @param recordsPerSecond empty = no bound
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    public Throttle(OptionalLong recordsPerSecond, LongSupplier nanos) {
        this.nanosPerRecord =
                recordsPerSecond.isPresent() ? Duration.ofSeconds(1).toNanos() / recordsPerSecond.getAsLong() : 0;
        this.nanos = nanos;
        this.paidOffAt = new AtomicLong(nanos.getAsLong());
    }

    /** Records came in. */
    void passed(long records) {
        if (nanosPerRecord > 0) {
            long now = nanos.getAsLong();
            paidOffAt.updateAndGet(before -> Math.max(before, now) + records * nanosPerRecord);
        }
    }

    /** Whether it is too early for more. */
    boolean isTooEarly() {
        return nanosPerRecord > 0 && nanos.getAsLong() - paidOffAt.get() < 0;
    }
}
