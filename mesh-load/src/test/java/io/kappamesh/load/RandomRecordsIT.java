package io.kappamesh.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.avro.AvroType;
import io.kappamesh.serde.AvroEncoder;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Records of all types with random and extreme values: each stands in the table as it is, or has a dead letter that says why. */
@Timeout(120)
class RandomRecordsIT {
    private static final Schema ALL = new Schema.Parser().parse("""
                    {"type": "record", "name": "All", "fields": [
                      {"name": "aBoolean", "type": ["null", "boolean"]},
                      {"name": "anInt", "type": "int"},
                      {"name": "aLong", "type": "long"},
                      {"name": "aFloat", "type": "float"},
                      {"name": "aDouble", "type": "double"},
                      {"name": "someText", "type": "string"},
                      {"name": "someBytes", "type": "bytes"},
                      {"name": "color", "type": {"type": "enum", "name": "Color", "symbols": ["RED", "GREEN"]}},
                      {"name": "sixteen", "type": {"type": "fixed", "name": "Sixteen", "size": 16}},
                      {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                      {"name": "timeMillis", "type": {"type": "int", "logicalType": "time-millis"}},
                      {"name": "timeMicros", "type": {"type": "long", "logicalType": "time-micros"}},
                      {"name": "atMillis", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                      {"name": "atMicros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                      {"name": "atNanos", "type": {"type": "long", "logicalType": "timestamp-nanos"}},
                      {"name": "localMillis", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
                      {"name": "localMicros", "type": ["null", {"type": "long", "logicalType": "local-timestamp-micros"}]},
                      {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 3}},
                      {"name": "huge", "type": {"type": "bytes", "logicalType": "decimal", "precision": 1200, "scale": 50}},
                      {"name": "anyDecimal", "type": {"type": "bytes", "logicalType": "big-decimal"}},
                      {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
                      {"name": "lasts", "type": {"type": "fixed", "name": "Lasts", "size": 12, "logicalType": "duration"}},
                      {"name": "several", "type": ["null", "string", "long", {"type": "array", "items": "double"}]},
                      {"name": "inside", "type": {"type": "record", "name": "Inside", "fields": [
                        {"name": "amounts", "type": {"type": "array", "items": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}},
                        {"name": "when", "type": {"type": "map", "values": {"type": "long", "logicalType": "timestamp-micros"}}},
                        {"name": "numbers", "type": {"type": "array", "items": ["null", "double", "float", "long"]}},
                        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                        {"name": "text", "type": {"type": "map", "values": "string"}},
                        {"name": "raw", "type": "bytes"},
                        {"name": "nothing", "type": {"type": "record", "name": "Nothing", "fields": []}},
                        {"name": "next", "type": ["null", "Inside"]}]}}]}
                    """);
    private static final long[] LONGS = {
        0,
        1,
        -1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        253_402_300_800_000L,
        -62_135_596_800_001L,
        -210_866_803_200_000_000L,
        -210_866_803_200_000_001L,
        9_224_318_015_999_999L,
        9_224_318_016_000_000L,
        -62_167_219_200_000_000L,
        999_999
    };
    private static final int[] INTS = {
        0,
        1,
        -1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        -2_440_588,
        -2_440_589,
        2_145_042_905,
        2_145_042_906,
        -719_529,
        -719_528
    };
    private static final double[] DOUBLES = {
        0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.NEGATIVE_INFINITY, 0.1, 1e300
    };
    private static final String[] TEXTS = {
        "", "\\N", "\\.", "\t\n\r\\\b\f\u000b", "a\0b", "😀ü\u2028", "'\"$$;--", "NULL", "\u007f\u0001"
    };

    @RegisterExtension
    static final LoadLab lab = new LoadLab();

    @Test
    void eachStandsInTheTableOrAmongTheDeadLetters() throws Exception {
        long seed = Long.getLong("mesh.seed", System.nanoTime());
        String port = "random.all.v1";
        int id = lab.port(port, 2, ALL);
        Random random = new Random(seed);
        AvroEncoder<Object> encoder = new AvroEncoder<>(AvroType.raw(ALL), id);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            records.add(LoadLab.record(port, "k" + i, encoder.encode(any(ALL, random, 0, i % 3 != 0))));
        }
        lab.broker().writeAll(records);
        lab.load(port);

        LoadVerification found = lab.verify(port);

        assertThat(found.agrees()).as("seed %s: %s", seed, found).isTrue();
        assertThat(found.topicKeys()).isEqualTo(3_000);
        assertThat(found.equal()).as("seed %s: %s", seed, found).isGreaterThan(1_000);
        assertThat(found.refused()).as("seed %s: %s", seed, found).isPositive();
        assertThat(
                        lab.postgres()
                                .rows(
                                        "SELECT reason, min(\"offset\"), count(*) FROM random._mesh_dead_letters GROUP BY reason"))
                .as("PostgreSQL itself need not refuse anything")
                .noneMatch(reason -> reason.contains("SQLSTATE"));
    }

    /** @param tame whether values are such that PostgreSQL can hold them */
    private static Object any(Schema type, Random random, int depth, boolean tame) {
        String logical =
                type.getLogicalType() == null ? "" : type.getLogicalType().getName();
        return switch (type.getType()) {
            case NULL -> null;
            case BOOLEAN -> random.nextBoolean();
            case INT -> anInt(logical, random, tame);
            case LONG -> aLong(logical, random, tame);
            case FLOAT -> (float) aDouble(random);
            case DOUBLE -> aDouble(random);
            case STRING ->
                logical.equals("uuid") ? new UUID(random.nextLong(), random.nextLong()).toString() : text(random, tame);
            case BYTES -> bytes(type, logical, random, tame);
            case FIXED -> fixed(type, logical, random, tame);
            case ENUM ->
                new GenericData.EnumSymbol(
                        type,
                        type.getEnumSymbols()
                                .get(random.nextInt(type.getEnumSymbols().size())));
            case UNION -> {
                // A chain of records ends.
                List<Schema> types = depth > 3 ? List.of(type.getTypes().get(0)) : type.getTypes();
                yield any(types.get(random.nextInt(types.size())), random, depth, tame);
            }
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    items.add(any(type.getElementType(), random, depth + 1, tame));
                }
                yield items;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    entries.put(text(random, tame), any(type.getValueType(), random, depth + 1, tame));
                }
                yield entries;
            }
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(type);
                type.getFields()
                        .forEach(field -> record.put(field.pos(), any(field.schema(), random, depth + 1, tame)));
                yield record;
            }
        };
    }

    private static int anInt(String logical, Random random, boolean tame) {
        if (logical.equals("time-millis")) {
            return random.nextInt(86_400_000);
        }
        return tame || random.nextInt(10) > 0
                ? random.nextInt(3_000_000) - 1_000_000
                : INTS[random.nextInt(INTS.length)];
    }

    private static long aLong(String logical, Random random, boolean tame) {
        if (logical.equals("time-micros")) {
            return random.nextInt(86_400_000) * 1_000L + random.nextInt(1_000);
        }
        return tame || random.nextInt(10) > 0
                ? random.nextInt() * 1_000L + random.nextInt(1_000)
                : LONGS[random.nextInt(LONGS.length)];
    }

    private static double aDouble(Random random) {
        return random.nextInt(4) == 0
                ? DOUBLES[random.nextInt(DOUBLES.length)]
                : Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
    }

    private static String text(Random random, boolean tame) {
        String text = TEXTS[random.nextInt(TEXTS.length)] + random.nextInt(1_000);
        return tame ? text.replace("\0", "0") : text;
    }

    private static ByteBuffer bytes(Schema type, String logical, Random random, boolean tame) {
        return switch (logical) {
            case "decimal" -> {
                int precision = ((org.apache.avro.LogicalTypes.Decimal) type.getLogicalType()).getPrecision();
                int digits = tame ? 1 + random.nextInt(precision) : 1 + random.nextInt(precision + 1);
                yield ByteBuffer.wrap(new BigInteger("9".repeat(digits))
                        .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1))
                        .toByteArray());
            }
            case "big-decimal" ->
                new org.apache.avro.Conversions.BigDecimalConversion()
                        .toBytes(
                                new java.math.BigDecimal(new BigInteger(200, random), random.nextInt(200) - 100),
                                type,
                                type.getLogicalType());
            default -> {
                byte[] some = new byte[random.nextInt(5)];
                random.nextBytes(some);
                yield ByteBuffer.wrap(some);
            }
        };
    }

    private static GenericData.Fixed fixed(Schema type, String logical, Random random, boolean tame) {
        byte[] bytes = new byte[type.getFixedSize()];
        random.nextBytes(bytes);
        if (logical.equals("duration") && tame) {
            bytes[3] = 0;
            bytes[7] = 0;
        }
        return new GenericData.Fixed(type, bytes);
    }
}
