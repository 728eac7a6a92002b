package io.kappamesh.level;

import io.kappamesh.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Counts by the hour, and by the day what is older than two days; what is older than any window is forgotten. It is only ever added to, so that the counts of
 * several processes, one after the other or at once, are added up. Not thread-safe.
 */
@Internal
public final class Tally {
    private static final int HOURS_KEPT = 48;

    private final NavigableMap<Long, Bucket> hours = new TreeMap<>();
    private final NavigableMap<Long, Bucket> days = new TreeMap<>();

    /** Adds what was counted just before a moment. */
    public void add(Instant at, double good, double all) {
        if (all <= 0) {
            return;
        }
        long hour = Math.floorDiv(at.getEpochSecond(), Bucket.SECONDS_PER_HOUR);
        merge(hours, new Bucket(hour, 1, good, all));
        fold(hour);
    }

    /**
     * Adds the same for each second of a span of time.
     *
     * @param from not before the longest window counts
     */
    public void spread(Instant from, Instant to, double goodPerSecond, double allPerSecond) {
        Instant longest = to.minus(Duration.ofDays(Objective.LONGEST));
        Instant start = from.isBefore(longest) ? longest : from;
        while (start.isBefore(to)) {
            Instant next = Instant.ofEpochSecond(
                    (Math.floorDiv(start.getEpochSecond(), Bucket.SECONDS_PER_HOUR) + 1) * Bucket.SECONDS_PER_HOUR);
            Instant end = next.isBefore(to) ? next : to;
            double seconds = Duration.between(start, end).toNanos()
                    / (double) Duration.ofSeconds(1).toNanos();
            add(start, goodPerSecond * seconds, allPerSecond * seconds);
            start = end;
        }
    }

    /** Adds everything of another one. */
    public void addAll(Tally other) {
        other.buckets().forEach(bucket -> merge(bucket.hours() == 1 ? hours : days, bucket));
    }

    private static void merge(NavigableMap<Long, Bucket> into, Bucket more) {
        into.merge(
                more.hour(),
                more,
                (one, other) ->
                        new Bucket(one.hour(), one.hours(), one.good() + other.good(), one.all() + other.all()));
    }

    private void fold(long now) {
        Map<Long, Bucket> old = hours.headMap(now - HOURS_KEPT, false);
        old.values()
                .forEach(bucket -> merge(
                        days,
                        new Bucket(
                                bucket.day() * Bucket.HOURS_PER_DAY,
                                Bucket.HOURS_PER_DAY,
                                bucket.good(),
                                bucket.all())));
        old.clear();
        days.headMap(now - (Objective.LONGEST + 1L) * Bucket.HOURS_PER_DAY, false)
                .clear();
    }

    /** All of it, the oldest first. */
    public List<Bucket> buckets() {
        List<Bucket> all = new ArrayList<>(days.values());
        all.addAll(hours.values());
        return all;
    }
}
