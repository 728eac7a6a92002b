package io.kappamesh.observe;

import io.kappamesh.Internal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The rate of something that counts up, over half a minute. Thread-safe. */
@Internal
public final class RateMeter {
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final double MILLIS_PER_SECOND = 1000.0;

    private record Sample(Instant at, long count) {}

    private final Clock clock;
    private final Deque<Sample> samples = new ArrayDeque<>();

    RateMeter(Clock clock) {
        this.clock = clock;
    }

    /** Notes what the count is now. A count that went down starts anew. */
    synchronized void note(long count) {
        Instant now = clock.instant();
        if (!samples.isEmpty() && samples.getLast().count() > count) {
            samples.clear();
        }
        samples.addLast(new Sample(now, count));
        // The first one stands for the edge of the window, so one sample at or before it stays.
        while (samples.size() > 2 && !second().at().isAfter(now.minus(WINDOW))) {
            samples.removeFirst();
        }
    }

    /** Per second; 0 until there are two samples with time in between. */
    synchronized double perSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        long millis = Duration.between(first.at(), last.at()).toMillis();
        return millis <= 0 ? 0 : (last.count() - first.count()) * MILLIS_PER_SECOND / millis;
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }
}
