package io.kappamesh.database;

import java.util.List;

/**
 * A table as the database describes it. An immutable value.
 *
 * @param system the server's own number, which its copies share and no other server has
 * @param database its name
 * @param oid of the table: another one if it is dropped and made again
 * @param key columns of its primary key, in their order
 * @param marks of what decides which changes are sent and under which keys
 * @param generated columns that PostgreSQL computes, and does not publish
 * @param rows about how many it has; -1 = it is not known
 */
public record CapturedTable(
        String system, String database, long oid, List<String> key, Marks marks, List<String> generated, long rows) {
    public CapturedTable {
        key = List.copyOf(key);
        generated = List.copyOf(generated);
    }
}
