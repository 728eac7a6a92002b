/**
 * Rows into the topic of a port, with how far they are written, in transactions.
 *
 * <p>Reading order: a {@code RowWriter} writes rows to a {@code WriteTarget}. Where there are several, {@code RowRouter} gives each row to the writer of its
 * partition, see {@code KeyPlaces}, and {@code WriterThreads} lets each of them write in a thread of its own.
 */
@Internal
@NullMarked
package io.kappamesh.writers;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
