package io.kappamesh.capture;

import java.util.Optional;

/**
 * What a capture does, and has done since it was started. An immutable value. Only what is committed counts.
 *
 * @param phase what it does
 * @param rows of snapshots that were written
 * @param ofRows about how many rows the table had when the snapshot began; -1 = it is not known
 * @param changes inserts and updates that were written
 * @param deleted rows that were deleted, also by a truncation, or because a later snapshot did not have them any more
 * @param behind how many bytes of the database's log are not captured, as of the last look; -1 = it is not known. What does not concern the table counts
 *     too
 * @param trouble what it waits for, in words; empty = for nothing
 */
public record CaptureProgress(
        Phase phase, long rows, long ofRows, long changes, long deleted, long behind, Optional<String> trouble) {

    /** What a capture does. */
    public enum Phase {
        /** It connects. */
        STARTING,
        /** It writes the rows that the table has. */
        SNAPSHOT,
        /** It writes changes as they come. */
        CHANGES,
        /** The database or the brokers are away, and are waited for. */
        WAITING,
        /** It has ended. */
        ENDED
    }
}
