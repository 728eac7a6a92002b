package io.kappamesh.compare;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate generation says on one port, beside the generation that serves. Each key that was compared is in exactly one of
 * {@code equal}, the five kinds, {@code expected}, {@code overtaken} and the keys beyond the horizon. An immutable value, made of what JSON has.
 *
 * @param topic the port's address
 * @param change whether both publish it. One that only the serving generation publishes is not compared: it counts as one difference,
 *     which {@code expected} has if it was declared
 * @param servingKeys keys compared that have a value in the serving generation
 * @param candidateKeys keys compared that have a value in the candidate
 * @param equal keys of equal value and timestamp, and those that were deleted in both
 * @param changed keys of which a field differs, without those expected; so for the other kinds
 * @param timestampOnly keys of which only the timestamp differs
 * @param onlyServing keys without a value in the candidate
 * @param onlyCandidate keys without a value in the serving generation; of a port that only the candidate publishes they are expected
 * @param undecodable keys of different bytes that cannot be read
 * @param expected differences that were declared beforehand, of all kinds
 * @param overtaken keys that differ as they were read, and were written again after the cut, so that compaction may have removed the
 *     value they had: nothing can be said of them until the next cut. A verification looks again, and has none
 * @param horizon below which nothing was compared; null = all of the port was
 * @param fields for each field that differs, such as {@code lines[].quantity}, the number of keys, expected or not
 * @param samples of each kind the first 10 keys in the order of partition and key, those that are not expected before others
 */
public record PortReport(
        String topic,
        PortChange change,
        long servingKeys,
        long candidateKeys,
        long equal,
        long changed,
        long timestampOnly,
        long onlyServing,
        long onlyCandidate,
        long undecodable,
        long expected,
        long overtaken,
        @Nullable HorizonReport horizon,
        Map<String, Long> fields,
        List<Sample> samples) {

    public PortReport {
        change = Objects.requireNonNullElse(change, PortChange.NONE); // reports of before there was any have none
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
        samples = List.copyOf(samples);
    }

    /** Of a port that only the serving generation publishes. */
    static PortReport removed(String topic, boolean isExpected) {
        return new PortReport(
                topic, PortChange.REMOVED, 0, 0, 0, 0, 0, 0, 0, 0, isExpected ? 1 : 0, 0, null, Map.of(), List.of());
    }

    /** How many keys were compared. */
    public long keys() {
        return equal
                + changed
                + timestampOnly
                + onlyServing
                + onlyCandidate
                + undecodable
                + expected
                + overtaken
                + beyondHorizon();
    }

    /** Differences that nobody declared. */
    public long unexpected() {
        long removed = change == PortChange.REMOVED && expected == 0 ? 1 : 0;
        return changed + timestampOnly + onlyServing + onlyCandidate + undecodable + removed;
    }

    /** Keys that differ beyond the horizon, and are left alone. */
    public long beyondHorizon() {
        return horizon == null ? 0 : horizon.keys();
    }

    /** Whether there is no difference that nobody declared. Keys that were overtaken are no difference yet. */
    public boolean agrees() {
        return unexpected() == 0;
    }
}
