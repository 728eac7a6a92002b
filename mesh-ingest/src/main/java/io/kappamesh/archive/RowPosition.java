package io.kappamesh.archive;

import io.kappamesh.Internal;

/**
 * A place between two rows of a file.
 *
 * @param rows how many lie before it
 * @param offset where the next row begins in the unpacked text; -1 = rows are found by counting alone
 */
@Internal
public record RowPosition(long rows, long offset) {
    /** The beginning of a file. */
    public static final RowPosition BEGINNING = new RowPosition(0, -1);
}
