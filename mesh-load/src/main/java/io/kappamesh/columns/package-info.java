/**
 * A port's contract as columns of a PostgreSQL table, and its values as rows.
 *
 * <p>Reading order: {@code Column} is a field of the contract with its name ({@code Identifiers}) and its {@code ColumnType};
 * {@code TableColumns} makes them of all versions of a contract, and {@code ChildColumns} those of the elements of an array that has a child table ({@code Declaration}). A {@code ColumnType} writes a value for {@code COPY} ({@code CopyText}), and
 * says whether what stands in the table is that value, by another way than it was written. What PostgreSQL cannot hold is an
 * {@code UnloadableException}.
 */
@Internal
@NullMarked
package io.kappamesh.columns;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
