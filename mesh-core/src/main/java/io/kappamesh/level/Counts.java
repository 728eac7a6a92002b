package io.kappamesh.level;

import io.kappamesh.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one process has counted for a product since it started. An immutable value.
 *
 * @param until when it counted last, ISO-8601 in UTC
 * @param partitions how many input partitions it held then
 * @param counts by port and measure
 */
@Internal
public record Counts(String until, int partitions, List<Count> counts) {
    /** Who has counted nothing for so long does not count any more. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    /**
     * @param port {@code sales.orders.v1}
     * @param measure see {@link Objective#measure}
     * @param buckets the oldest first
     */
    public record Count(String port, String measure, List<Bucket> buckets) {
        public Count {
            if (port == null || measure == null) {
                throw new IllegalArgumentException("has no port or no measure");
            }
            buckets = buckets == null ? List.of() : List.copyOf(buckets);
        }
    }

    public Counts {
        Instant unused = Instant.parse(until);
        counts = counts == null ? List.of() : List.copyOf(counts);
    }

    /** When it counted last. */
    public Instant at() {
        return Instant.parse(until);
    }

    /** What was counted by all of them for an objective of a port. */
    public static List<Bucket> of(Collection<Counts> all, String port, Objective objective) {
        return all.stream()
                .flatMap(one -> one.counts().stream())
                .filter(one -> one.port().equals(port) && one.measure().equals(objective.measure()))
                .flatMap(one -> one.buckets().stream())
                .toList();
    }

    /** Since when nobody counts any more; empty = somebody does, or nobody ever did. */
    public static Optional<Instant> silentSince(Collection<Counts> all, Instant now) {
        return all.stream()
                .map(Counts::at)
                .max(Comparator.naturalOrder())
                .filter(last -> last.plus(SILENCE).isBefore(now));
    }

    /**
     * How an objective of a port stands now. Time in which nobody counts is not fresh: a process that starts knows better, and says so.
     *
     * @param all what processes have counted for the product of the port
     */
    public static Reading reading(Collection<Counts> all, String port, Objective objective, Instant now) {
        List<Bucket> buckets = new ArrayList<>(of(all, port, objective));
        Optional<Instant> silent = silentSince(all, now);
        if (objective.indicator() == Indicator.FRESHNESS && silent.isPresent() && !buckets.isEmpty()) {
            Tally missing = new Tally();
            missing.spread(silent.get(), now, 0, heldAtLast(all, silent.get()));
            buckets.addAll(missing.buckets());
        }
        return Reading.of(objective, buckets, now);
    }

    private static int heldAtLast(Collection<Counts> all, Instant last) {
        return Math.max(
                1,
                all.stream()
                        .filter(one -> !one.at().isBefore(last.minus(SILENCE)))
                        .mapToInt(Counts::partitions)
                        .sum());
    }
}
