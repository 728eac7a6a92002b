package io.kappamesh.json;

import io.kappamesh.mapping.Scalars;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What numbers mean where times are asked for.
 *
 * @param epoch what they count where it is a timestamp; empty = nothing
 * @param epochDays whether they are days where it is a date
 * @param timesOfDay what they count since midnight where it is a time of day; empty = nothing
 */
record JsonTimes(Optional<ChronoUnit> epoch, boolean epochDays, Optional<ChronoUnit> timesOfDay) {
    static final JsonTimes ISO = new JsonTimes(Optional.empty(), false, Optional.empty());

    JsonTimes withEpoch(ChronoUnit unit) {
        return new JsonTimes(Optional.of(unit), epochDays, timesOfDay);
    }

    JsonTimes withEpochDays() {
        return new JsonTimes(epoch, true, timesOfDay);
    }

    JsonTimes withTimesOfDay(ChronoUnit unit) {
        return new JsonTimes(epoch, epochDays, Optional.of(unit));
    }

    Scalars scalars() {
        return new Scalars(epoch, epochDays, timesOfDay);
    }
}
