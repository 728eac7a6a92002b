package io.kappamesh.columns;

import io.kappamesh.serde.AvroBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;

/** What values of Avro's own types mean. Stateless. */
final class RawValues {
    private static final Conversions.BigDecimalConversion BIG_DECIMAL = new Conversions.BigDecimalConversion();
    private static final long UNSIGNED_INT = 0xffffffffL;

    private RawValues() {}

    static BigDecimal decimal(Object value, int scale) throws UnloadableException {
        byte[] bytes = AvroBytes.of(value);
        if (bytes.length == 0) {
            throw new UnloadableException("is a decimal of no bytes");
        }
        return new BigDecimal(new BigInteger(bytes), scale);
    }

    static BigDecimal bigDecimal(Object value, Schema schema) throws UnloadableException {
        try {
            return BIG_DECIMAL.fromBytes(ByteBuffer.wrap(AvroBytes.of(value)), schema, LogicalTypes.bigDecimal());
        } catch (RuntimeException malformed) {
            throw new UnloadableException("is no decimal with a scale of its own");
        }
    }

    /** Months, days and milliseconds. */
    static long[] duration(Object value) {
        ByteBuffer in = ByteBuffer.wrap(AvroBytes.of(value)).order(ByteOrder.LITTLE_ENDIAN);
        return new long[] {in.getInt() & UNSIGNED_INT, in.getInt() & UNSIGNED_INT, in.getInt() & UNSIGNED_INT};
    }

    static Instant instant(long value, long perSecond) {
        return Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (1_000_000_000L / perSecond));
    }

    static LocalDateTime localDateTime(long value, long perSecond) {
        return LocalDateTime.ofInstant(instant(value, perSecond), ZoneOffset.UTC);
    }

    static LocalTime time(long value, long perSecond) throws UnloadableException {
        if (value < 0 || value >= Duration.ofDays(1).toSeconds() * perSecond) {
            throw new UnloadableException("is no time of a day");
        }
        return LocalTime.ofNanoOfDay(value * (1_000_000_000L / perSecond));
    }

    /** UTF-8 of a text. */
    static void text(Object text, CopyText out) throws UnloadableException {
        if (text instanceof Utf8 utf8) {
            out.utf8(utf8.getBytes(), utf8.getByteLength());
        } else {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            out.utf8(bytes, bytes.length);
        }
    }
}
