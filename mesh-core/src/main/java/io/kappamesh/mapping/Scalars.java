package io.kappamesh.mapping;

import io.kappamesh.Internal;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
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
import org.jspecify.annotations.Nullable;

/** Single values as Avro's own types, whatever their format: exactly, or not at all. Immutable and thread-safe. */
@Internal
public final class Scalars {
    private static final int LONGEST_LONG = 20;
    private static final int LONGEST_TEXT_OF_A_NUMBER = 1_000;
    /** As many as a number of a thousand digits has. */
    private static final int MOST_BYTES_OF_A_NUMBER = 416;

    private static final String INEXACT = "is a number that its type cannot hold exactly";
    private static final long PER_SECOND_MILLIS = 1_000;
    private static final long PER_SECOND_MICROS = 1_000_000;
    private static final long PER_SECOND_NANOS = 1_000_000_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_DAY = 86_400 * PER_SECOND_NANOS;

    private final Optional<ChronoUnit> epoch;
    private final boolean epochDays;
    private final Optional<ChronoUnit> timesOfDay;

    /**
     * @param epoch what a number counts where a timestamp is asked for, with or without a zone: seconds, milliseconds or microseconds; empty = nothing
     * @param epochDays whether a number may stand for a date: days since the epoch
     * @param timesOfDay what a number counts since midnight where a time of day is asked for; empty = nothing
     */
    public Scalars(Optional<ChronoUnit> epoch, boolean epochDays, Optional<ChronoUnit> timesOfDay) {
        this.epoch = epoch;
        this.epochDays = epochDays;
        this.timesOfDay = timesOfDay;
    }

    /** Where times of day are text. */
    public Scalars(Optional<ChronoUnit> epoch, boolean epochDays) {
        this(epoch, epochDays, Optional.empty());
    }

    /** A value of a type that is neither a union nor made of others. */
    public @Nullable Object read(Schema type, Scalar in) throws IOException {
        try {
            return type.getLogicalType() == null ? plain(type, in) : logical(type, type.getLogicalType(), in);
        } catch (ArithmeticException | NumberFormatException doesNotFit) {
            throw new MisfitException(INEXACT);
        } catch (DateTimeException noTime) {
            throw new MisfitException("is no ISO-8601 text of its type");
        }
    }

    private static @Nullable Object plain(Schema type, Scalar in) throws IOException {
        return switch (type.getType()) {
            case NULL -> {
                require(in.isNull(), "is not null");
                yield null;
            }
            case BOOLEAN -> in.truth();
            case INT -> Math.toIntExact(in.whole());
            case LONG -> in.whole();
            case FLOAT -> real(in);
            case DOUBLE -> in.real();
            case STRING -> in.text();
            case ENUM -> symbol(type, in.text());
            case BYTES -> ByteBuffer.wrap(in.bytes());
            case FIXED -> {
                byte[] bytes = in.bytes();
                require(bytes.length == type.getFixedSize(), "does not have " + type.getFixedSize() + " bytes");
                yield new GenericData.Fixed(type, bytes);
            }
            default -> throw new MisfitException("is no single value");
        };
    }

    private Object logical(Schema type, LogicalType logical, Scalar in) throws IOException {
        if (logical instanceof LogicalTypes.Decimal decimal) {
            byte[] digits = digits(decimal, in.decimal());
            return type.getType() == Schema.Type.FIXED
                    ? new GenericData.Fixed(type, padded(digits, type.getFixedSize()))
                    : ByteBuffer.wrap(digits);
        }
        @Nullable TimestampType timestamp = TimestampType.of(type);
        if (timestamp != null) {
            return timestamp.isLocal() ? local(in, timestamp.perSecond()) : timestamp(in, timestamp.perSecond());
        }
        if (logical instanceof LogicalTypes.Date) {
            return Math.toIntExact(
                    epochDays && !in.isText() ? in.whole() : in.date().toEpochDay());
        }
        if (logical instanceof LogicalTypes.TimeMillis) {
            return Math.toIntExact(exact(nanoOfDay(in), NANOS_PER_MILLI));
        }
        if (logical instanceof LogicalTypes.TimeMicros) {
            return exact(nanoOfDay(in), NANOS_PER_MICRO);
        }
        return Objects.requireNonNull(plain(type, in));
    }

    private static float real(Scalar in) throws IOException {
        double number = in.real();
        require(
                Math.abs(number) <= Float.MAX_VALUE || !Double.isFinite(number),
                "is a number that its type cannot hold");
        return (float) number;
    }

    /** Digits are counted before they are written out: 1e999999999 has one, and would take a gigabyte. */
    public static byte[] digits(LogicalTypes.Decimal decimal, BigDecimal number) throws MisfitException {
        if (number.scale() == decimal.getScale() && number.precision() <= decimal.getPrecision()) {
            return number.unscaledValue().toByteArray();
        }
        BigDecimal bare = bare(number);
        boolean fits = bare.scale() <= decimal.getScale()
                && bare.precision() - (long) bare.scale() <= decimal.getPrecision() - (long) decimal.getScale();
        require(fits, INEXACT);
        return bare.setScale(decimal.getScale()).unscaledValue().toByteArray();
    }

    public static byte[] padded(byte[] digits, int size) throws MisfitException {
        require(digits.length <= size, INEXACT);
        byte[] all = new byte[size];
        Arrays.fill(all, (byte) (digits[0] < 0 ? -1 : 0));
        System.arraycopy(digits, 0, all, size - digits.length, digits.length);
        return all;
    }

    private long timestamp(Scalar in, long perSecond) throws IOException {
        return in.isText() ? since(in.instant(), perSecond) : counted(in, perSecond);
    }

    /** What a clock shows, as if it were in UTC. */
    private long local(Scalar in, long perSecond) throws IOException {
        return in.isText() || epoch.isEmpty()
                ? since(LocalDateTime.parse(in.text()).toInstant(ZoneOffset.UTC), perSecond)
                : counted(in, perSecond);
    }

    private long counted(Scalar in, long perSecond) throws IOException {
        require(
                epoch.isPresent(),
                "is no ISO-8601 text; a number means something only if the port's format says what it counts");
        long counted = perSecond(epoch.orElseThrow());
        long count = in.whole();
        return counted <= perSecond
                ? Math.multiplyExact(count, perSecond / counted)
                : exact(count, counted / perSecond);
    }

    private long nanoOfDay(Scalar in) throws IOException {
        if (timesOfDay.isEmpty() || in.isText()) {
            return LocalTime.parse(in.text()).toNanoOfDay();
        }
        return timeOfDay(
                Math.multiplyExact(in.whole(), timesOfDay.get().getDuration().toNanos()));
    }

    /** Requires that nanoseconds since midnight are before the next one. */
    public static long timeOfDay(long nanos) throws MisfitException {
        require(nanos >= 0 && nanos < NANOS_PER_DAY, "is no time of a day");
        return nanos;
    }

    private static long perSecond(ChronoUnit unit) {
        return unit == ChronoUnit.SECONDS ? 1 : unit == ChronoUnit.MILLIS ? PER_SECOND_MILLIS : PER_SECOND_MICROS;
    }

    public static long since(Instant time, long perSecond) {
        long fraction = exact(time.getNano(), PER_SECOND_NANOS / perSecond);
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), perSecond), fraction);
    }

    public static long exact(long amount, long unit) {
        if (amount % unit != 0) {
            throw new ArithmeticException("finer than the type");
        }
        return amount / unit;
    }

    /** A number as a long, if it is one. */
    public static long whole(BigDecimal number) throws MisfitException {
        BigDecimal bare = bare(number);
        require(bare.scale() <= 0 && bare.precision() - (long) bare.scale() <= LONGEST_LONG, INEXACT);
        return bare.longValueExact();
    }

    private static BigDecimal bare(BigDecimal number) {
        return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    /** The number that a text is. Reading a long one takes a time that grows with the square of its length. */
    public static BigDecimal numberIn(String text) throws MisfitException {
        require(text.length() <= LONGEST_TEXT_OF_A_NUMBER, INEXACT);
        return new BigDecimal(text);
    }

    /** The whole number of these bytes, big-endian. */
    public static BigInteger wholeIn(byte[] bytes) throws MisfitException {
        require(bytes.length > 0, "is no number");
        require(bytes.length <= MOST_BYTES_OF_A_NUMBER, INEXACT);
        return new BigInteger(bytes);
    }

    /** The floating-point number that is no number and has a name, in JSON's and everybody's spelling: {@code NaN}, {@code -Infinity}. */
    public static double notFinite(String text) throws MisfitException {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new MisfitException("is no number");
        };
    }

    /** JSON can name half a character (RFC 8259, 8.2), which UTF-8 cannot hold: it would come out as a question mark. */
    public static String wellFormed(String text) throws MisfitException {
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

    public static GenericData.EnumSymbol symbol(Schema type, String name) throws MisfitException {
        String known = type.hasEnumSymbol(name) ? name : type.getEnumDefault();
        require(known != null, "is none of the symbols of its type");
        return new GenericData.EnumSymbol(type, known);
    }

    /** The bytes of which a text is the base64. */
    public static byte[] base64(String text) throws MisfitException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw new MisfitException("is no base64 text");
        }
    }

    public static void require(boolean holds, String otherwise) throws MisfitException {
        if (!holds) {
            throw new MisfitException(otherwise);
        }
    }
}
