package io.kappamesh.writers;

import io.kappamesh.archive.RowPosition;
import io.kappamesh.row.MergedRows;
import io.kappamesh.row.PlannedFile;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that belong together, by writer: what was read between two places of the whole order.
 *
 * @param rows of each writer, in their order
 * @param reached how far the files of them were read
 */
record RoutedRows(List<List<MergedRows.Next>> rows, Collection<Reached> reached) {

    /**
     * How far a file was read.
     *
     * @param place behind the last row; null = only its end was seen
     * @param isDone whether it has no more rows
     */
    record Reached(PlannedFile file, @Nullable RowPosition place, boolean isDone) {}
}
