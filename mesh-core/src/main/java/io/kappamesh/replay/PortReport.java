package io.kappamesh.replay;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a candidate generation says on one port, beside the generation that serves. Each key that was compared is in exactly one of
 * {@code equal}, the five kinds, {@code expected} and {@code overtaken}. An immutable value, made of what JSON has.
 *
 * @param topic the port's address
 * @param servingKeys keys compared that have a value in the serving generation
 * @param candidateKeys keys compared that have a value in the candidate
 * @param equal keys of equal value and timestamp, and those that were deleted in both
 * @param changed keys of which a field differs, without those expected; so for the other kinds
 * @param timestampOnly keys of which only the timestamp differs
 * @param onlyServing keys without a value in the candidate
 * @param onlyCandidate keys without a value in the serving generation
 * @param undecodable keys of different bytes that cannot be read
 * @param expected differences that were declared beforehand, of all kinds
 * @param overtaken keys without a value on one side where they were written again after the cut, so that compaction may have
 *     removed the value they had: nothing can be said of them until the next cut
 * @param fields for each field that differs, such as {@code lines[].quantity}, the number of keys, expected or not
 * @param samples of each kind the first 10 keys in the order of partition and key, those that are not expected before others
 */
public record PortReport(
        String topic,
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
        Map<String, Long> fields,
        List<Sample> samples) {

    public PortReport {
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
        samples = List.copyOf(samples);
    }

    /** Differences that nobody declared. */
    public long unexpected() {
        return changed + timestampOnly + onlyServing + onlyCandidate + undecodable;
    }

    /** Whether there is no difference that nobody declared. Keys that were overtaken are no difference yet. */
    public boolean agrees() {
        return unexpected() == 0;
    }
}
