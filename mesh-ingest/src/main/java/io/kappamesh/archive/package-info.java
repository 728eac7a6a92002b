/**
 * Rows of archives, without Kafka.
 *
 * <p>Reading order: {@code ArchiveFiles} finds files, {@link io.kappamesh.archive.ArchiveFormat} says how their rows are written, and
 * {@code ArchiveRows} are the rows of one, with their {@code RowPosition}s. {@code TextRows}, which {@code RowSplitter} cuts out of a file, {@code
 * AvroFileRows} and {@code ParquetRows} are the kinds. {@link
 * io.kappamesh.decoding.DecodedRows} decodes what they cut.
 */
@NullMarked
package io.kappamesh.archive;

import org.jspecify.annotations.NullMarked;
