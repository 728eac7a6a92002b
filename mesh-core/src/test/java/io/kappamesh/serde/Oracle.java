package io.kappamesh.serde;

import io.kappamesh.avro.AvroType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes.Decimal;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Says whether what was read is what was written, by looking at values: it knows nothing of plans and gaps. */
final class Oracle {

    private static final GenericData DATA = AvroType.genericData();

    private Oracle() {}

    /** Where the two differ; empty if nowhere. */
    @SuppressWarnings("unchecked")
    static Optional<String> difference(Schema declared, @Nullable Object read, Datum written, String path) {
        Schema reader = declared.getType() == Schema.Type.UNION
                ? declared.getTypes().get(DATA.resolveUnion(declared, read))
                : declared;
        Schema writer = written.type();
        if (!meansTheSame(reader.getLogicalType(), writer.getLogicalType())) {
            return Optional.of(path + " means another thing");
        }
        if (isNamed(reader) && !answersTo(reader, writer)) {
            return Optional.of(path + " is another type");
        }
        return switch (reader.getType()) {
            case RECORD -> record(reader, (GenericRecord) read, written, path);
            case ARRAY -> {
                List<?> items = (List<?>) read;
                List<Datum> all = (List<Datum>) written.raw();
                if (items.size() != all.size()) {
                    yield Optional.of(path + " has another number of items");
                }
                Optional<String> found = Optional.empty();
                for (int i = 0; i < all.size() && found.isEmpty(); i++) {
                    found = difference(reader.getElementType(), items.get(i), all.get(i), path + "[" + i + "]");
                }
                yield found;
            }
            case MAP -> {
                Map<CharSequence, ?> values = (Map<CharSequence, ?>) read;
                Map<String, Datum> all = (Map<String, Datum>) written.raw();
                if (values.size() != all.size()) {
                    yield Optional.of(path + " has another number of values");
                }
                yield values.entrySet().stream()
                        .flatMap(value -> difference(
                                reader.getValueType(),
                                value.getValue(),
                                all.get(value.getKey().toString()),
                                path + "{" + value.getKey() + "}")
                                .stream())
                        .findFirst();
            }
            case ENUM -> {
                String symbol = (String) written.raw();
                String expected = reader.hasEnumSymbol(symbol) ? symbol : reader.getEnumDefault();
                yield read.toString().equals(expected) ? Optional.empty() : Optional.of(path + " is another symbol");
            }
            default ->
                Arrays.equals(plain(raw(reader, read)), plain(written.raw()))
                        ? Optional.empty()
                        : Optional.of(path + " is another value");
        };
    }

    @SuppressWarnings("unchecked")
    private static Optional<String> record(Schema reader, GenericRecord read, Datum written, String path) {
        for (Schema.Field field : reader.getFields()) {
            Schema.Field source = written.type().getField(field.name());
            for (String alias : field.aliases()) {
                source = source == null ? written.type().getField(alias) : source;
            }
            String at = path + "." + field.name();
            Optional<String> found = source != null
                    ? difference(
                            field.schema(), read.get(field.pos()), ((List<Datum>) written.raw()).get(source.pos()), at)
                    : Objects.equals(DATA.getDefaultValue(field), read.get(field.pos()))
                            ? Optional.empty()
                            : Optional.of(at + " is not the default");
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean isNamed(Schema schema) {
        return List.of(Schema.Type.RECORD, Schema.Type.ENUM, Schema.Type.FIXED).contains(schema.getType());
    }

    private static boolean answersTo(Schema reader, Schema writer) {
        return reader.getName().equals(writer.getName())
                || reader.getAliases().stream()
                        .anyMatch(
                                alias -> alias.equals(writer.getFullName()) || alias.endsWith("." + writer.getName()));
    }

    private static boolean meansTheSame(@Nullable LogicalType read, @Nullable LogicalType written) {
        if (read instanceof Decimal one && written instanceof Decimal other) {
            return one.getScale() == other.getScale();
        }
        if (read != null && written != null) {
            return read.getName().equals(written.getName());
        }
        LogicalType only = read == null ? written : read;
        return only == null || !only.getName().contains("decimal");
    }

    private static @Nullable Object raw(Schema reader, @Nullable Object read) {
        Conversion<?> conversion =
                reader.getLogicalType() == null ? null : DATA.getConversionFor(reader.getLogicalType());
        return conversion == null
                ? read
                : Conversions.convertToRawType(read, reader, reader.getLogicalType(), conversion);
    }

    /** Numbers by their value, text and bytes by their bytes. */
    private static byte[] plain(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        String text = String.valueOf(value);
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            BigDecimal exact = value instanceof Double || value instanceof Float
                    ? new BigDecimal(number.doubleValue())
                    : BigDecimal.valueOf(number.longValue());
            text = exact.stripTrailingZeros().toString();
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
