package io.kappamesh.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Projection;
import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.serde.Records;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Avro's own writer tells what is right, of values that fit and of those that do not. */
class ValueWritersTest {
    private static final AvroType<GenericRecord> EVERYTHING = AvroType.generic(everything());

    @Test
    void generatedClassesAreWrittenInTheShortWay() throws IOException {
        AvroType<Purchase> purchases = AvroType.of(Purchase.class);
        AvroType<Parcel> parcels = AvroType.of(Parcel.class);
        for (long id : new long[] {0, 1, -1, 127, 128, Integer.MAX_VALUE, 12_345_678_901L}) {
            Purchase purchase = Records.purchase(id);
            assertThat(shortWay(purchases, purchase)).isEqualTo(avros(purchases, purchase));
            purchase.setGift(null);
            purchase.setLines(List.of());
            purchase.setTags(Map.of());
            assertThat(shortWay(purchases, purchase)).isEqualTo(avros(purchases, purchase));
            Parcel parcel = Records.parcel(id);
            assertThat(shortWay(parcels, parcel)).isEqualTo(avros(parcels, parcel));
        }
    }

    @Test
    void genericRecordsAreWrittenInTheShortWay() throws IOException {
        for (int number = -3; number < 300; number++) {
            GenericRecord record = record(number);

            assertThat(shortWay(EVERYTHING, record)).isEqualTo(avros(EVERYTHING, record));
        }
    }

    /** Avro makes a String of each key, and so a valid one. */
    @Test
    void aKeyOfAMapThatIsNoTextIsWrittenAsAvroDoes() throws IOException {
        GenericRecord record = record(1);
        record.put("counts", Map.of(new Utf8(new byte[] {(byte) 0xFF}), 1));

        assertThat(shortWay(EVERYTHING, record)).isEqualTo(avros(EVERYTHING, record));
    }

    /** They cannot be told by their names. */
    @Test
    void differentRecordsOfOneNameAreWrittenEachByItsOwnFields() throws IOException {
        Schema one = SchemaBuilder.record("Same").fields().requiredLong("a").endRecord();
        Schema other = SchemaBuilder.record("Same")
                .fields()
                .requiredLong("a")
                .requiredLong("b")
                .endRecord();
        Schema both = Schema.createRecord(
                "Both", null, null, false, List.of(new Schema.Field("x", one), new Schema.Field("y", other)));
        GenericRecord x = new GenericData.Record(one);
        x.put("a", 1L);
        GenericRecord y = new GenericData.Record(other);
        y.put("a", 2L);
        y.put("b", 3L);
        GenericRecord record = new GenericData.Record(both);
        record.put("x", x);
        record.put("y", y);
        AvroType<GenericRecord> type = AvroType.generic(both);

        assertThat(shortWay(type, record)).isEqualTo(avros(type, record));
    }

    @Test
    void aUnionWithoutBranchesIsNobodysValue() {
        Schema nothing = SchemaBuilder.record("Nothing")
                .fields()
                .name("values")
                .type(Schema.createArray(Schema.createUnion()))
                .noDefault()
                .endRecord();
        GenericRecord record = new GenericData.Record(nothing);
        record.put(0, List.of());

        assertThat(new BinaryWriter<>(AvroType.generic(nothing), new byte[0]).write(record))
                .containsExactly(0);
    }

    /** The same bytes, or the same refusal. */
    @ParameterizedTest
    @MethodSource("unlikely")
    void aValueThatOneDoesNotExpectIsWhatAvroSaysThatItIs(@Nullable Object unlikely) {
        BinaryWriter<GenericRecord> writer = new BinaryWriter<>(EVERYTHING, new byte[0]);
        for (Schema.Field field : EVERYTHING.schema().getFields()) {
            GenericRecord record = record(7);
            record.put(field.pos(), unlikely);

            assertThat(outcome(() -> writer.write(record)))
                    .as("%s", field.name())
                    .isEqualTo(outcome(() -> avros(EVERYTHING, record)));
        }
    }

    static Stream<@Nullable Object> unlikely() {
        Map<Object, Object> oddKeys = new HashMap<>();
        oddKeys.put(1, "one");
        return Stream.of(
                null,
                5,
                5L,
                5.0f,
                5.0,
                true,
                "text",
                new Utf8("größer"),
                CharBuffer.wrap("built"),
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                ByteBuffer.allocateDirect(3),
                new BigDecimal("1"),
                new BigDecimal("1E+3"),
                new BigDecimal("1.005"),
                new BigDecimal("99999999999999999999.99"),
                new BigDecimal("1E+40"),
                Instant.MAX,
                Instant.MIN,
                Instant.ofEpochSecond(-1, 999_999_999),
                LocalDate.MAX,
                LocalDate.EPOCH,
                new UUID(1, 2),
                Arrays.asList("one", null),
                List.of(1, 2),
                new Lying(),
                Map.of("key", "value"),
                Map.of(new Utf8("key"), 3),
                oddKeys,
                new GenericData.EnumSymbol(colour(), "BLUE"),
                new GenericData.EnumSymbol(colour(), "MAUVE"),
                new GenericData.Fixed(four(), new byte[] {1, 2, 3, 4}),
                new GenericData.Fixed(four(), new byte[] {1, 2}),
                record(1),
                List.of(record(1)));
    }

    /** A list of another size than it says. */
    private static final class Lying extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Lying() {
            super(List.of("one", "two"));
        }

        @Override
        public int size() {
            return 3;
        }
    }

    /** Around each length of a number, and around the number of digits that fits into a long. */
    @Test
    void decimalsAreWrittenAndReadAsAvroDoes() throws IOException {
        for (int precision : new int[] {1, 3, 10, 17, 18, 19, 20, 38}) {
            Schema schema = SchemaBuilder.record("Priced")
                    .fields()
                    .name("price")
                    .type(LogicalTypes.decimal(precision, Math.min(2, precision))
                            .addToSchema(Schema.create(Schema.Type.BYTES)))
                    .noDefault()
                    .endRecord();
            AvroType<GenericRecord> type = AvroType.generic(schema);
            BinaryWriter<GenericRecord> writer = new BinaryWriter<>(type, new byte[0]);
            Projection<GenericRecord> reader = new Projection<>(type, schema, Integer.MAX_VALUE);
            for (BigInteger number : numbers()) {
                GenericRecord priced = new GenericData.Record(schema);
                priced.put(0, new BigDecimal(number, Math.min(2, precision)));

                Object written = outcome(() -> writer.write(priced));

                assertThat(written).isEqualTo(outcome(() -> avros(type, priced)));
                byte[] bytes = number.toByteArray();
                BytesEncoder raw = new BytesEncoder();
                raw.startWith(new byte[0]);
                raw.writeBytes(bytes);
                boolean fits = new BigDecimal(number).precision() <= precision;
                Object read = reader.read(raw.toByteArray(), 0)
                        .fold(record -> record.get(0), reason -> reason, (id, cause) -> cause);
                assertThat(read instanceof BigDecimal)
                        .as("%s in %d digits", number, precision)
                        .isEqualTo(fits);
                if (fits) {
                    assertThat(read).isEqualTo(priced.get(0));
                }
            }
        }
    }

    private static Collection<BigInteger> numbers() {
        List<BigInteger> numbers = new ArrayList<>();
        for (int bits = 0; bits < 130; bits++) {
            for (int near = -2; near <= 2; near++) {
                BigInteger number = BigInteger.TWO.pow(bits).add(BigInteger.valueOf(near));
                numbers.add(number);
                numbers.add(number.negate());
            }
        }
        for (int digits = 0; digits < 40; digits++) {
            BigInteger number = BigInteger.TEN.pow(digits);
            numbers.addAll(List.of(number, number.negate(), number.subtract(BigInteger.ONE)));
        }
        return numbers;
    }

    private static byte[] shortWay(AvroType<?> type, IndexedRecord value) throws IOException {
        ValueWriter writer = ValueWriters.of(type.schema(), type.data());
        assertThat(writer).isNotNull();
        BytesEncoder out = new BytesEncoder();
        out.startWith(new byte[0]);
        assertThat(writer.write(value, out)).as("%s", value).isTrue();
        return out.toByteArray();
    }

    private static <T> byte[] avros(AvroType<T> type, T value) throws IOException {
        BytesEncoder out = new BytesEncoder();
        out.startWith(new byte[0]);
        type.writer().write(value, out);
        return out.toByteArray();
    }

    private interface Writing {
        byte[] bytes() throws IOException;
    }

    private static Object outcome(Writing writing) {
        try {
            return List.of(Arrays.toString(writing.bytes()));
        } catch (IOException | RuntimeException refused) {
            return "refused";
        }
    }

    private static GenericRecord record(int number) {
        GenericRecord record = new GenericData.Record(EVERYTHING.schema());
        record.put("truth", number % 2 == 0);
        record.put("int", number);
        record.put("long", number * 1_000_000_000_007L);
        record.put("float", number / 3.0f);
        record.put("double", number / 7.0);
        record.put("text", number % 5 == 0 ? new Utf8("größer " + number) : "kleiner ß" + number);
        record.put("bytes", ByteBuffer.wrap(("b" + number).getBytes(UTF_8)));
        record.put("fixed", new GenericData.Fixed(four(), new byte[] {1, 2, 3, (byte) number}));
        record.put("colour", new GenericData.EnumSymbol(colour(), number % 2 == 0 ? "RED" : "BLUE"));
        record.put("texts", number % 4 == 0 ? List.of() : List.of("a", new Utf8("b" + number)));
        record.put("counts", number % 3 == 0 ? Map.of() : Map.of("n", number));
        record.put("maybe", number % 3 == 0 ? null : "there");
        record.put("price", new BigDecimal(BigInteger.valueOf(number * 12_345_678L), 2));
        record.put("maybePrice", number % 2 == 0 ? null : new BigDecimal(number));
        record.put("day", LocalDate.ofEpochDay(number * 100L));
        record.put("millis", Instant.ofEpochMilli(number * 1_234_567_890L));
        record.put("micros", Instant.ofEpochSecond(number, 123_456_000));
        record.put("id", new UUID(number, 7));
        record.put("time", LocalTime.ofSecondOfDay(Math.abs(number)));
        record.put("local", LocalDateTime.of(2024, 2, 29, 23, 59, Math.abs(number) % 60));
        record.put("nanos", Instant.ofEpochSecond(number, 123_456_789));
        record.put("fixedPrice", new BigDecimal(BigInteger.valueOf(number * 7L), 3));
        record.put("big", new BigDecimal(BigInteger.valueOf(number * 7L), number + 3));
        record.put("wide", number % 5 == 0 ? null : wide(number));
        record.put("inner", number <= 0 ? List.of() : List.of(inner(number)));
        return record;
    }

    private static Object wide(int number) {
        return switch (Math.floorMod(number, 5)) {
            case 1 -> number;
            case 2 -> "text " + number;
            case 3 -> Instant.ofEpochMilli(number);
            default -> new GenericData.EnumSymbol(colour(), "RED");
        };
    }

    private static GenericRecord inner(int number) {
        Schema schema = EVERYTHING.schema().getField("inner").schema().getElementType();
        GenericRecord inner = new GenericData.Record(schema);
        inner.put(0, number);
        inner.put(1, number % 2 == 0 ? List.of() : List.of(inner(number - 1)));
        return inner;
    }

    private static Schema colour() {
        return SchemaBuilder.enumeration("Colour").symbols("RED", "BLUE", "MAUVE");
    }

    private static Schema four() {
        return SchemaBuilder.fixed("Four").size(4);
    }

    private static Schema everything() {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Everything", "fields": [
                  {"name": "truth", "type": "boolean"},
                  {"name": "int", "type": "int"},
                  {"name": "long", "type": "long"},
                  {"name": "float", "type": "float"},
                  {"name": "double", "type": "double"},
                  {"name": "text", "type": "string"},
                  {"name": "bytes", "type": "bytes"},
                  {"name": "fixed", "type": {"type": "fixed", "name": "Four", "size": 4}},
                  {"name": "colour", "type": {"type": "enum", "name": "Colour", "symbols": ["RED", "BLUE"]}},
                  {"name": "texts", "type": {"type": "array", "items": "string"}},
                  {"name": "counts", "type": {"type": "map", "values": "int"}},
                  {"name": "maybe", "type": ["null", "string"]},
                  {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 2}},
                  {"name": "maybePrice", "type": [{"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}, "null"]},
                  {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "millis", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "micros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                  {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
                  {"name": "time", "type": {"type": "int", "logicalType": "time-millis"}},
                  {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
                  {"name": "nanos", "type": {"type": "long", "logicalType": "timestamp-nanos"}},
                  {"name": "fixedPrice", "type": {"type": "fixed", "name": "Price", "size": 8, "logicalType": "decimal", "precision": 12, "scale": 3}},
                  {"name": "big", "type": {"type": "bytes", "logicalType": "big-decimal"}},
                  {"name": "wide", "type": ["int", "null", "string", {"type": "long", "logicalType": "timestamp-millis"}, "Colour"]},
                  {"name": "inner", "type": {"type": "array", "items": {"type": "record", "name": "Inner", "fields": [
                    {"name": "number", "type": "int"},
                    {"name": "more", "type": {"type": "array", "items": "Inner"}}]}}}
                ]}
                """);
    }
}
