package io.kappamesh.testkit.proof;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.testkit.simulation.Happening;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a run left behind.
 *
 * @param tables the latest value per key of every output port, deleted keys left out
 * @param letters what the intake refused
 * @param published how many records left by the output ports
 * @param happened what happened, in order
 * @param arrivals which record stands where
 */
record Outcome(
        Map<PortAddress, Map<String, Latest>> tables,
        Set<Letter> letters,
        long published,
        List<Happening> happened,
        Map<Place, Integer> arrivals) {

    /** The latest value of a key, and its timestamp in milliseconds since the epoch. */
    record Latest(IndexedRecord value, long timestamp) {
        String text() {
            return Text.of(value);
        }

        String textWithTime() {
            return text() + " at " + Instant.ofEpochMilli(timestamp);
        }
    }

    /** What the intake refused, where and why. */
    record Letter(String topic, int partition, long offset, String reason) implements Comparable<Letter> {
        private static final Comparator<Letter> BY_PLACE = Comparator.comparing(Letter::topic)
                .thenComparing(Letter::partition)
                .thenComparing(Letter::offset)
                .thenComparing(Letter::reason);

        @Override
        public int compareTo(Letter other) {
            return BY_PLACE.compare(this, other);
        }

        @Override
        public String toString() {
            return topic + " partition " + partition + " offset " + offset + ": " + reason;
        }
    }

    /** One record's place in a topic. */
    record Place(String topic, int partition, long offset) {}

    /**
     * Where two runs differ.
     *
     * @param what a port or the dead letters, with a verb
     * @param where the key, or the place of a dead letter
     * @param live what the baseline has
     * @param other what the other run has
     */
    record Difference(String what, String where, String live, String other) {}

    /**
     * The first difference, by port and key.
     *
     * @param lettersOf whether what was refused of a topic is compared
     */
    Optional<Difference> differenceTo(Outcome other, Predicate<String> lettersOf) {
        return tables.keySet().stream()
                .sorted((one, two) -> one.topic().compareTo(two.topic()))
                .flatMap(port -> difference(port, other).stream())
                .findFirst()
                .or(() -> differenceInLetters(other, lettersOf));
    }

    private Optional<Difference> difference(PortAddress port, Outcome other) {
        Map<String, Latest> here = tables.getOrDefault(port, Map.of());
        Map<String, Latest> there = other.tables.getOrDefault(port, Map.of());
        Set<String> keys = new TreeSet<>(here.keySet());
        keys.addAll(there.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(here.get(key), there.get(key)))
                .findFirst()
                .map(key -> difference(port.topic() + " ends", "key " + key, here.get(key), there.get(key)));
    }

    private Optional<Difference> differenceInLetters(Outcome other, Predicate<String> lettersOf) {
        Set<Letter> all = new TreeSet<>(letters);
        all.addAll(other.letters);
        return all.stream()
                .filter(letter -> lettersOf.test(letter.topic()))
                .filter(letter -> letters.contains(letter) != other.letters.contains(letter))
                .findFirst()
                .map(letter -> new Difference(
                        "the dead letters end",
                        letter.toString(),
                        letters.contains(letter) ? "refused" : "let in",
                        other.letters.contains(letter) ? "refused" : "let in"));
    }

    /** Timestamps are told only where they differ: most are the event time that stands in the value. */
    private static Difference difference(String what, String where, @Nullable Latest here, @Nullable Latest there) {
        return here != null && there != null && here.timestamp() != there.timestamp()
                ? new Difference(what, where, here.textWithTime(), there.textWithTime())
                : new Difference(what, where, text(here), text(there));
    }

    private static String text(@Nullable Latest latest) {
        return latest == null ? "absent" : latest.text();
    }
}
