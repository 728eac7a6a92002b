package io.kappamesh.columns;

import java.util.List;

/**
 * A field of the contract whose elements are rows of a table of their own.
 *
 * @param field of the contract, an array
 * @param columns that this table has already; empty = it is not there yet
 */
public record Child(String field, List<Column> columns) {
    public Child {
        columns = List.copyOf(columns);
    }

    /** Fields whose tables are not there yet. */
    public static List<Child> fresh(List<String> fields) {
        return fields.stream().map(field -> new Child(field, List.of())).toList();
    }
}
