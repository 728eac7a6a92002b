/**
 * How far an archive is ingested, as it stands on the brokers.
 *
 * <p>Reading order: an {@code IngestPosition} is how far one file is, with what became of its rows, and a {@code SeenFile} what a file was found to
 * be; a {@code SplitPosition} is how far each writer of a file is that has several, with a {@code WriterPart} of each; {@code IngestTopic} is where all are written, in the same
 * transactions as the records, and read by {@code StatedPositions} as {@code Ingested}; {@code KnownPaths} is what follows from it for the paths of a run.
 */
@Internal
@NullMarked
package io.kappamesh.position;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
