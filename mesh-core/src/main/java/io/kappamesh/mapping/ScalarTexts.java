package io.kappamesh.mapping;

import io.kappamesh.Internal;
import io.kappamesh.serde.AvroBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Single values in Avro's own types as {@link Scalars} reads them again. Immutable and thread-safe. */
@Internal
public final class ScalarTexts {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Optional<ChronoUnit> epoch;

    public ScalarTexts(Optional<ChronoUnit> epoch) {
        this.epoch = epoch;
    }

    /** Text, a number, or whether something is true. */
    public Object of(Schema type, Object value) {
        LogicalType logical = type.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return new BigDecimal(new BigInteger(AvroBytes.of(value)), decimal.getScale()).toPlainString();
        }
        @Nullable TimestampType timestamp = TimestampType.of(type);
        if (timestamp != null) {
            Instant time = timestamp.at((Long) value);
            return timestamp.isLocal() ? local(time) : instant(time);
        }
        if (logical instanceof LogicalTypes.Date) {
            return LocalDate.ofEpochDay((Integer) value).toString();
        }
        if (logical instanceof LogicalTypes.TimeMillis) {
            return LocalTime.ofNanoOfDay((Integer) value * NANOS_PER_MILLI).toString();
        }
        if (logical instanceof LogicalTypes.TimeMicros) {
            return LocalTime.ofNanoOfDay((Long) value * NANOS_PER_MICRO).toString();
        }
        return switch (type.getType()) {
            case BOOLEAN, INT, LONG, FLOAT, DOUBLE -> value;
            case BYTES, FIXED -> Base64.getEncoder().encodeToString(AvroBytes.of(value));
            default -> value.toString();
        };
    }

    private Object instant(Instant time) {
        return epoch.<Object>map(unit -> unit.between(Instant.EPOCH, time)).orElseGet(time::toString);
    }

    private static String local(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString();
    }
}
