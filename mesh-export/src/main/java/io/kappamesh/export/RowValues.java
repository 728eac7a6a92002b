package io.kappamesh.export;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kappamesh.mapping.ScalarTexts;
import io.kappamesh.serde.AvroBytes;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Values in Avro's own types, as they stand in text. Stateless. */
final class RowValues {
    private static final ScalarTexts TEXTS = new ScalarTexts(Optional.empty());

    private RowValues() {}

    /** Whether it is one value, and not a record, an array, a map or one of several types. */
    static boolean isScalar(Schema type) {
        return switch (type.getType()) {
            case RECORD, ARRAY, MAP -> false;
            case UNION ->
                type.getTypes().stream()
                                        .filter(one -> one.getType() != Schema.Type.NULL)
                                        .count()
                                <= 1
                        && type.getTypes().stream().allMatch(RowValues::isScalar);
            default -> true;
        };
    }

    /** Writes a value as JSON: decimals and times are text, bytes are Base64. */
    static void write(Schema type, @Nullable Object value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNull();
            return;
        }
        switch (type.getType()) {
            case UNION -> write(branch(type, value), value, out);
            case RECORD -> {
                out.writeStartObject();
                for (Schema.Field field : type.getFields()) {
                    out.writeFieldName(field.name());
                    write(field.schema(), ((IndexedRecord) value).get(field.pos()), out);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                for (Object item : (Collection<?>) value) {
                    write(type.getElementType(), item, out);
                }
                out.writeEndArray();
            }
            case MAP -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    out.writeFieldName(entry.getKey().toString());
                    write(type.getValueType(), entry.getValue(), out);
                }
                out.writeEndObject();
            }
            default -> scalar(TEXTS.of(type, value), out);
        }
    }

    private static void scalar(Object value, JsonGenerator out) throws IOException {
        if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof Integer || value instanceof Long) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof Float number) {
            out.writeNumber(number);
        } else if (value instanceof Double number) {
            out.writeNumber(number);
        } else {
            out.writeString(value.toString());
        }
    }

    /** Why a value is none of its type; empty = it is. Names the field and shows no value. */
    static Optional<String> misfit(Schema type, @Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        return switch (type.getType()) {
            case UNION -> misfit(branch(type, value), value);
            case RECORD -> {
                for (Schema.Field field : type.getFields()) {
                    Optional<String> inside = misfit(field.schema(), ((IndexedRecord) value).get(field.pos()));
                    if (inside.isPresent()) {
                        yield inside.map(why -> "field " + field.name() + " " + why);
                    }
                }
                yield Optional.empty();
            }
            case ARRAY -> first(type.getElementType(), (Collection<?>) value);
            case MAP -> first(type.getValueType(), ((Map<?, ?>) value).values());
            default -> scalarMisfit(type, value);
        };
    }

    private static Optional<String> first(Schema type, Collection<?> values) {
        for (Object value : values) {
            Optional<String> misfit = misfit(type, value);
            if (misfit.isPresent()) {
                return misfit;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> scalarMisfit(Schema type, Object value) {
        if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            byte[] digits = AvroBytes.of(value);
            return digits.length == 0 || new BigDecimal(new BigInteger(digits)).precision() > decimal.getPrecision()
                    ? Optional.of("is no decimal of at most " + decimal.getPrecision() + " digits")
                    : Optional.empty();
        }
        if (type.getLogicalType() instanceof LogicalTypes.TimeMillis) {
            return timeOfDay((Integer) value, Duration.ofDays(1).toMillis());
        }
        if (type.getLogicalType() instanceof LogicalTypes.TimeMicros) {
            return timeOfDay((Long) value, Duration.ofDays(1).toNanos() / 1_000);
        }
        return Optional.empty();
    }

    private static Optional<String> timeOfDay(long value, long day) {
        return value < 0 || value >= day ? Optional.of("is no time of a day") : Optional.empty();
    }

    private static Schema branch(Schema union, Object value) {
        return union.getTypes().get(GenericData.get().resolveUnion(union, value));
    }
}
