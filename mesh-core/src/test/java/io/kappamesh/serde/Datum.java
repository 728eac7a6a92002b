package io.kappamesh.serde;

import io.kappamesh.encoding.BytesEncoder;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote, without Avro's Java types: numbers, byte arrays, symbols, lists and maps.
 *
 * @param type the schema, or the branch of the union
 * @param branch of the union that it is a value of; -1 if it is none
 */
public record Datum(Schema type, int branch, @Nullable Object raw) {

    private static final List<Long> EDGES = List.of(
            0L,
            1L,
            -1L,
            63L,
            64L,
            19_000L,
            (1L << 24) + 1,
            (1L << 53) + 1,
            86_399_999L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            1L << 31,
            1L << 40);
    private static final List<String> TEXTS = List.of("", "12.50", "a", "Müller", "𝄞", "S0", "1-2-3-4-5");

    public static Datum of(Schema schema, Random random, int depth) {
        if (schema.getType() == Schema.Type.UNION) {
            int index = random.nextInt(schema.getTypes().size());
            for (int i = 0; depth > 5 && i < schema.getTypes().size(); i++) {
                index = schema.getTypes().get(i).getType() == Schema.Type.NULL ? i : index;
            }
            Datum inside = of(schema.getTypes().get(index), random, depth + 1);
            return new Datum(inside.type, index, inside.raw);
        }
        return new Datum(schema, -1, raw(schema, random, depth));
    }

    private static @Nullable Object raw(Schema schema, Random random, int depth) {
        return switch (schema.getType()) {
            case NULL -> null;
            case BOOLEAN -> random.nextBoolean();
            case INT -> number(schema, random).intValue();
            case LONG -> number(schema, random).longValue();
            case FLOAT -> random.nextInt(8) == 0 ? Float.NaN : random.nextFloat() * random.nextInt(1_000);
            case DOUBLE -> random.nextInt(8) == 0 ? Double.POSITIVE_INFINITY : random.nextDouble();
            case STRING -> text(schema, random).getBytes(StandardCharsets.UTF_8);
            case BYTES -> bytes(schema, random);
            case FIXED -> fixed(schema, random);
            case ENUM ->
                schema.getEnumSymbols()
                        .get(random.nextInt(schema.getEnumSymbols().size()));
            case ARRAY -> items(schema.getElementType(), random, depth);
            case MAP -> {
                Map<String, Datum> values = new LinkedHashMap<>();
                for (Datum value : items(schema.getValueType(), random, depth)) {
                    values.put("k" + values.size() + "ü", value);
                }
                yield values;
            }
            case RECORD ->
                schema.getFields().stream()
                        .map(field -> of(field.schema(), random, depth + 1))
                        .toList();
            case UNION -> throw new IllegalStateException("no value of its own");
        };
    }

    private static List<Datum> items(Schema schema, Random random, int depth) {
        List<Datum> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0 && depth < 6; i--) {
            items.add(of(schema, random, depth + 1));
        }
        return items;
    }

    private static Number number(Schema schema, Random random) {
        long number = random.nextBoolean()
                ? EDGES.get(random.nextInt(EDGES.size()))
                : random.nextLong() >> random.nextInt(64);
        LogicalType type = schema.getLogicalType();
        if (type instanceof LogicalTypes.TimeMillis) {
            return Math.floorMod(number, 86_400_000L);
        }
        return type instanceof LogicalTypes.TimeMicros ? Math.floorMod(number, 86_400_000_000L) : (Number) number;
    }

    private static String text(Schema schema, Random random) {
        return schema.getLogicalType() == null
                ? TEXTS.get(random.nextInt(TEXTS.size()))
                : new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static byte[] bytes(Schema schema, Random random) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return unscaled(decimal, random).toByteArray();
        }
        if (schema.getLogicalType() instanceof LogicalTypes.BigDecimal) {
            byte[] digits = BigInteger.valueOf(random.nextLong()).toByteArray();
            return binary(out -> {
                out.writeBytes(digits);
                out.writeInt(random.nextInt(9));
            });
        }
        byte[] bytes = new byte[random.nextInt(4)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] fixed(Schema schema, Random random) {
        byte[] bytes = new byte[schema.getFixedSize()];
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            byte[] digits = unscaled(decimal, random).toByteArray();
            java.util.Arrays.fill(bytes, digits[0] < 0 ? (byte) -1 : 0);
            System.arraycopy(digits, 0, bytes, bytes.length - digits.length, digits.length);
        } else {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    private static BigInteger unscaled(LogicalTypes.Decimal decimal, Random random) {
        BigInteger bound =
                BigDecimal.ONE.scaleByPowerOfTen(decimal.getPrecision()).toBigIntegerExact();
        return BigInteger.valueOf(random.nextLong()).remainder(bound);
    }

    public interface Writing {
        void to(BytesEncoder out) throws IOException;
    }

    public static byte[] binary(Writing writing) {
        BytesEncoder out = new BytesEncoder();
        out.startWith(new byte[0]);
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    @SuppressWarnings("unchecked")
    public void write(BytesEncoder out) throws IOException {
        if (branch >= 0) {
            out.writeIndex(branch);
        }
        switch (type.getType()) {
            case NULL -> {}
            case BOOLEAN -> out.writeBoolean((Boolean) raw);
            case INT -> out.writeInt((Integer) raw);
            case LONG -> out.writeLong((Long) raw);
            case FLOAT -> out.writeFloat((Float) raw);
            case DOUBLE -> out.writeDouble((Double) raw);
            case STRING, BYTES -> out.writeBytes((byte[]) raw);
            case FIXED -> out.writeFixed((byte[]) raw);
            case ENUM -> out.writeEnum(type.getEnumOrdinal((String) raw));
            case ARRAY -> {
                List<Datum> items = (List<Datum>) raw;
                if (!items.isEmpty()) {
                    out.writeLong(items.size());
                    for (Datum item : items) {
                        item.write(out);
                    }
                }
                out.writeLong(0);
            }
            case MAP -> {
                Map<String, Datum> values = (Map<String, Datum>) raw;
                if (!values.isEmpty()) {
                    out.writeLong(values.size());
                    for (Map.Entry<String, Datum> value : values.entrySet()) {
                        out.writeString(value.getKey());
                        value.getValue().write(out);
                    }
                }
                out.writeLong(0);
            }
            case RECORD -> {
                for (Datum field : (List<Datum>) raw) {
                    field.write(out);
                }
            }
            case UNION -> throw new IllegalStateException("no value of its own");
        }
    }
}
