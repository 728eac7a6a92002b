/**
 * {@code mesh ingest}: archives into source ports.
 *
 * <p>Reading order: {@code IngestCommand} is the command, {@code FileOptions} says how files are written, and {@code DescribedSource} makes a port of what its
 * product has published of it.
 */
@NullMarked
package io.kappamesh.console.ingest;

import org.jspecify.annotations.NullMarked;
