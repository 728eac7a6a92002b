package io.kappamesh.avro;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.jspecify.annotations.Nullable;

/**
 * Readers of the logical types that most records have, straight from bytes to Java's types, and without the objects that a conversion makes in between. Only
 * where the conversion is Avro's own, and with its results. Stateless.
 */
final class LogicalTypeReaders {
    private static final long MICROS = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;
    /** Any number of so many digits fits into a long. */
    private static final int DIGITS_OF_A_LONG = 18;

    private LogicalTypeReaders() {}

    /**
     * A reader of data of the same type.
     *
     * @param general reads what is too large for the short way
     * @return null = another logical type or conversion
     */
    static @Nullable ValueReader of(Schema schema, @Nullable Conversion<?> conversion, ValueReader general) {
        LogicalType logical = schema.getLogicalType();
        Schema.Type type = schema.getType();
        if (isOwn(conversion, Conversions.DecimalConversion.class)
                && logical instanceof LogicalTypes.Decimal decimal
                && type == Schema.Type.BYTES) {
            return decimal(decimal, general);
        }
        if (isOwn(conversion, TimeConversions.DateConversion.class) && type == Schema.Type.INT) {
            return in -> LocalDate.ofEpochDay(in.readInt());
        }
        if (isOwn(conversion, TimeConversions.TimestampMillisConversion.class) && type == Schema.Type.LONG) {
            return in -> Instant.ofEpochMilli(in.readLong());
        }
        if (isOwn(conversion, TimeConversions.TimestampMicrosConversion.class) && type == Schema.Type.LONG) {
            return in -> {
                long micros = in.readLong();
                return Instant.ofEpochSecond(micros / MICROS, micros % MICROS * NANOS_PER_MICRO);
            };
        }
        return null;
    }

    private static ValueReader decimal(LogicalTypes.Decimal decimal, ValueReader general) {
        int scale = decimal.getScale();
        int precision = decimal.getPrecision();
        long above = precision <= DIGITS_OF_A_LONG ? powerOfTen(precision) : Long.MAX_VALUE;
        return in -> {
            int start = in.position();
            int length = in.length();
            if (length < 1 || length > Long.BYTES) {
                in.back(start);
                return general.read(in);
            }
            long unscaled = in.bigEndian(length);
            if (precision <= DIGITS_OF_A_LONG && (unscaled >= above || unscaled <= -above)) {
                throw LogicalValues.tooManyDigits();
            }
            return BigDecimal.valueOf(unscaled, scale);
        };
    }

    private static long powerOfTen(int exponent) {
        return BigDecimal.ONE.scaleByPowerOfTen(exponent).longValueExact();
    }

    /** Subclasses may mean something else. */
    private static boolean isOwn(@Nullable Conversion<?> conversion, Class<? extends Conversion<?>> usual) {
        return conversion != null && conversion.getClass() == usual;
    }
}
