package io.kappamesh.database;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table as the database describes it. An immutable value.
 *
 * @param system the server's own number, which its copies share and no other server has
 * @param database its name
 * @param oid of the table: another one if it is dropped and made again
 * @param key columns of its primary key, in their order
 * @param marks of what decides which changes are sent and under which keys, by what they are of, in words: another mark stands there after it was changed,
 *     also if that was taken back
 * @param generated columns that PostgreSQL computes, and does not publish
 * @param rows about how many it has; -1 = it is not known
 */
public record CapturedTable(
        String system,
        String database,
        long oid,
        List<String> key,
        Map<String, String> marks,
        List<String> generated,
        long rows) {
    public CapturedTable {
        key = List.copyOf(key);
        marks = Map.copyOf(marks);
        generated = List.copyOf(generated);
    }

    /**
     * What was changed in the meantime, in words.
     *
     * @param before marks as they were
     * @param now as they are
     * @return empty = nothing
     */
    public static Optional<String> changed(Map<String, String> before, Map<String, String> now) {
        List<String> changed = now.entrySet().stream()
                .filter(mark -> !mark.getValue().equals(before.get(mark.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", changed) + (changed.size() > 1 ? " were" : " was")
                        + " changed, perhaps back again, and changes of rows may be missing");
    }
}
