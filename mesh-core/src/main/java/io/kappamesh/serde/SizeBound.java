package io.kappamesh.serde;

import io.kappamesh.avro.AvroType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A number of bytes that the Avro binary of a value does not exceed, told without writing it: about four times as fast. It is told only of values that can be
 * written for certain. Of all others nothing is known: a field of another Java type than expected, a null, a decimal of too many digits, an instant too far away,
 * and whatever is written by rules that are not repeated here (unions of more than a type and null, recursive records, other logical types). Immutable and thread-safe.
 */
final class SizeBound<T> {
    static final long UNKNOWN = -1;

    /** The most bytes of a number, and so of a length, an index or an ordinal. */
    private static final int INT = 5;

    private static final int LONG = 10;
    private static final int UTF8_OF_A_CHAR = 3;
    private static final int UUID_CHARS = 36;
    private static final double BYTES_PER_DIGIT = Math.log(10) / Math.log(2) / Byte.SIZE;
    /** Well inside of what fits into a long as microseconds: the year 287,000. */
    private static final long FAR_SECONDS = 9_000_000_000_000L;

    /** Of one value. */
    @FunctionalInterface
    private interface Part {
        long of(@Nullable Object value);
    }

    /** Of one field, whose conversion is that of its record. */
    @FunctionalInterface
    private interface Field {
        long of(IndexedRecord record);
    }

    private static final Part NOTHING_KNOWN = value -> UNKNOWN;

    private final Part whole;

    private SizeBound(Part whole) {
        this.whole = whole;
    }

    static <T> SizeBound<T> of(AvroType<T> type) {
        return new SizeBound<>(new Parts(type.data() instanceof SpecificData).part(type.schema()));
    }

    /** At least the size in bytes; or {@link #UNKNOWN}. */
    long of(T value) {
        try {
            return whole.of(value);
        } catch (AvroRuntimeException | IndexOutOfBoundsException | ClassCastException unlikeItsSchema) {
            return UNKNOWN;
        }
    }

    private static final class Parts {
        /** Whether values are of generated classes. */
        private final boolean generated;
        /** The records around what is looked at. */
        private final Set<String> inside = new HashSet<>();

        Parts(boolean generated) {
            this.generated = generated;
        }

        Part part(Schema schema) {
            return schema.getLogicalType() == null ? plain(schema) : NOTHING_KNOWN;
        }

        private Part plain(Schema schema) {
            return switch (schema.getType()) {
                case NULL -> value -> value == null ? 0 : UNKNOWN;
                case BOOLEAN -> value -> value instanceof Boolean ? 1 : UNKNOWN;
                case INT -> value -> value instanceof Integer ? INT : UNKNOWN;
                case LONG -> value -> value instanceof Long ? LONG : UNKNOWN;
                case FLOAT -> value -> value instanceof Float ? Float.BYTES : UNKNOWN;
                case DOUBLE -> value -> value instanceof Double ? Double.BYTES : UNKNOWN;
                case STRING -> SizeBound::text;
                case BYTES -> value -> value instanceof ByteBuffer bytes ? INT + bytes.remaining() : UNKNOWN;
                case ENUM -> generated ? value -> value instanceof Enum ? INT : UNKNOWN : NOTHING_KNOWN;
                case ARRAY -> items(part(schema.getElementType()));
                case MAP -> entries(part(schema.getValueType()));
                case UNION -> nullable(schema);
                case RECORD -> record(schema);
                case FIXED -> NOTHING_KNOWN;
            };
        }

        /** Avro chooses a branch by names and classes; that is certain for null and one simple type only. */
        private Part nullable(Schema union) {
            List<Schema> others = union.getTypes().stream()
                    .filter(branch -> branch.getType() != Schema.Type.NULL)
                    .toList();
            if (others.size() != 1 || union.getTypes().size() != 2) {
                return NOTHING_KNOWN;
            }
            Schema other = others.get(0);
            if (other.getType() == Schema.Type.RECORD || other.getType() == Schema.Type.ENUM) {
                return NOTHING_KNOWN;
            }
            Part part = part(other);
            if (part == NOTHING_KNOWN) {
                return NOTHING_KNOWN;
            }
            return value -> {
                long size = value == null ? 0 : part.of(value);
                return size == UNKNOWN ? UNKNOWN : 1 + size;
            };
        }

        private Part record(Schema schema) {
            if (!inside.add(schema.getFullName())) {
                return NOTHING_KNOWN;
            }
            List<Field> known = new ArrayList<>();
            for (Schema.Field field : schema.getFields()) {
                @Nullable Field bound = field(field);
                if (bound == null) {
                    return NOTHING_KNOWN;
                }
                known.add(bound);
            }
            inside.remove(schema.getFullName());
            Field[] fields = known.toArray(Field[]::new);
            return value -> {
                if (!(value instanceof IndexedRecord record)) {
                    return UNKNOWN;
                }
                long sum = 0;
                for (Field field : fields) {
                    long size = field.of(record);
                    if (size == UNKNOWN) {
                        return UNKNOWN;
                    }
                    sum += size;
                }
                return sum;
            };
        }

        /** Null = nothing is known of any of its values. */
        private @Nullable Field field(Schema.Field field) {
            int position = field.pos();
            LogicalType logical = field.schema().getLogicalType();
            if (logical == null) {
                Part part = part(field.schema());
                return part == NOTHING_KNOWN ? null : record -> part.of(record.get(position));
            }
            if (logical instanceof LogicalTypes.Decimal decimal
                    && field.schema().getType() == Schema.Type.BYTES) {
                int size = INT + 1 + (int) Math.ceil(decimal.getPrecision() * BYTES_PER_DIGIT) + 1;
                return converted(
                        position,
                        Conversions.DecimalConversion.class,
                        value -> value instanceof BigDecimal number && hasRoom(decimal, number) ? size : UNKNOWN);
            }
            if (logical instanceof LogicalTypes.Date) {
                return converted(
                        position,
                        TimeConversions.DateConversion.class,
                        value -> value instanceof LocalDate ? INT : UNKNOWN);
            }
            if (logical instanceof LogicalTypes.TimestampMillis) {
                return converted(
                        position,
                        TimeConversions.TimestampMillisConversion.class,
                        value -> value instanceof Instant time && isNear(time) ? LONG : UNKNOWN);
            }
            if (logical instanceof LogicalTypes.TimestampMicros) {
                return converted(
                        position,
                        TimeConversions.TimestampMicrosConversion.class,
                        value -> value instanceof Instant time && isNear(time) ? LONG : UNKNOWN);
            }
            if (logical instanceof LogicalTypes.Uuid && field.schema().getType() == Schema.Type.STRING) {
                return converted(
                        position,
                        Conversions.UUIDConversion.class,
                        value -> value instanceof UUID ? INT + UUID_CHARS : UNKNOWN);
            }
            return null;
        }
    }

    private static long text(@Nullable Object value) {
        if (value instanceof String text) {
            return INT + (long) UTF8_OF_A_CHAR * text.length();
        }
        return value instanceof Utf8 text ? INT + text.getByteLength() : UNKNOWN;
    }

    private static Part items(Part item) {
        if (item == NOTHING_KNOWN) {
            return NOTHING_KNOWN;
        }
        return value -> {
            if (!(value instanceof Collection<?> items)) {
                return UNKNOWN;
            }
            long sum = LONG + 1;
            for (Object one : items) {
                long size = item.of(one);
                if (size == UNKNOWN) {
                    return UNKNOWN;
                }
                sum += size;
            }
            return sum;
        };
    }

    private static Part entries(Part part) {
        if (part == NOTHING_KNOWN) {
            return NOTHING_KNOWN;
        }
        return value -> {
            if (!(value instanceof Map<?, ?> entries)) {
                return UNKNOWN;
            }
            long sum = LONG + 1;
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                long key = text(entry.getKey());
                long size = part.of(entry.getValue());
                if (key == UNKNOWN || size == UNKNOWN) {
                    return UNKNOWN;
                }
                sum += key + size;
            }
            return sum;
        };
    }

    /** Generated classes have a conversion for each field of a logical type; only Avro's own are known. */
    private static Field converted(int position, Class<? extends Conversion<?>> usual, Part part) {
        return record ->
                record instanceof SpecificRecordBase generated && usual.isInstance(generated.getConversion(position))
                        ? part.of(record.get(position))
                        : UNKNOWN;
    }

    /** Whether it has the scale without rounding, and then no more digits than it may. */
    private static boolean hasRoom(LogicalTypes.Decimal decimal, BigDecimal number) {
        long zeros = (long) decimal.getScale() - number.scale();
        return zeros >= 0 && number.precision() + zeros <= decimal.getPrecision();
    }

    private static boolean isNear(Instant time) {
        return Math.abs(time.getEpochSecond()) < FAR_SECONDS;
    }
}
