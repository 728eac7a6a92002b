package io.kappamesh.position;

import io.kappamesh.archive.RowPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far one file is ingested into one port. An immutable value.
 *
 * @param file its path when it was ingested
 * @param digest SHA-256 of what it says, unpacked, in hexadecimal digits: what a file is known by
 * @param rows how many rows are ingested
 * @param offset where the next row begins in the unpacked text; -1 = rows are found by counting
 * @param done whether the file has no more rows
 * @param handOver from which event time on rows belong to the live topic; null = all belong to the archive
 * @param topicId of the port's topic that the rows are in
 * @param counts what became of the rows
 */
public record IngestPosition(
        String file,
        String digest,
        long rows,
        long offset,
        boolean done,
        @Nullable Instant handOver,
        String topicId,
        RowCounts counts) {

    /** The place in the file. */
    public RowPosition position() {
        return new RowPosition(rows, offset);
    }

    /** The same file with what a writer has done since. */
    IngestPosition plus(WriterPart part) {
        return at(part.place(), part.done(), counts.plus(part.counts()));
    }

    IngestPosition at(RowPosition place, boolean isDone, RowCounts counted) {
        return new IngestPosition(file, digest, place.rows(), place.offset(), isDone, handOver, topicId, counted);
    }
}
