package io.kappamesh.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The field of a record that says when the fact happened. Event time is the only time a product knows.
 *
 * <p>The field is of type {@code timestamp-millis}, {@code timestamp-micros} or {@code date}; a date stands for midnight UTC.
 */
public final class EventTime {
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

    public String field() {
        return field;
    }

    /**
     * The event time of one record in milliseconds since the epoch, UTC. May be negative, which Kafka cannot store.
     *
     * @throws ArithmeticException when the time does not fit into milliseconds
     */
    public long millis(IndexedRecord record) {
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
