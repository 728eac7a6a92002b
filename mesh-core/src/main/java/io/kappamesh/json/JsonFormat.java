package io.kappamesh.json;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.serde.AvroEncoder;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * JSON objects (RFC 8259, UTF-8), read by the schema of the port's class:
 *
 * <ul>
 *   <li>A member of the object is the field of its name, or of which its name is an alias. Other members are dropped, or
 *       {@linkplain #rejectingUnknownFields() rejected}. Two members of one name are rejected.
 *   <li>A field that is missing has its default; without one it is null, if null is allowed; else the record is rejected.
 *   <li>Numbers are taken exactly or not at all: a decimal with more digits than the schema has, and a whole number that does not fit, are
 *       rejected. Decimals may be numbers or text. Floating-point fields take the texts {@code NaN}, {@code Infinity} and
 *       {@code -Infinity} too.
 *   <li>Timestamps are ISO-8601 text with an offset ({@code 2026-03-01T09:00:00Z}); numbers only as {@link #epoch} says. Dates are ISO-8601
 *       text ({@code 2026-03-01}), times of day too; numbers only as {@link #epochDays} and {@link #timesOfDay} say.
 *   <li>Bytes and fixed are base64 text. Enums are their symbols; an unknown one is the schema's default symbol, if it has one.
 *   <li>A union may have null and one other type.
 * </ul>
 *
 * Immutable and thread-safe.
 */
public final class JsonFormat implements ValueFormat {
    private static final Set<ChronoUnit> OF_A_DAY = Set.of(ChronoUnit.MILLIS, ChronoUnit.MICROS, ChronoUnit.NANOS);

    private final JsonTimes times;
    private final boolean unknownFieldsRejected;
    private final int header;

    private JsonFormat(JsonTimes times, boolean unknownFieldsRejected, int header) {
        this.times = times;
        this.unknownFieldsRejected = unknownFieldsRejected;
        this.header = header;
    }

    /** Plain JSON: the value is the text of one object. */
    public static JsonFormat json() {
        return new JsonFormat(JsonTimes.ISO, false, 0);
    }

    /**
     * JSON as Confluent's JSON Schema serializer writes it: byte 0, four bytes with the id of a schema, then the text. The id is not looked
     * up: the schema of the port's class decides.
     */
    public static JsonFormat confluentJsonSchema() {
        return new JsonFormat(JsonTimes.ISO, false, AvroEncoder.HEADER_LENGTH);
    }

    /**
     * Timestamps may be whole numbers too, those without a zone among them: so many of this unit since the epoch.
     *
     * @param unit seconds, milliseconds or microseconds
     * @throws DeclarationException for another unit
     */
    public JsonFormat epoch(ChronoUnit unit) {
        if (unit != ChronoUnit.SECONDS && unit != ChronoUnit.MILLIS && unit != ChronoUnit.MICROS) {
            throw new DeclarationException(
                    List.of("JSON format: timestamps are counted in SECONDS, MILLIS or MICROS, not in " + unit.name()));
        }
        return new JsonFormat(times.withEpoch(unit), unknownFieldsRejected, header);
    }

    /** Dates may be whole numbers too: days since the epoch. */
    public JsonFormat epochDays() {
        return new JsonFormat(times.withEpochDays(), unknownFieldsRejected, header);
    }

    /**
     * Times of day may be whole numbers too: so many of this unit since midnight, as Debezium writes {@code time} columns.
     *
     * @param unit milliseconds, microseconds or nanoseconds
     * @throws DeclarationException for another unit
     */
    public JsonFormat timesOfDay(ChronoUnit unit) {
        if (!OF_A_DAY.contains(unit)) {
            throw new DeclarationException(
                    List.of("JSON format: times of day are counted in MILLIS, MICROS or NANOS, not in " + unit.name()));
        }
        return new JsonFormat(times.withTimesOfDay(unit), unknownFieldsRejected, header);
    }

    /** Rejects records with members that the schema does not know, instead of dropping those members. */
    public JsonFormat rejectingUnknownFields() {
        return new JsonFormat(times, true, header);
    }

    @Override
    public boolean checksValues() {
        return true;
    }

    @Override
    public <V extends IndexedRecord> Decoder<V> decoder(Class<V> type, Schema schema) {
        JsonReader reader = reader(schema, Set.of());
        AvroValues<V> values = new AvroValues<>(type, schema);
        return bytes -> reader.decode(bytes, (in, items) -> values.of(reader.record(in, items)));
    }

    JsonReader reader(Schema schema, Set<String> filled) {
        return new JsonReader(schema, times.scalars(), unknownFieldsRejected, header, filled);
    }

    @Override
    public <V extends IndexedRecord> Optional<Encoder<V>> encoder(Class<V> type, Schema schema) {
        JsonWriter json = new JsonWriter(times.epoch(), header);
        AvroValues<V> values = new AvroValues<>(type, schema);
        return Optional.of(value -> json.write(values.plain(value)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonFormat format
                && times.equals(format.times)
                && unknownFieldsRejected == format.unknownFieldsRejected
                && header == format.header;
    }

    @Override
    public int hashCode() {
        return Objects.hash(times, unknownFieldsRejected, header);
    }
}
