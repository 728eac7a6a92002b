package io.kappamesh.load;

import java.util.Optional;

/**
 * What a loader does, and has done since it was started. An immutable value.
 *
 * @param phase what it does
 * @param records that were read and whose effect is committed
 * @param upserted rows that were inserted or updated
 * @param deleted rows that were deleted
 * @param refused records that PostgreSQL cannot hold, and that went to the dead letters
 * @param lag offsets between what is committed in the topic and what is loaded, markers of transactions among them; -1 = it is not known
 * @param trouble what it waits for, in words; empty = for nothing
 */
public record LoadProgress(
        Phase phase, long records, long upserted, long deleted, long refused, long lag, Optional<String> trouble) {

    /** What a loader does. */
    public enum Phase {
        /** It connects. */
        STARTING,
        /** Another loader owns the table; it takes over when that one is gone. */
        STANDBY,
        /** It loads. */
        LOADING,
        /** PostgreSQL, the brokers or the registry are away, and are waited for. */
        WAITING,
        /** It has ended. */
        ENDED
    }
}
