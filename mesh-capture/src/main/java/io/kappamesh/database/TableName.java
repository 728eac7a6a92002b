package io.kappamesh.database;

import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A table of a database. An immutable value.
 *
 * @param schema as PostgreSQL spells it, without quotes
 * @param table likewise
 */
public record TableName(String schema, String table) {
    private static final Pattern PLAIN = Pattern.compile("[^.,\"'\\\\\\s]{1,63}");

    /**
     * Of {@code public.orders}.
     *
     * @throws DeclarationException if it is none
     */
    public static TableName of(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 2
                || !PLAIN.matcher(parts[0]).matches()
                || !PLAIN.matcher(parts[1]).matches()) {
            throw new DeclarationException(
                    List.of(
                            "a table is named with its schema, such as public.orders, as PostgreSQL"
                                    + " spells both, without quotes; names with dots, commas, quotes and spaces cannot be captured"));
        }
        return new TableName(parts[0], parts[1]);
    }

    /** For SQL. */
    public String quoted() {
        return "\"" + schema + "\".\"" + table + "\"";
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
