package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * An order to generations to pause. First they freeze wherever they are and tell where that is; then some or all of them advance
 * to one and the same vector, the farthest of what was told, and stand there.
 *
 * @param id tells one cut from another
 * @param generations the numbers of those that are to pause
 * @param advancing the numbers of those among them that go on to the vector; the others stay frozen
 * @param vector per input partition the offset of the first record that may not pass
 * @param leaseMillis for how long an instance obeys without hearing more, from when it has seen the order, in milliseconds
 * @param afterwards what it does then
 * @param at when it was given, ISO-8601 in UTC, for those who only look; null = nobody wrote it down
 */
@Internal
public record Cut(
        String id,
        List<Integer> generations,
        List<Integer> advancing,
        Map<String, Long> vector,
        long leaseMillis,
        Afterwards afterwards,
        @Nullable String at) {

    /** What an instance does when whoever gave the order is not heard of any more. */
    public enum Afterwards {
        /** It goes on. Whoever gave the order finds that out when he asks how far it has come. */
        GO_ON,
        /** It takes the decisions about the product upon itself, so that whoever gave the order can decide no more; then all go on. */
        TAKE_OVER
    }

    public Cut {
        generations = List.copyOf(generations);
        advancing = List.copyOf(advancing);
        vector = new TreeMap<>(vector);
    }

    /** The order to pause at once. */
    public static Cut freeze(String id, List<Integer> generations, Duration lease, Afterwards afterwards, Instant at) {
        return new Cut(id, generations, List.of(), Map.of(), lease.toMillis(), afterwards, at.toString());
    }

    /** The order to go on to a vector. */
    public Cut advance(List<Integer> those, Map<TopicPartition, Long> to) {
        return new Cut(id, generations, those, Offsets.named(to), leaseMillis, afterwards, at);
    }

    /** The same order to all but one, which goes on with its work. */
    public Cut without(int generation) {
        return new Cut(
                id,
                generations.stream().filter(number -> number != generation).toList(),
                advancing.stream().filter(number -> number != generation).toList(),
                vector,
                leaseMillis,
                afterwards,
                at);
    }

    /** Whether nobody obeys any more, as far as a clock can tell: its lease is over, after which all go on. */
    public boolean isOver(Instant now) {
        return afterwards == Afterwards.GO_ON
                && at != null
                && Instant.parse(at).plusMillis(leaseMillis).isBefore(now);
    }

    /** Whether a generation of this number is to pause. */
    public boolean concerns(int generation) {
        return generations.contains(generation);
    }

    /** Where a generation is to stand; empty = where it is. */
    public Map<TopicPartition, Long> offsetsFor(int generation) {
        return advancing.contains(generation) ? Offsets.of(vector) : Map.of();
    }
}
