package io.kappamesh.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * When a fact happened: a field of the record, or, of rows that have no time of their own, nothing. Event time is the only time a product
 * knows.
 *
 * <p>The field is of type {@code timestamp-millis}, {@code timestamp-micros} or {@code date}; a date stands for midnight UTC. Where there is
 * none, a record that is read has the time of its timestamp, because that stands in the log; one that is published is stamped with the
 * beginning of 1970, so that it is a function of its value.
 */
public final class EventTime {
    /** Rows that have no time of their own. */
    static final EventTime NONE = new EventTime("", -1, false);

    private final String field;
    private final int position;
    private final boolean micros;

    private EventTime(String field, int position, boolean micros) {
        this.field = field;
        this.position = position;
        this.micros = micros;
    }

    /**
     * Finds the field in a schema.
     *
     * @throws DeclarationException when the schema has no such field, or one of a type that is not a point in time
     */
    public static EventTime in(Schema schema, String field) {
        Problems problems = new Problems("schema " + schema.getFullName());
        Schema.@Nullable Field found = schema.getType() == Schema.Type.RECORD ? schema.getField(field) : null;
        LogicalType type = found == null ? null : found.schema().getLogicalType();
        problems.unless(found != null, "event time field '" + field + "' does not exist; name a field of the record");
        problems.unless(
                found == null
                        || type instanceof LogicalTypes.TimestampMillis
                        || type instanceof LogicalTypes.TimestampMicros
                        || type instanceof LogicalTypes.Date,
                "event time field '" + field
                        + "' must be a timestamp-millis, timestamp-micros or date that is never null");
        problems.throwIfAny();
        return new EventTime(field, found == null ? -1 : found.pos(), type instanceof LogicalTypes.TimestampMicros);
    }

    /** The field; empty = the values carry no event time. */
    public Optional<String> field() {
        return isInValue() ? Optional.of(field) : Optional.empty();
    }

    /** Whether values carry it. */
    public boolean isInValue() {
        return position >= 0;
    }

    /**
     * The timestamp of a value as it is published: its event time, or the beginning of 1970 if it has none. In milliseconds since the epoch.
     *
     * @throws ArithmeticException when the time does not fit into milliseconds
     */
    public long stamp(IndexedRecord record) {
        return isInValue() ? millis(record) : 0;
    }

    /**
     * The event time of one record in milliseconds since the epoch, UTC. May be negative, which Kafka cannot store.
     *
     * @throws IllegalStateException when values carry none
     * @throws ArithmeticException when the time does not fit into milliseconds
     */
    public long millis(IndexedRecord record) {
        if (!isInValue()) {
            throw new IllegalStateException("values carry no event time");
        }
        Object value = record.get(position);
        if (value instanceof Instant instant) {
            return instant.toEpochMilli();
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        }
        if (value instanceof Integer days) {
            return TimeUnit.DAYS.toMillis(days);
        }
        if (value instanceof Long time) {
            return micros ? Math.floorDiv(time, 1000L) : time;
        }
        throw new IllegalArgumentException("event time field '" + field + "' holds no point in time");
    }
}
