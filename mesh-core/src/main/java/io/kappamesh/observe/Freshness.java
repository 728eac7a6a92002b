package io.kappamesh.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a product is behind its inputs, in wall-clock time: everything that stood in its inputs so long ago has been read,
 * and what follows from it is committed, so that consumers see it.
 *
 * <p>It is measured with marks. A mark is the end of a partition and when it was seen; once the position has passed it, the
 * partition is as fresh as the mark, and the next mark is set. So the figure needs no clock but ours, holds for history of any
 * age, does not grow while there is nothing to do, and is too large by no more than the interval of measuring and the time one mark takes
 * to pass. The difference of event times would not do: seven years old events replayed today are not stale, and a product that
 * publishes few of the facts it sees is not late. Ends are what the brokers told last: while they cannot be reached, nobody
 * knows what is missing. Thread-safe.
 */
final class Freshness {
    private record Mark(long end, Instant seenAt, Optional<Instant> freshAsOf) {}

    private final Clock clock;
    private final Map<TopicPartition, Mark> marks = new HashMap<>();
    private long lag;

    Freshness(Clock clock) {
        this.clock = clock;
    }

    /**
     * Takes note of where the product stands. Partitions that are not in {@code ends} are somebody else's from now on.
     *
     * @param positions the offset below which all is committed, by input partition
     * @param ends the end offset for readers of committed records, by input partition
     */
    synchronized void measure(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        Instant now = clock.instant();
        marks.keySet().retainAll(ends.keySet());
        lag = 0;
        ends.forEach((partition, end) -> {
            long position = positions.getOrDefault(partition, 0L);
            lag += Math.max(0, end - position);
            marks.put(partition, after(marks.get(partition), position, end, now));
        });
    }

    private static Mark after(@Nullable Mark before, long position, long end, Instant now) {
        if (position >= end) {
            return new Mark(end, now, Optional.of(now));
        }
        if (before == null) {
            return new Mark(end, now, Optional.empty());
        }
        return position >= before.end() ? new Mark(end, now, Optional.of(before.seenAt())) : before;
    }

    /** Offsets between the positions and the ends, over all partitions. */
    synchronized long lagRecords() {
        return lag;
    }

    /** How far behind each partition is; empty = it has never caught up. */
    synchronized List<Optional<Duration>> each() {
        Instant now = clock.instant();
        return marks.values().stream()
                .map(mark -> mark.freshAsOf().map(fresh -> Duration.between(fresh, now)))
                .toList();
    }

    /** How far behind the partition that is furthest behind is; empty = one has never caught up, or there are none. */
    synchronized Optional<Duration> behind() {
        Instant oldest = clock.instant();
        for (Mark mark : marks.values()) {
            if (mark.freshAsOf().isEmpty()) {
                return Optional.empty();
            }
            Instant fresh = mark.freshAsOf().get();
            oldest = fresh.isBefore(oldest) ? fresh : oldest;
        }
        return marks.isEmpty() ? Optional.empty() : Optional.of(Duration.between(oldest, clock.instant()));
    }
}
