package io.kappamesh.encoding;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.jspecify.annotations.Nullable;

/**
 * Writers of the logical types that most records have, straight from Java's types to bytes, and without the objects that a conversion makes in between. Only
 * where the conversion is Avro's own, and with its results. Stateless.
 */
final class LogicalTypeWriters {
    private static final long MICROS = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;
    /** Any number of so many digits fits into a long. */
    private static final int DIGITS_OF_A_LONG = 18;

    private LogicalTypeWriters() {}

    /** @return null = another logical type or conversion */
    static @Nullable ValueWriter of(Schema schema, Conversion<?> conversion) {
        LogicalType logical = schema.getLogicalType();
        Schema.Type type = schema.getType();
        if (isOwn(conversion, Conversions.DecimalConversion.class)
                && logical instanceof LogicalTypes.Decimal decimal
                && type == Schema.Type.BYTES) {
            int precision = decimal.getPrecision();
            int scale = decimal.getScale();
            return (value, out) -> value instanceof BigDecimal number
                    && number.getClass() == BigDecimal.class
                    && write(number, precision, scale, out);
        }
        if (isOwn(conversion, TimeConversions.DateConversion.class) && type == Schema.Type.INT) {
            return (value, out) -> {
                if (!(value instanceof LocalDate day)) {
                    return false;
                }
                out.writeInt((int) day.toEpochDay());
                return true;
            };
        }
        if (isOwn(conversion, TimeConversions.TimestampMillisConversion.class) && type == Schema.Type.LONG) {
            return (value, out) -> {
                if (!(value instanceof Instant time)) {
                    return false;
                }
                out.writeLong(time.toEpochMilli());
                return true;
            };
        }
        if (isOwn(conversion, TimeConversions.TimestampMicrosConversion.class) && type == Schema.Type.LONG) {
            return (value, out) -> {
                if (!(value instanceof Instant time)) {
                    return false;
                }
                out.writeLong(Math.addExact(
                        Math.multiplyExact(time.getEpochSecond(), MICROS), time.getNano() / NANOS_PER_MICRO));
                return true;
            };
        }
        if (isOwn(conversion, Conversions.UUIDConversion.class) && type == Schema.Type.STRING) {
            return (value, out) -> {
                if (!(value instanceof UUID uuid)) {
                    return false;
                }
                out.writeString(uuid.toString());
                return true;
            };
        }
        return null;
    }

    private static boolean write(BigDecimal value, int precision, int scale, BytesEncoder out) throws IOException {
        BigDecimal scaled = value.scale() == scale ? value : value.setScale(scale);
        int digits = scaled.precision();
        if (digits > precision) {
            return false;
        }
        if (digits <= DIGITS_OF_A_LONG) {
            out.writeNumber(scaled.scaleByPowerOfTen(scale).longValueExact());
        } else {
            byte[] number = scaled.unscaledValue().toByteArray();
            out.writeBytes(number, 0, number.length);
        }
        return true;
    }

    /** Subclasses may mean something else. */
    private static boolean isOwn(Conversion<?> conversion, Class<? extends Conversion<?>> usual) {
        return conversion.getClass() == usual;
    }
}
