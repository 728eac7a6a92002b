package io.kappamesh.row;

import io.kappamesh.file.ArchiveFile;
import io.kappamesh.position.IngestPosition;

/**
 * A file with rows that are to be ingested.
 *
 * @param index its place in the order of files
 * @param file where it is
 * @param begun how far it is
 */
public record PlannedFile(int index, ArchiveFile file, IngestPosition begun) {}
