package io.kappamesh.load;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a comparison of a table with its topic has found. An immutable value.
 *
 * @param port its address
 * @param table with its schema
 * @param positions up to where both were compared: the next offset of each partition
 * @param caughtUpAt when everything had been loaded that there was
 * @param topicKeys keys that have a value in the topic
 * @param equal of them, those whose row is the same
 * @param changed those whose row says something else, or comes from another record
 * @param missing those without a row, and without a dead letter that says why
 * @param extra rows whose key has no value in the topic, and keys that have rows in a child table and none in the table
 * @param refused keys that PostgreSQL cannot hold: they have a dead letter in place of a row
 * @param kept rows whose records the topic has forgotten, so that nothing can be compared with them
 * @param overtaken keys that were written again behind the positions, and may have been compacted away before them: not compared
 * @param columns in how many rows each column differs; those of child tables have the table's name before them, and stand once for all elements of a row
 * @param samples some of the differences, in words
 */
public record LoadVerification(
        String port,
        String table,
        Map<Integer, Long> positions,
        Instant caughtUpAt,
        long topicKeys,
        long equal,
        long changed,
        long missing,
        long extra,
        long refused,
        long kept,
        long overtaken,
        Map<String, Long> columns,
        List<Sample> samples) {

    /**
     * A difference.
     *
     * @param key of the record and the row
     * @param what differs: {@code missing}, {@code extra}, or the names of columns
     */
    public record Sample(String key, String what) {}

    public LoadVerification {
        positions = java.util.Collections.unmodifiableMap(new TreeMap<>(positions));
        columns = java.util.Collections.unmodifiableMap(new TreeMap<>(columns));
        samples = List.copyOf(samples);
    }

    /** Whether the table says what the topic says, but for what PostgreSQL cannot hold. */
    public boolean agrees() {
        return changed + missing + extra == 0;
    }

    /** Whether the table says all that the topic says. */
    public boolean isComplete() {
        return agrees() && refused == 0;
    }
}
