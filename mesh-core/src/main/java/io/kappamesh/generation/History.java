package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The history that a generation recomputes.
 *
 * @param createdAt when the generation was begun, ISO-8601 in UTC
 * @param goal per input partition the end at that time: what is below is its history
 * @param origin where its reading begins; null = it was begun before that was written down
 * @param horizon what it cannot recompute; null = it was begun before that was written down
 */
@Internal
public record History(
        String createdAt,
        Map<String, Long> goal,
        @Nullable Origin origin,
        @Nullable Horizon horizon) {

    public History {
        goal = new TreeMap<>(goal);
    }

    /** Up to the ends of the inputs as they are now. */
    public static History upTo(Map<TopicPartition, Long> ends, String now) {
        return new History(now, Offsets.named(ends), null, null);
    }

    History from(Origin where) {
        return new History(createdAt, goal, where, horizon);
    }

    History within(Horizon what) {
        return new History(createdAt, goal, origin, what);
    }

    /** What is kept of it when its generation is retired. */
    History retired() {
        return new History(createdAt, Map.of(), null, null);
    }
}
