package io.kappamesh.position;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What became of the rows of a file.
 *
 * @param partitions how many were written, by partition of the port's topic
 * @param refused how many went to the dead letters
 * @param live how many belong to the live topic: their event time is not before the hand-over
 * @param newest the newest event time of those that were written, in milliseconds since the epoch; -1 = none was
 */
public record RowCounts(List<Long> partitions, long refused, long live, long newest) {
    public RowCounts {
        partitions = List.copyOf(partitions);
    }

    /** Nothing yet. */
    public static RowCounts none(int partitions) {
        return new RowCounts(Collections.nCopies(partitions, 0L), 0, 0, -1);
    }

    /** How many were written. */
    public long written() {
        return partitions.stream().mapToLong(one -> one).sum();
    }

    /** How many rows there were, whatever became of them. */
    public long rows() {
        return written() + refused + live;
    }

    /** Those of two files, or of two writers, together. */
    public RowCounts plus(RowCounts other) {
        List<Long> sums = new ArrayList<>();
        for (int at = 0; at < Math.max(partitions.size(), other.partitions.size()); at++) {
            sums.add((at < partitions.size() ? partitions.get(at) : 0L)
                    + (at < other.partitions.size() ? other.partitions.get(at) : 0L));
        }
        return new RowCounts(sums, refused + other.refused, live + other.live, Math.max(newest, other.newest));
    }
}
