package io.kappamesh.columns;

/**
 * A column of a table, and the field of the contract that it holds.
 *
 * @param field of the contract
 * @param name of the column, not quoted
 * @param type in SQL: {@code numeric(15,2)}
 */
public record Column(String field, String name, String type) {
    /** As it stands in statements. */
    public String quoted() {
        return Identifiers.quoted(name);
    }
}
