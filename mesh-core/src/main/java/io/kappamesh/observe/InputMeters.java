package io.kappamesh.observe;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures how fast each input is read, by what of it is committed. A partition that is handed over counts from where it was handed over.
 * Thread-safe.
 */
final class InputMeters {
    private static final class Meter {
        private final RateMeter rate;
        private long read;
        private long lag;
        private @Nullable Instant lastReadAt;

        Meter(Clock clock) {
            rate = new RateMeter(clock);
        }
    }

    private final Clock clock;
    private final Map<String, Meter> meters = new TreeMap<>();
    private Map<TopicPartition, Long> before = Map.of();

    InputMeters(Clock clock) {
        this.clock = clock;
    }

    /** Takes note of positions and ends, as {@link Freshness#measure} does. */
    synchronized void measure(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        meters.values().forEach(meter -> meter.lag = 0);
        Map<String, Long> steps = new HashMap<>();
        ends.forEach((partition, end) -> {
            Long position = positions.getOrDefault(partition, 0L);
            Long last = before.get(partition);
            steps.merge(partition.topic(), last == null ? 0 : Math.max(0, position - last), Long::sum);
            meters.computeIfAbsent(partition.topic(), topic -> new Meter(clock)).lag += Math.max(0, end - position);
        });
        meters.forEach((topic, meter) -> {
            long step = steps.getOrDefault(topic, 0L);
            if (step > 0) {
                meter.lastReadAt = clock.instant();
            }
            meter.read += step;
            meter.rate.note(meter.read);
        });
        before = Map.copyOf(positions);
    }

    /** By topic. */
    synchronized List<InputFigures> figures() {
        return meters.entrySet().stream()
                .map(one -> new InputFigures(
                        one.getKey(),
                        one.getValue().lag,
                        one.getValue().rate.perSecond(),
                        Optional.ofNullable(one.getValue().lastReadAt)))
                .toList();
    }
}
