package io.kappamesh.level;

import io.kappamesh.Internal;
import java.time.Instant;

/**
 * What was counted in some hours. An immutable value.
 *
 * @param hour the first one, in hours since the epoch
 * @param hours how many: 1, or the 24 of a day in UTC
 * @param good what of it was good
 * @param all what was measured
 */
@Internal
public record Bucket(long hour, int hours, double good, double all) {
    static final int HOURS_PER_DAY = 24;
    static final long SECONDS_PER_HOUR = 3600;

    Instant end() {
        return Instant.ofEpochSecond((hour + hours) * SECONDS_PER_HOUR);
    }

    long day() {
        return Math.floorDiv(hour, HOURS_PER_DAY);
    }

    double bad() {
        return Math.max(0, all - good);
    }
}
