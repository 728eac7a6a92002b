package io.kappamesh.csv;

import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How times are written.
 *
 * @param epoch what a whole number counts; empty = it is no time
 * @param epochDays whether a whole number may be a date
 * @param timestamps how text is a time; empty = as ISO-8601 says
 * @param dates how text is a date; empty = as ISO-8601 says
 */
record CsvTimes(
        Optional<ChronoUnit> epoch, boolean epochDays, Optional<TimePattern> timestamps, Optional<TimePattern> dates) {
    static final CsvTimes ISO = new CsvTimes(Optional.empty(), false, Optional.empty(), Optional.empty());

    CsvTimes withEpoch(ChronoUnit unit) {
        return new CsvTimes(Optional.of(unit), epochDays, timestamps, dates);
    }

    CsvTimes withEpochDays() {
        return new CsvTimes(epoch, true, timestamps, dates);
    }

    CsvTimes withTimestamps(TimePattern pattern) {
        return new CsvTimes(epoch, epochDays, Optional.of(pattern), dates);
    }

    CsvTimes withDates(TimePattern pattern) {
        return new CsvTimes(epoch, epochDays, timestamps, Optional.of(pattern));
    }
}
