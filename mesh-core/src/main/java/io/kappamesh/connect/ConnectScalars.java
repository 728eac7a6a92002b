package io.kappamesh.connect;

import static java.util.Objects.requireNonNull;

import io.kappamesh.mapping.IsoTimes;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalars;
import io.kappamesh.mapping.TimestampType;
import io.kappamesh.serde.AvroBytes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Single values as Kafka Connect and Debezium write them in Avro, exactly or not at all. What a number counts is said by its logical type, or
 * by {@code connect.name} where Avro has no such type ({@code io.debezium.time.MicroTimestamp}). Stateless.
 */
final class ConnectScalars {
    private static final String NAME = "connect.name";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;

    /** How many nanoseconds one of what a point in time counts has. */
    private static final Map<String, Long> INSTANTS = Map.of(
            "timestamp-millis", NANOS_PER_MILLI,
            "timestamp-micros", NANOS_PER_MICRO,
            "timestamp-nanos", 1L,
            "local-timestamp-millis", NANOS_PER_MILLI,
            "local-timestamp-micros", NANOS_PER_MICRO,
            "local-timestamp-nanos", 1L,
            "org.apache.kafka.connect.data.Timestamp", NANOS_PER_MILLI,
            "io.debezium.time.Timestamp", NANOS_PER_MILLI,
            "io.debezium.time.MicroTimestamp", NANOS_PER_MICRO,
            "io.debezium.time.NanoTimestamp", 1L);

    /** The same for times of day. */
    private static final Map<String, Long> TIMES = Map.of(
            "time-millis", NANOS_PER_MILLI,
            "time-micros", NANOS_PER_MICRO,
            "org.apache.kafka.connect.data.Time", NANOS_PER_MILLI,
            "io.debezium.time.Time", NANOS_PER_MILLI,
            "io.debezium.time.MicroTime", NANOS_PER_MICRO,
            "io.debezium.time.NanoTime", 1L);

    private static final Map<String, Long> DATES =
            Map.of("date", 1L, "org.apache.kafka.connect.data.Date", 1L, "io.debezium.time.Date", 1L);

    private ConnectScalars() {}

    /** One value, never null. */
    @FunctionalInterface
    interface Part {
        @Nullable
        Object of(@Nullable Object value) throws MisfitException;
    }

    /** Takes values of one type, never null, as another. */
    static Part part(Schema writer, Schema reader) {
        Part exact = reader.getLogicalType() == null
                ? plain(writer, reader)
                : logical(writer, reader, reader.getLogicalType());
        return value -> {
            try {
                return exact.of(value);
            } catch (ArithmeticException | NumberFormatException doesNotFit) {
                throw new MisfitException("is a number that its type cannot hold exactly");
            } catch (DateTimeException noTime) {
                throw new MisfitException("is no ISO-8601 text of its type");
            }
        };
    }

    private static Part never(String why) {
        return value -> {
            throw new MisfitException(why);
        };
    }

    private static Part plain(Schema writer, Schema reader) {
        Schema.Type from = writer.getType();
        boolean text = from == Schema.Type.STRING || from == Schema.Type.ENUM;
        return switch (reader.getType()) {
            case BOOLEAN -> from == Schema.Type.BOOLEAN ? value -> value : never("is neither true nor false");
            case INT -> {
                if (from == Schema.Type.INT) {
                    yield value -> value;
                }
                Part number = number(writer);
                yield value -> Math.toIntExact(Scalars.whole((BigDecimal) notNull(number.of(value))));
            }
            case LONG -> {
                if (from == Schema.Type.LONG) {
                    yield value -> value;
                }
                Part number = number(writer);
                yield value -> Scalars.whole((BigDecimal) notNull(number.of(value)));
            }
            case FLOAT -> {
                Part number = floating(writer);
                yield value -> (float) within((Double) notNull(number.of(value)), Float.MAX_VALUE);
            }
            case DOUBLE -> {
                Part number = floating(writer);
                yield value -> number.of(value);
            }
            case STRING -> text ? value -> String.valueOf(value) : never("is no text");
            case ENUM -> text ? value -> Scalars.symbol(reader, String.valueOf(value)) : never("is no text");
            case BYTES ->
                isBytes(writer) ? value -> ByteBuffer.wrap(AvroBytes.of(notNull(value))) : never("is not bytes");
            case FIXED ->
                isBytes(writer)
                        ? value -> {
                            byte[] bytes = AvroBytes.of(notNull(value));
                            Scalars.require(
                                    bytes.length == reader.getFixedSize(),
                                    "does not have " + reader.getFixedSize() + " bytes");
                            return new GenericData.Fixed(reader, bytes);
                        }
                        : never("is not bytes");
            default ->
                never("is " + from.getName() + " in the data and "
                        + reader.getType().getName() + " in the port");
        };
    }

    private static Part logical(Schema writer, Schema reader, LogicalType logical) {
        if (logical instanceof LogicalTypes.Decimal decimal) {
            Part number = number(writer);
            return value -> {
                byte[] digits = Scalars.digits(decimal, (BigDecimal) notNull(number.of(value)));
                return reader.getType() == Schema.Type.FIXED
                        ? new GenericData.Fixed(reader, Scalars.padded(digits, reader.getFixedSize()))
                        : ByteBuffer.wrap(digits);
            };
        }
        @Nullable TimestampType timestamp = TimestampType.of(reader);
        if (timestamp != null) {
            return pointInTime(writer, timestamp);
        }
        if (logical instanceof LogicalTypes.Date) {
            if (writer.getType() == Schema.Type.STRING) {
                return value ->
                        Math.toIntExact(IsoTimes.date(String.valueOf(value)).toEpochDay());
            }
            return counted(writer, DATES, 1, "day").andInt();
        }
        if (logical instanceof LogicalTypes.TimeMillis) {
            return timeOfDay(writer, NANOS_PER_MILLI).andInt();
        }
        if (logical instanceof LogicalTypes.TimeMicros) {
            return timeOfDay(writer, NANOS_PER_MICRO);
        }
        return plain(writer, reader);
    }

    private static Part pointInTime(Schema writer, TimestampType wanted) {
        if (writer.getType() != Schema.Type.STRING) {
            return counted(writer, INSTANTS, NANOS_PER_SECOND / wanted.perSecond(), "point in time");
        }
        return wanted.isLocal()
                ? value -> Scalars.since(
                        LocalDateTime.parse(String.valueOf(value)).toInstant(ZoneOffset.UTC), wanted.perSecond())
                : value -> Scalars.since(IsoTimes.instant(String.valueOf(value)), wanted.perSecond());
    }

    private static Count timeOfDay(Schema writer, long nanos) {
        if (writer.getType() == Schema.Type.STRING) {
            return value -> Scalars.exact(LocalTime.parse(String.valueOf(value)).toNanoOfDay(), nanos);
        }
        Count nanoOfDay = counted(writer, TIMES, 1, "time of day");
        return value -> Scalars.exact(Scalars.timeOfDay(nanoOfDay.of(value)), nanos);
    }

    /** A part that is a count. */
    @FunctionalInterface
    private interface Count extends Part {
        @Override
        Long of(@Nullable Object value) throws MisfitException;

        default Part andInt() {
            return value -> Math.toIntExact(of(value));
        }
    }

    /** What counts one unit as a count of another. */
    private static Count counted(Schema writer, Map<String, Long> units, long wanted, String what) {
        Long unit = unit(writer, units);
        if (unit == null || (writer.getType() != Schema.Type.INT && writer.getType() != Schema.Type.LONG)) {
            return value -> {
                throw new MisfitException("is no " + what + " by the schema of the data");
            };
        }
        return unit >= wanted
                ? value -> Math.multiplyExact(((Number) notNull(value)).longValue(), unit / wanted)
                : value -> Scalars.exact(((Number) notNull(value)).longValue(), wanted / unit);
    }

    private static @Nullable Long unit(Schema writer, Map<String, Long> units) {
        @Nullable LogicalType logical = writer.getLogicalType();
        Long known = logical == null ? null : units.get(logical.getName());
        String name = writer.getProp(NAME);
        return known != null || name == null ? known : units.get(name);
    }

    /** A number that loses nothing: floating ones have lost it before. */
    private static Part number(Schema writer) {
        if (writer.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return value -> new BigDecimal(Scalars.wholeIn(AvroBytes.of(notNull(value))), decimal.getScale());
        }
        return switch (writer.getType()) {
            case INT, LONG -> value -> BigDecimal.valueOf(((Number) notNull(value)).longValue());
            case STRING -> value -> Scalars.numberIn(String.valueOf(value));
            case FLOAT, DOUBLE ->
                never("is a floating-point number in the data, which does not hold decimals exactly; let its writer"
                        + " write decimals (decimal.handling.mode=precise or string)");
            case RECORD -> variableScale(writer);
            default -> never("is no number");
        };
    }

    /** {@code io.debezium.data.VariableScaleDecimal}, of columns that declare no scale. */
    private static Part variableScale(Schema writer) {
        Schema.Field scale = writer.getField("scale");
        Schema.Field digits = writer.getField("value");
        if (scale == null
                || digits == null
                || scale.schema().getType() != Schema.Type.INT
                || digits.schema().getType() != Schema.Type.BYTES) {
            return never("is no number");
        }
        return value -> {
            IndexedRecord number = (IndexedRecord) notNull(value);
            return new BigDecimal(
                    Scalars.wholeIn(AvroBytes.of(number.get(digits.pos()))), (Integer) number.get(scale.pos()));
        };
    }

    private static Part floating(Schema writer) {
        if (writer.getType() == Schema.Type.FLOAT || writer.getType() == Schema.Type.DOUBLE) {
            return value -> ((Number) notNull(value)).doubleValue();
        }
        Part number = writer.getType() == Schema.Type.STRING ? never("is no number") : number(writer);
        return value -> finite(((BigDecimal) notNull(number.of(value))).doubleValue());
    }

    private static double finite(double number) throws MisfitException {
        Scalars.require(Double.isFinite(number), "is a number that its type cannot hold");
        return number;
    }

    private static double within(double number, double largest) throws MisfitException {
        Scalars.require(
                Math.abs(number) <= largest || !Double.isFinite(number), "is a number that its type cannot hold");
        return number;
    }

    private static boolean isBytes(Schema writer) {
        return (writer.getType() == Schema.Type.BYTES || writer.getType() == Schema.Type.FIXED)
                && !(writer.getLogicalType() instanceof LogicalTypes.Decimal);
    }

    private static Object notNull(@Nullable Object value) {
        return requireNonNull(value, "nulls are taken before");
    }
}
