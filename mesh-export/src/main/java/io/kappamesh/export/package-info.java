/**
 * Published ports as files: the table of a port at a cut, for programs that read CSV, JSON or Parquet.
 *
 * <p>Reading order: {@code PortExport} is the door. {@code PortTable} reads the port; {@code ExportFiles} writes its rows, a {@code RowFile} for each
 * partition, and the {@code Manifest} last. {@code RowValues} says what a value is as text, and whether it can be written.
 */
@NullMarked
package io.kappamesh.export;

import org.jspecify.annotations.NullMarked;
