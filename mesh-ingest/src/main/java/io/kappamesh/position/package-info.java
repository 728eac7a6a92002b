/**
 * How far an archive is ingested, as it stands on the brokers.
 *
 * <p>Reading order: an {@code IngestPosition} is how far one file is, with what became of its rows, and a {@code SeenFile} what a file was found to
 * be; {@code IngestTopic} is where both are written, in the same transactions as the records, and read as {@code Ingested}; {@code KnownPaths} is
 * what follows from it for the paths of a run.
 */
@Internal
@NullMarked
package io.kappamesh.position;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
