package io.kappamesh.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalars;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Messages of Google and Confluent that stand for a single value. They are known by their full names and fields. */
enum KnownMessage {
    TIMESTAMP(
            "google.protobuf.Timestamp",
            Written.TIMESTAMP,
            part("seconds", JavaType.LONG),
            part("nanos", JavaType.INT)) {
        @Override
        Object value(List<Object> parts) throws MisfitException {
            long seconds = (Long) parts.get(0);
            long nanos = (Long) parts.get(1);
            Scalars.require(
                    seconds >= FIRST_SECOND && seconds <= LAST_SECOND && nanos >= 0 && nanos < NANOS_PER_SECOND,
                    "is no time between the years 1 and 9999");
            return Instant.ofEpochSecond(seconds, nanos);
        }

        @Override
        List<Object> parts(String text) {
            Instant time = Instant.parse(text);
            return List.of(time.getEpochSecond(), time.getNano());
        }
    },
    DATE(
            "google.type.Date",
            Written.DATE,
            part("year", JavaType.INT),
            part("month", JavaType.INT),
            part("day", JavaType.INT)) {
        @Override
        Object value(List<Object> parts) throws MisfitException {
            // A year 0, a month 0 or a day 0 say that it is not known.
            Scalars.require(small(parts, 0) > 0, "is no whole date");
            try {
                return LocalDate.of(small(parts, 0), small(parts, 1), small(parts, 2));
            } catch (DateTimeException noDate) {
                throw new MisfitException("is no whole date");
            }
        }

        @Override
        List<Object> parts(String text) {
            LocalDate date = LocalDate.parse(text);
            return List.of(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
        }
    },
    TIME_OF_DAY(
            "google.type.TimeOfDay",
            Written.TIME_OF_DAY,
            part("hours", JavaType.INT),
            part("minutes", JavaType.INT),
            part("seconds", JavaType.INT),
            part("nanos", JavaType.INT)) {
        @Override
        Object value(List<Object> parts) throws MisfitException {
            try {
                return LocalTime.of(small(parts, 0), small(parts, 1), small(parts, 2), small(parts, 3));
            } catch (DateTimeException noTime) {
                throw new MisfitException("is no time of a day");
            }
        }

        @Override
        List<Object> parts(String text) {
            LocalTime time = LocalTime.parse(text);
            return List.of(time.getHour(), time.getMinute(), time.getSecond(), time.getNano());
        }
    },
    DECIMAL("google.type.Decimal", Written.DECIMAL, part("value", JavaType.STRING)) {
        @Override
        Object value(List<Object> parts) throws MisfitException {
            String text = (String) parts.get(0);
            try {
                // Its declaration says so.
                return text.isEmpty() ? BigDecimal.ZERO : Scalars.numberIn(text);
            } catch (NumberFormatException noNumber) {
                throw new MisfitException("is no number");
            }
        }

        @Override
        List<Object> parts(String text) {
            return List.of(text);
        }
    },
    /** As Confluent's Protobuf converter for Kafka Connect writes decimals. */
    CONFLUENT_DECIMAL(
            "confluent.type.Decimal",
            Written.DECIMAL,
            part("value", JavaType.BYTE_STRING),
            part("precision", JavaType.INT),
            part("scale", JavaType.INT)) {
        @Override
        Object value(List<Object> parts) throws MisfitException {
            return new BigDecimal(Scalars.wholeIn((byte[]) parts.get(0)), small(parts, 2));
        }

        @Override
        List<Object> parts(String text) {
            BigDecimal number = new BigDecimal(text);
            return List.of(
                    ByteString.copyFrom(number.unscaledValue().toByteArray()), number.precision(), number.scale());
        }
    };

    private static final Set<String> WRAPPERS = Set.of(
            "google.protobuf.BoolValue",
            "google.protobuf.BytesValue",
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int32Value",
            "google.protobuf.Int64Value",
            "google.protobuf.StringValue",
            "google.protobuf.UInt32Value",
            "google.protobuf.UInt64Value");
    private static final long FIRST_SECOND =
            Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private record Part(String name, JavaType type) {}

    private final String fullName;
    private final Written written;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Part> parts;

    KnownMessage(String fullName, Written written, Part... parts) {
        this.fullName = fullName;
        this.written = written;
        this.parts = List.of(parts);
    }

    private static Part part(String name, JavaType type) {
        return new Part(name, type);
    }

    private static int small(List<Object> parts, int at) {
        return ((Long) parts.get(at)).intValue();
    }

    Written written() {
        return written;
    }

    /**
     * An {@code Instant}, {@code LocalDate}, {@code LocalTime} or {@code BigDecimal}.
     *
     * @param parts as they come from the wire, in the order of {@link #fields}
     */
    abstract Object value(List<Object> parts) throws MisfitException;

    /** @param text of the value, as {@code ScalarTexts} makes it */
    abstract List<Object> parts(String text);

    /** The fields of which the value is made. */
    List<FieldDescriptor> fields(Descriptor message) {
        List<FieldDescriptor> fields = new ArrayList<>();
        for (Part part : parts) {
            FieldDescriptor field = message.findFieldByName(part.name());
            if (field != null && field.getJavaType() == part.type() && !field.isRepeated()) {
                fields.add(field);
            }
        }
        return fields;
    }

    /** Empty = it is a message like any other. */
    static Optional<KnownMessage> of(Descriptor message) {
        for (KnownMessage known : values()) {
            if (known.fullName.equals(message.getFullName())
                    && known.fields(message).size() == known.parts.size()) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    static boolean isWrapper(Descriptor message) {
        return WRAPPERS.contains(message.getFullName()) && message.findFieldByNumber(1) != null;
    }
}
