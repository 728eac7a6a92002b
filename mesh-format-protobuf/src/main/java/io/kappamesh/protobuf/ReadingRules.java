package io.kappamesh.protobuf;

import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a port says about its messages.
 *
 * @param epoch what a whole number counts where a timestamp is asked for; empty = nothing
 * @param epochDays whether a whole number may be a date
 * @param timestampsTruncated whether timestamps are cut to the unit of their field
 */
record ReadingRules(
        Optional<ChronoUnit> epoch, boolean epochDays, boolean timestampsTruncated, boolean unknownFieldsRejected) {
    static final ReadingRules STRICT = new ReadingRules(Optional.empty(), false, false, false);

    ReadingRules withEpoch(ChronoUnit unit) {
        return new ReadingRules(Optional.of(unit), epochDays, timestampsTruncated, unknownFieldsRejected);
    }

    ReadingRules withEpochDays() {
        return new ReadingRules(epoch, true, timestampsTruncated, unknownFieldsRejected);
    }

    ReadingRules withTimestampsTruncated() {
        return new ReadingRules(epoch, epochDays, true, unknownFieldsRejected);
    }

    ReadingRules withUnknownFieldsRejected() {
        return new ReadingRules(epoch, epochDays, timestampsTruncated, true);
    }
}
