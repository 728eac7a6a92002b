package io.kappamesh.position;

import io.kappamesh.archive.RowPosition;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * How far each writer of one file is. An immutable value.
 *
 * @param base where all of them were at one row
 * @param parts by the number of the writer, from 0
 */
public record SplitPosition(IngestPosition base, List<WriterPart> parts) {
    public SplitPosition {
        parts = List.copyOf(parts);
    }

    /** A file at which writers begin, or go on, at one row. */
    public static SplitPosition of(IngestPosition base, int writers) {
        return new SplitPosition(base, Collections.nCopies(writers, WriterPart.at(base)));
    }

    /** How many share the file. */
    public int writers() {
        return parts.size();
    }

    /** Whether all writers are at one row, so that it does not matter which one has written what. */
    public boolean isLevel() {
        return parts.stream().map(WriterPart::place).distinct().count() == 1;
    }

    /**
     * All writers together: {@code rows} says how many are ingested; they are the first ones of the file only where all writers are at one row. It is done
     * where these are all that the file has, which one writer is told when all of them are.
     */
    public IngestPosition total() {
        RowCounts sum = parts.stream().map(WriterPart::counts).reduce(base.counts(), RowCounts::plus);
        long more = parts.stream().mapToLong(part -> part.counts().rows()).sum();
        return base.at(
                new RowPosition(base.rows() + more, lowestPart().place().offset()),
                isLevel() && parts.stream().anyMatch(WriterPart::done),
                sum);
    }

    /**
     * Where the file is to be read from: no writer has rows left before it. Its counts are all those up to there where writers are at one row, and else those of the lowest
     * writer.
     */
    public IngestPosition lowest() {
        return isLevel() ? total() : base.plus(lowestPart());
    }

    private WriterPart lowestPart() {
        return Collections.min(
                parts, Comparator.comparingLong(part -> part.place().rows()));
    }

    /** Behind it no writer has written a row. */
    public long farthest() {
        return parts.stream().mapToLong(part -> part.place().rows()).max().orElse(base.rows());
    }

    /** Which rows behind the lowest place are written: the sum of their {@link WriterPart#hash}. */
    public long takenBeyondLowest() {
        long taken = parts.stream().mapToLong(WriterPart::taken).sum();
        long lowest = lowestPart().place().rows();
        for (long row = base.rows() + 1; row <= lowest; row++) {
            taken -= WriterPart.hash(row);
        }
        return taken;
    }
}
