package io.kappamesh.columns;

/**
 * How one field of a contract stands in a table. Values are Avro's own: {@code Long} for a timestamp, {@code ByteBuffer} for a decimal.
 * Immutable and thread-safe.
 */
public interface ColumnType {
    /** The type in SQL: {@code numeric(15,2)}. */
    String sql();

    /**
     * Writes a value, not null, so that PostgreSQL reads it as this type.
     *
     * @throws UnloadableException if the type cannot hold it
     */
    void write(Object value, CopyText out) throws UnloadableException;

    /**
     * An expression in SQL whose value, as text, {@link #holds} understands.
     *
     * @param column quoted
     */
    default String readBack(String column) {
        return column + "::text";
    }

    /**
     * Whether what was read back is a value.
     *
     * @param text not null
     */
    boolean holds(Object value, String text);
}
