package io.kappamesh.position;

import io.kappamesh.archive.RowPosition;

/**
 * How far one writer is in a file, and what it has done since all writers of the file were at one row. An immutable value.
 *
 * @param place up to which it has written all rows that are its own
 * @param done whether the file has no more rows
 * @param counts what became of its rows
 * @param taken which rows were its own: the sum of their {@link #hash}
 */
public record WriterPart(RowPosition place, boolean done, RowCounts counts, long taken) {

    /** A writer that has done nothing yet. */
    static WriterPart at(IngestPosition base) {
        return new WriterPart(
                base.position(),
                base.done(),
                RowCounts.none(base.counts().partitions().size()),
                0);
    }

    /** Of the number of a row: sums of it tell sets of rows from each other. (The mix of SplitMix64.) */
    public static long hash(long row) {
        long mixed = row * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
