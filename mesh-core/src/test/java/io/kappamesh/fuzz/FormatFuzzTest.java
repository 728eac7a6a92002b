package io.kappamesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.connect.AvroKey;
import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.ValueFormat.Rejected;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.json.JsonKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come: a value or a reason, and neither an exception nor the end of the thread's patience. */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FormatFuzzTest {
    /** One field of each type that a column can have, and records, arrays and maps besides. */
    private static final String SINGLES = """
              {"name": "truth", "type": "boolean"},
              {"name": "small", "type": "int"},
              {"name": "large", "type": "long"},
              {"name": "width", "type": "float"},
              {"name": "weight", "type": "double"},
              {"name": "name", "type": "string"},
              {"name": "raw", "type": "bytes"},
              {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2}},
              {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN", "OTHER"], "default": "OTHER"}},
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "price", "type": {"type": "fixed", "name": "Price", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 3}},
              {"name": "day", "type": {"type": "int", "logicalType": "date"}},
              {"name": "opens", "type": {"type": "int", "logicalType": "time-millis"}},
              {"name": "closes", "type": {"type": "long", "logicalType": "time-micros"}},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "exactlyAt", "type": {"type": "long", "logicalType": "timestamp-nanos"}},
              {"name": "shown", "type": ["null", {"type": "long", "logicalType": "local-timestamp-micros"}], "default": null},
              {"name": "id", "type": ["null", {"type": "string", "logicalType": "uuid"}], "default": null}
            """;

    private static final Schema ROW =
            new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"Row\", \"fields\": [" + SINGLES + "]}");
    private static final Schema TREE = new Schema.Parser().parse("""
            {"type": "record", "name": "Tree", "fields": [%s,
              {"name": "parts", "type": {"type": "array", "items": {"type": "record", "name": "Part", "fields": [
                {"name": "sku", "type": "string"},
                {"name": "pieces", "type": ["null", "int"], "default": null},
                {"name": "parts", "type": {"type": "array", "items": "Part"}, "default": []}]}}},
              {"name": "byName", "type": {"type": "map", "values": ["null", "Part"]}, "default": {}}]}
            """.formatted(SINGLES));

    private static final String ROW_TEXT =
            "\"truth\":true,\"small\":-1,\"large\":9007199254740993,\"width\":0.5,\"weight\":1e300,"
                    + "\"name\":\"Köln 🎉\",\"raw\":\"AAH/\",\"hash\":\"AAE=\",\"state\":\"OPEN\",\"amount\":\"12.50\",\"price\":1.125,"
                    + "\"day\":\"2026-03-01\",\"opens\":\"09:00\",\"closes\":\"17:00:00.000001\",\"at\":\"2026-03-01T09:00:00Z\","
                    + "\"exactlyAt\":1772355600000,\"shown\":\"2026-03-01T10:00\",\"id\":\"0a6f5cd0-0000-4000-8000-000000000000\"";
    private static final String TREE_TEXT = "{" + ROW_TEXT
            + ",\"parts\":[{\"sku\":\"a\",\"parts\":[{\"sku\":\"b\",\"pieces\":3}]}],\"byName\":{\"x\":{\"sku\":\"c\"},\"y\":null}}";
    private static final List<String> JSON_WORDS = List.of(
            "null",
            "true",
            "\\ud83c",
            "\\u0000",
            "1e999999999",
            "-0.0",
            "\"NaN\"",
            "NaN",
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "0.1",
            "\u0000",
            "\u00ff",
            "\u2028",
            "\"parts\":",
            "\"name\":",
            "[".repeat(200),
            "{\"parts\":[".repeat(120),
            "9".repeat(2_000),
            "1" + "0".repeat(999),
            "\"" + "9".repeat(1_001) + "\"",
            "-1" + "0".repeat(400),
            "\"+1000000000-01-01T00:00:00Z\"",
            "\"24:00\"",
            "-62135596800001",
            "253402300800000",
            "9223372036854775807",
            "-9223372036854775808",
            "a".repeat(60_000));

    /**
     * A format and what comes near to being it.
     *
     * @param encoder what writes its values, where something does
     */
    private record Subject(
            String name,
            ValueFormat.Decoder<GenericRecord> decoder,
            Optional<ValueFormat.Encoder<GenericRecord>> encoder,
            Mutations inputs) {
        static Subject of(String name, ValueFormat format, Schema schema, Mutations inputs) {
            return new Subject(
                    name,
                    format.decoder(GenericRecord.class, schema),
                    format.encoder(GenericRecord.class, schema),
                    inputs);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Subject> values() throws IOException {
        JsonFormat json = JsonFormat.json().epoch(ChronoUnit.MILLIS).epochDays();
        return Stream.of(
                Subject.of("JSON", json, TREE, Mutations.of(Mutations.samples(TREE_TEXT), JSON_WORDS)),
                Subject.of(
                        "JSON without unknown members",
                        json.rejectingUnknownFields(),
                        TREE,
                        Mutations.of(Mutations.samples(TREE_TEXT), JSON_WORDS)),
                Subject.of(
                        "Confluent's JSON Schema",
                        JsonFormat.confluentJsonSchema().epoch(ChronoUnit.MILLIS),
                        TREE,
                        Mutations.of(Mutations.samples("\0\0\0\0\7" + TREE_TEXT), JSON_WORDS)),
                Subject.of(
                        "CSV",
                        CsvFormat.csv().epoch(ChronoUnit.MILLIS),
                        ROW,
                        Mutations.of(
                                Mutations.samples(
                                        "true,-1,9007199254740993,0.5,1e300,\"Köln, \"\"🎉\"\"\",AAH/,AAE=,OPEN,12.50,1.125,"
                                                + "2026-03-01,09:00,17:00:00.000001,2026-03-01T09:00:00Z,1772355600000,2026-03-01T10:00,\r\n"),
                                List.of(
                                        ",",
                                        "\"",
                                        "\"\"",
                                        "\r\n",
                                        "\n",
                                        "\uFEFF",
                                        "NaN",
                                        "-Infinity",
                                        "1e999999999",
                                        "+1",
                                        "\u0000",
                                        ",".repeat(500),
                                        "9".repeat(2_000),
                                        "\"".repeat(101),
                                        "24:00",
                                        "-62135596800001",
                                        "9223372036854775808",
                                        "a".repeat(60_000)))),
                Subject.of(
                        "CSV of a dialect",
                        CsvFormat.csv()
                                .delimiter(';')
                                .quote('\'')
                                .escape('\\')
                                .charset(StandardCharsets.UTF_16BE)
                                .nullText("NULL")
                                .decimalComma()
                                .timestamps("dd.MM.yyyy HH:mm:ss", ZoneOffset.ofHours(1))
                                .dates("dd.MM.yyyy")
                                .fillingMissingColumns()
                                .droppingExtraColumns(),
                        ROW,
                        Mutations.of(
                                List.of(("true;-1;9007199254740993;0,5;1e300;'K\\;''ln';AAH/;AAE=;OPEN;12,50;1,125;"
                                                + "01.03.2026;09:00;17:00;01.03.2026 10:00:00;01.03.2026 10:00:00;NULL;NULL")
                                        .getBytes(StandardCharsets.UTF_16BE)),
                                List.of(
                                        "\0;",
                                        "\0'",
                                        "\0\\",
                                        "\0\n",
                                        "\0,",
                                        "\0NULL",
                                        "\u00d8",
                                        "\0-",
                                        "\0" + "9\0".repeat(1_500)))),
                Subject.of(
                        "Debezium in JSON",
                        DebeziumFormat.json(json).changedAt("at").ignoring(DebeziumFormat.Message.TRUNCATE),
                        ROW,
                        Mutations.of(
                                Mutations.samples(
                                        envelope("c"),
                                        envelope("d"),
                                        "{\"schema\":{},\"payload\":" + envelope("u") + "}",
                                        "{\"schema\":null,\"payload\":null}"),
                                Stream.concat(
                                                JSON_WORDS.stream(),
                                                Stream.of(
                                                        "\"op\":",
                                                        "\"after\":",
                                                        "\"payload\":{",
                                                        "\"source\":",
                                                        "\"ddl\"",
                                                        "\"t\"",
                                                        "__debezium_unavailable_value",
                                                        "\"ts_ms\":"))
                                        .toList())),
                debeziumInAvro());
    }

    private static String envelope(String operation) {
        return "{\"before\":null,\"after\":{" + ROW_TEXT.replace("\"at\":", "\"was\":")
                + "},\"source\":{\"ts_ms\":1772355600000},\"op\":\"" + operation + "\"}";
    }

    /** As PostgreSQL's connector writes it, with the types that Connect has for what the port asks. */
    private static Subject debeziumInAvro() throws IOException {
        Schema envelope = new Schema.Parser().parse("""
                {"type": "record", "name": "Envelope", "fields": [
                  {"name": "before", "type": ["null", {"type": "record", "name": "Written", "fields": [
                    {"name": "truth", "type": "boolean"},
                    {"name": "small", "type": ["null", "long"]},
                    {"name": "large", "type": {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 0}},
                    {"name": "width", "type": "double"},
                    {"name": "weight", "type": "float"},
                    {"name": "name", "type": "string"},
                    {"name": "raw", "type": "bytes"},
                    {"name": "hash", "type": "bytes"},
                    {"name": "state", "type": {"type": "string", "connect.name": "io.debezium.data.Enum"}},
                    {"name": "amount", "type": ["null", {"type": "record", "name": "Variable", "connect.name": "io.debezium.data.VariableScaleDecimal", "fields": [{"name": "scale", "type": "int"}, {"name": "value", "type": "bytes"}]}]},
                    {"name": "price", "type": "string"},
                    {"name": "day", "type": {"type": "int", "connect.name": "io.debezium.time.Date"}},
                    {"name": "opens", "type": {"type": "long", "connect.name": "io.debezium.time.MicroTime"}},
                    {"name": "closes", "type": {"type": "long", "connect.name": "io.debezium.time.NanoTime"}},
                    {"name": "exactlyAt", "type": {"type": "long", "connect.name": "io.debezium.time.MicroTimestamp"}},
                    {"name": "shown", "type": ["null", {"type": "string", "connect.name": "io.debezium.time.ZonedTimestamp"}]},
                    {"name": "parts", "type": {"type": "array", "items": {"type": "record", "name": "Bit", "fields": [{"name": "sku", "type": "string"}]}}},
                    {"name": "byName", "type": {"type": "map", "values": ["null", "Bit"]}}]}]},
                  {"name": "after", "type": ["null", "Written"]},
                  {"name": "source", "type": {"type": "record", "name": "Source", "fields": [{"name": "ts_ms", "type": "long"}]}},
                  {"name": "op", "type": "string"}]}
                """);
        Schema written = envelope.getField("after").schema().getTypes().get(1);
        Schema bit = written.getField("parts").schema().getElementType();
        GenericRecord part = new GenericData.Record(bit);
        part.put("sku", "a");
        GenericRecord variable = new GenericData.Record(
                written.getField("amount").schema().getTypes().get(1));
        variable.put("scale", 1);
        variable.put("value", ByteBuffer.wrap(new byte[] {5}));
        GenericRecord row = new GenericData.Record(written);
        row.put("truth", true);
        row.put("small", 7L);
        row.put("large", ByteBuffer.wrap(BigInteger.valueOf(Long.MAX_VALUE).toByteArray()));
        row.put("width", 0.5);
        row.put("weight", 1.5f);
        row.put("name", "Köln");
        row.put("raw", ByteBuffer.wrap(new byte[] {0, -1}));
        row.put("hash", ByteBuffer.wrap(new byte[2]));
        row.put("state", "OPEN");
        row.put("amount", variable);
        row.put("price", new BigDecimal("1.125").toString());
        row.put("day", 20_000);
        row.put("opens", 32_400_000_000L);
        row.put("closes", 61_200_000_000_000L);
        row.put("exactlyAt", 1_772_355_600_000_000L);
        row.put("shown", null);
        row.put("parts", List.of(part, part));
        row.put("byName", Map.of("x", part));
        GenericRecord source =
                new GenericData.Record(envelope.getField("source").schema());
        source.put("ts_ms", 1_772_355_600_000L);
        GenericRecord change = new GenericData.Record(envelope);
        change.put("after", row);
        change.put("source", source);
        change.put("op", "c");
        GenericRecord deletion = new GenericData.Record(envelope);
        deletion.put("before", row);
        deletion.put("source", source);
        deletion.put("op", "d");
        return new Subject(
                "Debezium in Avro",
                DebeziumFormat.avro().changedAt("at").decoder(GenericRecord.class, TREE, knowing(envelope)),
                Optional.empty(),
                Mutations.of(
                        List.of(framed(envelope, change), framed(envelope, deletion)),
                        List.of(
                                "\0",
                                "\1",
                                "\2",
                                "\3",
                                "\u007f",
                                "\0\0\0\0\7",
                                "__debezium_unavailable_value",
                                "\2\2\2",
                                "c",
                                "NaN",
                                "\u007f".repeat(300),
                                "1e999999999")));
    }

    private static WriterSchemas knowing(Schema schema) {
        return id -> id == 7 ? Optional.of(schema) : Optional.empty();
    }

    private static byte[] framed(Schema schema, Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {0, 0, 0, 0, 7});
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(value, out);
        out.flush();
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("values")
    void everyInputIsAValueOrAReason(Subject subject) {
        long[] values = new long[1];

        Fuzzing.million(subject.inputs(), input -> {
            byte[] before = input.clone();
            ValueFormat.Result<GenericRecord> result = subject.decoder().decode(input);
            assertThat(input).isEqualTo(before);
            if (result instanceof Rejected<GenericRecord> rejected) {
                assertThat(rejected.reason()).isNotBlank().hasSizeLessThan(1_000);
            } else if (result instanceof Value<GenericRecord> read) {
                values[0]++;
                subject.encoder()
                        .ifPresent(encoder -> assertThat(subject.decoder().decode(encoder.encode(read.value())))
                                .hasToString(result.toString()));
            } else {
                assertThat(result).isNotNull();
            }
        });

        System.out.println(subject + ": " + values[0] + " of them are values");
        assertThat(values[0]).isGreaterThan(200);
    }

    private record Key(String name, KeyFormat format, Mutations inputs) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Key> keys() throws IOException {
        Schema record = new Schema.Parser().parse("""
                {"type": "record", "name": "Key", "fields": [
                  {"name": "id", "type": "long"}, {"name": "line", "type": ["null", "string", "int"]}]}
                """);
        GenericRecord key = new GenericData.Record(record);
        key.put("id", 42L);
        key.put("line", "a");
        List<String> words = List.of("\0", "\1", "\2", "|", "\u007f", "\0\0\0\0\7", "\u00ff");
        List<byte[]> numbers = List.of(new byte[] {0, 0, 0, 0, 0, 0, 0, 42}, new byte[] {0, 0, 0, 42}, new byte[16]);
        return Stream.of(
                new Key(
                        "Avro",
                        AvroKey.of("id", "line").using(knowing(record)),
                        Mutations.of(List.of(framed(record, key)), words)),
                new Key(
                        "text in Avro",
                        AvroKey.ofValue().using(knowing(Schema.create(Schema.Type.STRING))),
                        Mutations.of(List.of(framed(Schema.create(Schema.Type.STRING), "42")), words)),
                new Key(
                        "JSON",
                        JsonKey.of("id", "line"),
                        Mutations.of(
                                Mutations.samples(
                                        "{\"id\":42,\"line\":\"a\"}",
                                        "{\"schema\":{},\"payload\":{\"id\":7,\"line\":1}}"),
                                JSON_WORDS)),
                new Key("64 bits", KeyFormat.int64(), Mutations.of(numbers, words)),
                new Key("32 bits", KeyFormat.int32(), Mutations.of(numbers, words)),
                new Key("UUID", KeyFormat.uuid(), Mutations.of(numbers, words)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyIsATextOrNone(Key key) {
        long[] texts = new long[1];

        Fuzzing.million(key.inputs(), input -> {
            byte[] before = input.clone();
            Optional<String> text = key.format().text(input);
            assertThat(input).isEqualTo(before);
            assertThat(key.format().text(input)).isEqualTo(text);
            texts[0] += text.isPresent() ? 1 : 0;
        });

        System.out.println(key + ": " + texts[0] + " of them are keys");
        assertThat(texts[0]).isGreaterThan(100);
    }
}
