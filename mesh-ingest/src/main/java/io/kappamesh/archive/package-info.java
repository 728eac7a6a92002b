/**
 * Rows of archives, without Kafka.
 *
 * <p>Reading order: {@code ArchiveFiles} finds files, {@link io.kappamesh.archive.ArchiveFormat} says how their rows are written, and
 * {@code ArchiveRows} are the rows of one, with their {@code RowPosition}s. {@code TextRows}, which {@code RowSplitter} cuts out of a file, and
 * {@code AvroFileRows} are the two kinds.
 */
@NullMarked
package io.kappamesh.archive;

import org.jspecify.annotations.NullMarked;
