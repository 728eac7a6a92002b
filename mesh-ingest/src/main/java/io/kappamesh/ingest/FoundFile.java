package io.kappamesh.ingest;

import io.kappamesh.file.ArchiveFile;
import io.kappamesh.position.SeenFile;
import java.util.Optional;

/**
 * A file, and what it was found to be.
 *
 * @param file where it is
 * @param digest of what it says, unpacked; empty = it breaks off, so that nobody knows
 * @param problem why its rows cannot be ingested: it breaks off, or lacks a column; of no matter where they are ingested already
 * @param isRead whether it was read for that; otherwise nobody has written it since an earlier ingest read it
 */
record FoundFile(ArchiveFile file, String digest, Optional<String> problem, boolean isRead) {

    /** What is stored of it: its time only where that says whether it was written. */
    SeenFile seen() {
        boolean isSettled = file.stamp().isSettled() && (!isRead || problem.isEmpty());
        return new SeenFile(file.name(), isSettled ? file.stamp().text() : SeenFile.NO_STAMP, digest);
    }
}
