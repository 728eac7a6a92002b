package io.kappamesh.archive;

import io.kappamesh.Internal;
import io.kappamesh.format.ValueFormat;

/**
 * One row of a file.
 *
 * @param number counted from 1; a line that names columns is none, nor is a blank line
 * @param bytes as they stand in the file, without the line end; not to be changed
 * @param result the value that it is, or why it is none
 * @param end the place behind it
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // two rows are never compared
public record ArchiveRow<V>(long number, byte[] bytes, ValueFormat.Result<V> result, RowPosition end) {}
