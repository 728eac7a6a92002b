/**
 * The rows of an archive as records of a port, in one order.
 *
 * <p>Reading order: {@code RowJudge} makes a {@code JudgedRow} of a row by the port's own intake, {@code MergedRows} is the order of the rows of several
 * {@code PlannedFile}s, of all their rows or the {@code FirstRows}, and {@code ReadAhead} does all of that in a thread of its own.
 */
@Internal
@NullMarked
package io.kappamesh.row;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
