package io.kappamesh.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kappamesh.format.JsonReader.MisfitException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** Single values of JSON text as Avro's own types. Immutable and thread-safe. */
final class JsonScalars {
    private static final int LONGEST_LONG = 20;
    private static final int LONGEST_TEXT_OF_A_NUMBER = 1_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Optional<ChronoUnit> epoch;
    private final boolean epochDays;

    JsonScalars(Optional<ChronoUnit> epoch, boolean epochDays) {
        this.epochDays = epochDays;
        this.epoch = epoch;
    }

    @Nullable
    Object read(Schema type, JsonParser in) throws IOException {
        try {
            return type.getLogicalType() == null ? plain(type, in) : logical(type, type.getLogicalType(), in);
        } catch (ArithmeticException | NumberFormatException doesNotFit) {
            throw new MisfitException("is a number that its type cannot hold exactly");
        } catch (DateTimeException noTime) {
            throw new MisfitException("is no ISO-8601 text of its type");
        }
    }

    private @Nullable Object plain(Schema type, JsonParser in) throws IOException {
        return switch (type.getType()) {
            case NULL -> {
                require(in.currentToken() == JsonToken.VALUE_NULL, "is not null");
                yield null;
            }
            case BOOLEAN -> {
                require(in.currentToken().isBoolean(), "is neither true nor false");
                yield in.getBooleanValue();
            }
            case INT -> whole(in).intValueExact();
            case LONG -> whole(in).longValueExact();
            case FLOAT -> (float) finite(in, Float.MAX_VALUE);
            case DOUBLE -> finite(in, Double.MAX_VALUE);
            case STRING -> new Utf8(text(in));
            case ENUM -> symbol(type, text(in));
            case BYTES -> ByteBuffer.wrap(base64(in));
            case FIXED -> {
                byte[] bytes = base64(in);
                require(bytes.length == type.getFixedSize(), "does not have " + type.getFixedSize() + " bytes");
                yield new GenericData.Fixed(type, bytes);
            }
            default -> throw new MisfitException("is no single value");
        };
    }

    private Object logical(Schema type, LogicalType logical, JsonParser in) throws IOException {
        if (logical instanceof LogicalTypes.Decimal decimal) {
            byte[] digits = digits(decimal, in);
            return type.getType() == Schema.Type.FIXED
                    ? new GenericData.Fixed(type, padded(digits, type.getFixedSize()))
                    : ByteBuffer.wrap(digits);
        }
        if (logical instanceof LogicalTypes.TimestampMillis) {
            return instant(in, ChronoUnit.MILLIS);
        }
        if (logical instanceof LogicalTypes.TimestampMicros) {
            return instant(in, ChronoUnit.MICROS);
        }
        if (logical instanceof LogicalTypes.LocalTimestampMillis) {
            return since(LocalDateTime.parse(text(in)).toInstant(ZoneOffset.UTC), ChronoUnit.MILLIS);
        }
        if (logical instanceof LogicalTypes.LocalTimestampMicros) {
            return since(LocalDateTime.parse(text(in)).toInstant(ZoneOffset.UTC), ChronoUnit.MICROS);
        }
        if (logical instanceof LogicalTypes.Date) {
            return epochDays && in.currentToken() != JsonToken.VALUE_STRING
                    ? whole(in).intValueExact()
                    : Math.toIntExact(LocalDate.parse(text(in)).toEpochDay());
        }
        if (logical instanceof LogicalTypes.TimeMillis) {
            return Math.toIntExact(exact(LocalTime.parse(text(in)).toNanoOfDay(), NANOS_PER_MILLI));
        }
        if (logical instanceof LogicalTypes.TimeMicros) {
            return exact(LocalTime.parse(text(in)).toNanoOfDay(), NANOS_PER_MICRO);
        }
        return Objects.requireNonNull(plain(type, in));
    }

    /** Digits are counted before they are written out: 1e999999999 has one, and would take a gigabyte. */
    private static byte[] digits(LogicalTypes.Decimal decimal, JsonParser in) throws IOException {
        BigDecimal number = in.currentToken() == JsonToken.VALUE_STRING ? new BigDecimal(shortText(in)) : decimalOf(in);
        BigDecimal bare = bare(number);
        boolean fits = bare.scale() <= decimal.getScale()
                && bare.precision() - (long) bare.scale() <= decimal.getPrecision() - (long) decimal.getScale();
        require(fits, "is a number that its type cannot hold exactly");
        return bare.setScale(decimal.getScale()).unscaledValue().toByteArray();
    }

    private static byte[] padded(byte[] digits, int size) throws MisfitException {
        require(digits.length <= size, "is a number that its type cannot hold exactly");
        byte[] all = new byte[size];
        Arrays.fill(all, (byte) (digits[0] < 0 ? -1 : 0));
        System.arraycopy(digits, 0, all, size - digits.length, digits.length);
        return all;
    }

    private long instant(JsonParser in, ChronoUnit unit) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_STRING) {
            return since(OffsetDateTime.parse(text(in)).toInstant(), unit);
        }
        require(
                epoch.isPresent(),
                "is no ISO-8601 text; a number means something only if the port's format says what it counts");
        long count = whole(in).longValueExact();
        return switch (epoch.orElseThrow()) {
            case SECONDS -> Math.multiplyExact(count, unit == ChronoUnit.MILLIS ? 1_000L : 1_000_000L);
            case MILLIS -> unit == ChronoUnit.MILLIS ? count : Math.multiplyExact(count, 1_000L);
            default -> unit == ChronoUnit.MICROS ? count : exact(count, 1_000L);
        };
    }

    private static long since(Instant time, ChronoUnit unit) {
        long perSecond = unit == ChronoUnit.MILLIS ? 1_000L : 1_000_000L;
        long fraction = exact(time.getNano(), 1_000_000_000L / perSecond);
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), perSecond), fraction);
    }

    private static long exact(long amount, long unit) {
        if (amount % unit != 0) {
            throw new ArithmeticException("finer than the type");
        }
        return amount / unit;
    }

    private static BigInteger whole(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return in.getBigIntegerValue();
        }
        BigDecimal bare = bare(decimalOf(in));
        require(
                bare.scale() <= 0 && bare.precision() - (long) bare.scale() <= LONGEST_LONG,
                "is a number that its type cannot hold exactly");
        return bare.toBigIntegerExact();
    }

    private static BigDecimal bare(BigDecimal number) {
        return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    private static double finite(JsonParser in, double largest) throws IOException {
        double number = decimalOf(in).doubleValue();
        require(Math.abs(number) <= largest, "is a number that its type cannot hold");
        return number;
    }

    private static BigDecimal decimalOf(JsonParser in) throws IOException {
        require(in.currentToken().isNumeric(), "is no number");
        return in.getDecimalValue();
    }

    private static String shortText(JsonParser in) throws IOException {
        String text = text(in);
        require(text.length() <= LONGEST_TEXT_OF_A_NUMBER, "is a number that its type cannot hold exactly");
        return text;
    }

    private static String text(JsonParser in) throws IOException {
        require(in.currentToken() == JsonToken.VALUE_STRING, "is no text");
        return text(in.getText());
    }

    /** JSON can name half a character (RFC 8259, 8.2), which UTF-8 cannot hold: it would come out as a question mark. */
    static String text(String text) throws MisfitException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair = Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                require(pair, "holds half a character");
                i++;
            }
        }
        return text;
    }

    private static GenericData.EnumSymbol symbol(Schema type, String name) throws MisfitException {
        String known = type.hasEnumSymbol(name) ? name : type.getEnumDefault();
        require(known != null, "is none of the symbols of its type");
        return new GenericData.EnumSymbol(type, known);
    }

    private static byte[] base64(JsonParser in) throws IOException {
        try {
            return Base64.getDecoder().decode(text(in));
        } catch (IllegalArgumentException notBase64) {
            throw new MisfitException("is no base64 text");
        }
    }

    private static void require(boolean holds, String otherwise) throws MisfitException {
        if (!holds) {
            throw new MisfitException(otherwise);
        }
    }
}
