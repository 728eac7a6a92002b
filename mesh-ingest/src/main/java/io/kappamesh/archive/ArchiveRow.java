package io.kappamesh.archive;

import io.kappamesh.Internal;
import io.kappamesh.format.ValueFormat;
import java.util.function.Supplier;

/**
 * One row of a file.
 *
 * @param number counted from 1; a line that names columns is none, nor is a blank line
 * @param bytes makes what is kept of it where it is refused: its bytes as they stand in the file, without the line end; of a row that has none of its
 *     own, its text
 * @param result the value that it is, or why it is none
 * @param end the place behind it
 */
@Internal
public record ArchiveRow<V>(long number, Supplier<byte[]> bytes, ValueFormat.Result<V> result, RowPosition end) {}
