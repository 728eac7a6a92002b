package io.kappamesh.status;

import io.kappamesh.Internal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures how fast a generation replays, by what it reads while somebody looks. What it read before the first look, and the time in
 * which nothing was read yet, do not count. Not thread-safe.
 */
@Internal
public final class ReplayRate {
    private final boolean fromTheStart;
    private @Nullable Look first;
    private @Nullable Look last;

    private record Look(long nanos, long read) {}

    /**
     * What was read while it was watched.
     *
     * @param records offsets of its inputs
     * @param time in which they were read
     */
    public record Measured(long records, Duration time) {
        static final Measured NOTHING = new Measured(0, Duration.ZERO);

        /** Records per second; empty = nothing was read. */
        public Optional<Double> rate() {
            return records == 0 || time.isZero() ? Optional.empty() : Optional.of(records * 1e9 / time.toNanos());
        }
    }

    /** @param fromTheStart whether it had read nothing when the watch began */
    public ReplayRate(boolean fromTheStart, long nanos) {
        this.fromTheStart = fromTheStart;
        if (fromTheStart) {
            first = new Look(nanos, 0);
        }
    }

    /** @param nanos when it was looked at, by a clock that only goes forward */
    public void saw(GenerationStatus status, long nanos) {
        if (first == null && status.state() == GenerationState.LIVE) {
            return; // it had replayed everything before
        }
        Look now = new Look(nanos, read(status));
        if (first == null || now.read() <= first.read()) {
            first = now;
        }
        last = now;
    }

    /** So far. */
    public Measured measured() {
        return first == null || last == null
                ? Measured.NOTHING
                : new Measured(last.read() - first.read(), Duration.ofNanos(last.nanos() - first.nanos()));
    }

    /** Where it is in its inputs: since their beginning, if it began there itself. */
    private long read(GenerationStatus status) {
        return status.partitions().stream()
                .filter(PartitionStatus::isInput)
                .mapToLong(one -> fromTheStart ? one.position() - one.beginning() : one.position())
                .sum();
    }
}
