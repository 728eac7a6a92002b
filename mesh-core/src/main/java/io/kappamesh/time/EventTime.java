package io.kappamesh.time;

import io.kappamesh.Internal;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.declaration.Problems;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * When a fact happened: a field of the record, or, of rows that have no time of their own, nothing. Event time is the only time a product
 * knows.
 *
 * <p>The field is of type {@code timestamp-millis}, {@code timestamp-micros} or {@code date}; a date stands for midnight UTC. Sources may also
 * count a unit of time since the epoch, or write ISO-8601 text. A path such as {@code source.ts_ms} names a field of a record inside. Where
 * there is no field, a record that is read has the time of its timestamp, because that is in the log; one that is published is stamped with the
 * beginning of 1970, so that it is a function of its value.
 */
public final class EventTime {
    /** Rows that have no time of their own. */
    @Internal
    public static final EventTime NONE = ofRecords();

    /** The time of a record's timestamp, where a source declares that. */
    @Internal
    public static final EventTime OF_RECORD = ofRecords();

    private final String field;
    private final int[] positions;
    private final ToLongFunction<Object> millis;
    private final Function<Schema, EventTime> rule;

    private EventTime(String field, int[] positions, ToLongFunction<Object> millis, Function<Schema, EventTime> rule) {
        this.rule = rule;
        this.field = field;
        this.positions = positions;
        this.millis = millis;
    }

    /**
     * Finds the field in a schema.
     *
     * @throws DeclarationException when the schema has no such field, or one of a type that is not a point in time
     */
    public static EventTime in(Schema schema, String field) {
        Problems problems = new Problems("schema " + schema.getFullName());
        Path path = Path.in(schema, field, problems);
        LogicalType type = path.type() == null ? null : path.type().getLogicalType();
        problems.unless(
                path.type() == null
                        || type instanceof LogicalTypes.TimestampMillis
                        || type instanceof LogicalTypes.TimestampMicros
                        || type instanceof LogicalTypes.Date,
                "event time field '" + field
                        + "' must be a timestamp-millis, timestamp-micros or date that is never null");
        problems.throwIfAny();
        boolean micros = type instanceof LogicalTypes.TimestampMicros;
        return new EventTime(field, path.positions(), value -> point(value, field, micros), other -> in(other, field));
    }

    /**
     * Finds a field that counts a unit of time since the epoch, such as {@code source.ts_ms}.
     *
     * @param unit seconds, milliseconds or microseconds
     * @throws DeclarationException when the schema has no such field, or one that is no whole number
     */
    @Internal
    public static EventTime counted(Schema schema, String field, ChronoUnit unit) {
        Problems problems = new Problems("schema " + schema.getFullName());
        Path path = Path.in(schema, field, problems);
        problems.unless(
                path.type() == null
                        || ((path.type().getType() == Schema.Type.LONG
                                        || path.type().getType() == Schema.Type.INT)
                                && path.type().getLogicalType() == null),
                "event time field '" + field
                        + "' must be a long or an int without a logical type, never null, to count " + unit);
        problems.unless(
                unit == ChronoUnit.SECONDS || unit == ChronoUnit.MILLIS || unit == ChronoUnit.MICROS,
                "event time field '" + field + "' counts SECONDS, MILLIS or MICROS, not " + unit.name());
        problems.throwIfAny();
        return new EventTime(
                field,
                path.positions(),
                value -> counted(((Number) value).longValue(), unit),
                other -> counted(other, field, unit));
    }

    /**
     * Finds a field that holds ISO-8601 text with an offset: {@code 2026-03-01T10:00:00+01:00}.
     *
     * @throws DeclarationException when the schema has no such field, or one that is no string
     */
    @Internal
    public static EventTime text(Schema schema, String field) {
        Problems problems = new Problems("schema " + schema.getFullName());
        Path path = Path.in(schema, field, problems);
        problems.unless(
                path.type() == null || path.type().getType() == Schema.Type.STRING,
                "event time field '" + field + "' must be a string that is never null, to hold ISO-8601 text");
        problems.throwIfAny();
        return new EventTime(
                field,
                path.positions(),
                value -> OffsetDateTime.parse(value.toString()).toInstant().toEpochMilli(),
                other -> text(other, field));
    }

    /** The field; empty = the values carry no event time. */
    public Optional<String> field() {
        return isInValue() ? Optional.of(field) : Optional.empty();
    }

    /** Whether values carry it. */
    public boolean isInValue() {
        return positions.length > 0;
    }

    /** Whether there is none, in values or elsewhere. */
    @Internal
    public boolean isAbsent() {
        return this == NONE;
    }

    private static EventTime ofRecords() {
        return new EventTime("", new int[0], value -> 0, other -> NONE);
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
     * The same field, read in the same way, of another schema.
     *
     * @throws DeclarationException when that schema has no such field
     */
    @Internal
    public EventTime of(Schema schema) {
        return rule.apply(schema);
    }

    /**
     * The event time of one record in milliseconds since the epoch, UTC. May be negative, which Kafka cannot store.
     *
     * @throws IllegalStateException when values carry none
     * @throws ArithmeticException when the time does not fit into milliseconds
     * @throws DateTimeException when the field is text and holds no time
     */
    public long millis(IndexedRecord record) {
        if (!isInValue()) {
            throw new IllegalStateException("values carry no event time");
        }
        Object value = record;
        for (int position : positions) {
            value = ((IndexedRecord) value).get(position);
        }
        return millis.applyAsLong(value);
    }

    private static long counted(long count, ChronoUnit unit) {
        return switch (unit) {
            case SECONDS -> Math.multiplyExact(count, 1000L);
            case MICROS -> Math.floorDiv(count, 1000L);
            default -> count;
        };
    }

    private static long point(Object value, String field, boolean micros) {
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

    /**
     * The way to a field.
     *
     * @param type of the field; null = there is none, which is among the problems
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Path(int[] positions, @Nullable Schema type) {
        static Path in(Schema schema, String field, Problems problems) {
            List<Integer> positions = new ArrayList<>();
            @Nullable Schema at = schema;
            for (String step : field.split("\\.", -1)) {
                Schema.@Nullable Field found =
                        at != null && at.getType() == Schema.Type.RECORD ? at.getField(step) : null;
                at = found == null ? null : found.schema();
                positions.add(found == null ? -1 : found.pos());
            }
            problems.unless(at != null, "event time field '" + field + "' does not exist; name a field of the record");
            return new Path(positions.stream().mapToInt(Integer::intValue).toArray(), at);
        }
    }
}
