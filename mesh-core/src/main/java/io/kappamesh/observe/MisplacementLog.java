package io.kappamesh.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Warns in the log of topics that hold records in other partitions than expected: at once, and then once an hour. Thread-safe. */
final class MisplacementLog {
    static final Duration BETWEEN_LINES = Duration.ofHours(1);

    private final String generation;
    private final Clock clock;
    private final Consumer<String> lines;
    private final Map<String, Instant> told = new HashMap<>();

    /** @param lines is given each line, on the thread that noticed that it is due */
    MisplacementLog(String generation, Clock clock, Consumer<String> lines) {
        this.generation = generation;
        this.clock = clock;
        this.lines = lines;
    }

    /** @param records so far */
    synchronized void misplaced(String topic, long records) {
        Instant now = clock.instant();
        Instant last = told.get(topic);
        if (last != null && Duration.between(last, now).compareTo(BETWEEN_LINES) < 0) {
            return;
        }
        told.put(topic, now);
        lines.accept(generation + ": " + records + (records == 1 ? " record" : " records") + " of topic " + topic
                + " so far came from another partition than the one that Kafka's partitioner chooses for the key. They do not meet"
                + " records of other ports with the same key. Either their producer uses another partitioner (set"
                + " partitioner=murmur2_random for librdkafka), or partitions were added to the topic. To read a source as it is,"
                + " declare keys(…) or keyedBy(…), which place its records anew");
    }
}
