package io.kappamesh.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.ValueFormat.Rejected;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.fuzz.Fuzzing;
import io.kappamesh.fuzz.Mutations;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormatTest {
    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "id", "type": "long", "aliases": ["order_id"]},
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "placedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}], "default": null},
              {"name": "time", "type": ["null", {"type": "int", "logicalType": "time-millis"}]},
              {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN", "OTHER"], "default": "OTHER"},
               "default": "OPEN"},
              {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
                {"name": "sku", "type": "string"}, {"name": "weight", "type": "double", "default": 1.5}]}}, "default": []},
              {"name": "tags", "type": {"type": "map", "values": "string"}, "default": {}},
              {"name": "raw", "type": ["null", "bytes"]},
              {"name": "count", "type": "int", "default": 0},
              {"name": "inner", "type": ["null", "Order"], "default": null}
            ]}
            """);
    private static final String LEAST = "{\"id\":1,\"amount\":1,\"placedAt\":\"2026-03-01T09:00:00Z\"%s}";

    @Test
    void objectBecomesTheRecordWithDefaultsAndAliasesAndWithoutWhatTheSchemaDoesNotKnow() {
        GenericRecord order = value(JsonFormat.json(), """
                {"order_id": 9007199254740993, "nobody": {"knows": [1, {"this": null}]}, "amount": 12.5,
                 "placedAt": "2026-03-01T10:00:00.25+01:00", "day": "2026-03-01", "time": "10:00:00.001", "state": "SHIPPED",
                 "lines": [{"sku": "Grüße 🎉"}, {"weight": 2, "sku": ""}], "tags": {"a": "b"}, "raw": "AAH/", "count": 3.0}
                """);

        assertThat(order.get("id")).isEqualTo(9007199254740993L);
        assertThat(order.get("amount")).isEqualTo(new BigDecimal("12.50"));
        assertThat(order.get("placedAt")).isEqualTo(Instant.parse("2026-03-01T09:00:00.250Z"));
        assertThat(order.get("day")).isEqualTo(LocalDate.of(2026, 3, 1));
        assertThat(order.get("time")).isEqualTo(LocalTime.of(10, 0, 0, 1_000_000));
        assertThat(order.get("state")).hasToString("OTHER");
        assertThat((List<?>) order.get("lines"))
                .hasToString("[{\"sku\": \"Grüße 🎉\", \"weight\": 1.5}, {\"sku\": \"\", \"weight\": 2.0}]");
        assertThat((Map<?, ?>) order.get("tags")).hasToString("{a=b}");
        assertThat(order.get("raw")).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, -1}));
        assertThat(order.get("count")).isEqualTo(3);
        assertThat(order.get("inner")).isNull();
        assertThat(value(JsonFormat.json(), LEAST.formatted("")).get("state")).hasToString("OPEN");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', nullValues = "-", textBlock = """
            "id":1.5                     ~ field id is a number that its type cannot hold exactly
            "id":9223372036854775808     ~ field id is a number that its type cannot hold exactly
            "id":1e999999999             ~ field id is a number that its type cannot hold exactly
            "id":1e-999999999            ~ field id is a number that its type cannot hold exactly
            "id":"1"                     ~ field id is no number
            "id":null                    ~ field id is null
            "count":2147483648           ~ field count is a number that its type cannot hold exactly
            "amount":0.001               ~ field amount is a number that its type cannot hold exactly
            "amount":12345678            ~ field amount is a number that its type cannot hold exactly
            "amount":"1e999999999"       ~ field amount is a number that its type cannot hold exactly
            "amount":"much"              ~ field amount is a number that its type cannot hold exactly
            "amount":true                ~ field amount is no number
            "placedAt":"2026-03-01"      ~ field placedAt is no ISO-8601 text of its type
            "placedAt":"2026-03-01T09:00:00.0001Z" ~ field placedAt is a number that its type cannot hold exactly
            "placedAt":1                 ~ field placedAt is no ISO-8601 text; a number means something only if the port's format says what it counts
            "day":"2026-02-30"           ~ field day is no ISO-8601 text of its type
            "state":1                    ~ field state is no text
            "lines":{}                   ~ field lines is no array
            "lines":[{"weight":1}]       ~ field lines[].sku is missing
            "lines":[{"sku":"\\ud83c"}]   ~ field lines[].sku holds half a character
            "lines":[{"sku":"a","weight":1e999}] ~ field lines[].weight is a number that its type cannot hold
            "tags":{"a":1}               ~ field tags{} is no text
            "raw":"not base64!"          ~ field raw is no base64 text
            "inner":{"id":1}             ~ field inner.amount is missing
            "order_id":2                 ~ field id is given twice, by one name or by an alias
            "id":1,"id":1                ~ field id is given twice, by one name or by an alias
            "other":1,"other":2          ~ has two members of one name
            "tags":{"a":"b","a":"b"}     ~ field tags{} has two members of one name
            """)
    void whatDoesNotFitIsRejectedWithTheFieldAndWithoutTheValue(String member, String reason) {
        String name = member.substring(0, member.indexOf(':'));
        String text = LEAST.formatted("").contains(name)
                ? LEAST.formatted("").replaceAll(name + ":(\"[^\"]*\"|[^,}]*)", member.replace("\\", "\\\\"))
                : LEAST.formatted("," + member);

        assertThat(reason(JsonFormat.json(), text)).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "1", "null", "{", "{\"id\":1", "{'id':1}", "{\"id\":01}", "{\"id\":NaN}"})
    void whatIsNoJsonObjectIsRejected(String text) {
        assertThat(reason(JsonFormat.json(), text)).containsAnyOf("is no JSON object", "is not valid JSON");
    }

    @Test
    void whatFollowsTheObjectIsRejected() {
        assertThat(reason(JsonFormat.json(), LEAST.formatted("") + "{}"))
                .isEqualTo("goes on behind the end of its JSON object");
    }

    @Test
    void bytesThatAreNotUtf8AreRejected() {
        byte[] text = LEAST.formatted(",\"tags\":{\"a\":\"?\"}").getBytes(StandardCharsets.UTF_8);
        text[text.length - 4] = (byte) 0xC3;

        assertThat(JsonFormat.json().decoder(GenericRecord.class, SCHEMA).decode(text))
                .isInstanceOf(Rejected.class);
    }

    @Test
    void numbersOfSecondsMillisecondsOrMicrosecondsAreTimesWhereDeclared() {
        String text = LEAST.replace("\"2026-03-01T09:00:00Z\"", "%d").formatted(1_772_355_600L, "");

        assertThat(value(JsonFormat.json().epoch(ChronoUnit.SECONDS), text).get("placedAt"))
                .isEqualTo(Instant.parse("2026-03-01T09:00:00Z"));
        assertThat(value(JsonFormat.json().epoch(ChronoUnit.MILLIS), text).get("placedAt"))
                .isEqualTo(Instant.ofEpochMilli(1_772_355_600L));
        assertThat(reason(
                        JsonFormat.json().epoch(ChronoUnit.MICROS),
                        LEAST.replace("\"2026-03-01T09:00:00Z\"", "1").formatted("")))
                .isEqualTo("field placedAt is a number that its type cannot hold exactly");
        assertThatThrownBy(() -> JsonFormat.json().epoch(ChronoUnit.DAYS)).isInstanceOf(DeclarationException.class);
    }

    @Test
    void numbersSinceMidnightAreTimesOfDayWhereDeclared() {
        JsonFormat micros = JsonFormat.json().timesOfDay(ChronoUnit.MICROS);

        assertThat(value(micros, LEAST.formatted(",\"time\":36000001000")).get("time"))
                .isEqualTo(LocalTime.of(10, 0, 0, 1_000_000));
        assertThat(value(micros, LEAST.formatted(",\"time\":\"10:00\"")).get("time"))
                .isEqualTo(LocalTime.of(10, 0));
        for (String outside : List.of("-1", "86400000000")) {
            assertThat(reason(micros, LEAST.formatted(",\"time\":" + outside)))
                    .isEqualTo("field time is no time of a day");
        }
        assertThat(reason(micros, LEAST.formatted(",\"time\":1")))
                .isEqualTo("field time is a number that its type cannot hold exactly");
        assertThat(reason(micros, LEAST.formatted(",\"time\":9223372036854775807")))
                .isEqualTo("field time is a number that its type cannot hold exactly");
        assertThat(reason(JsonFormat.json(), LEAST.formatted(",\"time\":36000001000")))
                .isEqualTo("field time is no text");
        assertThatThrownBy(() -> JsonFormat.json().timesOfDay(ChronoUnit.SECONDS))
                .isInstanceOf(DeclarationException.class);
        assertThat(micros)
                .isNotEqualTo(JsonFormat.json())
                .isEqualTo(JsonFormat.json().timesOfDay(ChronoUnit.MICROS));
    }

    @Test
    void unknownMembersAreRejectedWhereDeclared() {
        assertThat(reason(JsonFormat.json().rejectingUnknownFields(), LEAST.formatted(",\"x\":1")))
                .isEqualTo("has a member that the schema does not know");
    }

    @Test
    void theHeaderOfConfluentsSerializerIsSkippedAndRequired() {
        byte[] text = LEAST.formatted("").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        framed.writeBytes(new byte[] {0, 0, 0, 0, 7});
        framed.writeBytes(text);
        ValueFormat.Decoder<GenericRecord> decoder =
                JsonFormat.confluentJsonSchema().decoder(GenericRecord.class, SCHEMA);

        assertThat(decoder.decode(framed.toByteArray())).isInstanceOf(Value.class);
        assertThat(decoder.decode(text)).isInstanceOf(Rejected.class);
        assertThat(decoder.decode(new byte[] {0, 0})).isInstanceOf(Rejected.class);
    }

    @Test
    void nestingHasALimit() {
        String deep = "1";
        for (int level = 0; level < 200; level++) {
            deep = "[" + deep + "]";
        }

        assertThat(reason(JsonFormat.json(), LEAST.formatted(",\"x\":" + deep)))
                .contains("nested more than 100 levels");
    }

    @Test
    void unionsOfSeveralTypesAreADeclarationError() {
        Schema wide = new Schema.Parser().parse("""
                {"type": "record", "name": "Wide", "fields": [
                  {"name": "a", "type": ["null", "int", "string"]}, {"name": "b", "type": "int"},
                  {"name": "c", "type": "int", "aliases": ["b"]}]}
                """);

        assertThatThrownBy(() -> JsonFormat.json().decoder(GenericRecord.class, wide))
                .isInstanceOfSatisfying(
                        DeclarationException.class,
                        refused -> assertThat(refused.problems())
                                .containsExactly(
                                        "schema Wide: a is a union of 2 types, and JSON does not say which one a value is; use null and one type",
                                        "schema Wide: two fields of Wide are called b in JSON; take the alias away"));
    }

    @Test
    void everyInputIsAValueOrAReason() {
        ValueFormat.Decoder<GenericRecord> decoder =
                JsonFormat.json().epoch(ChronoUnit.MILLIS).decoder(GenericRecord.class, SCHEMA);
        Mutations inputs = Mutations.of(
                Mutations.samples(
                        LEAST.formatted(",\"inner\":" + LEAST.formatted(",\"tags\":{\"a\":\"b\"}")),
                        "{\"order_id\":1e2,\"amount\":\"1.25\",\"placedAt\":5,\"day\":\"2026-03-01\",\"lines\":[{\"sku\":\"s\"}]}"),
                List.of("null", "\\ud83c", "1e999999999", "{", "[", "\"", "0.1", "\u0000", "\u00ff"));

        Fuzzing.each(inputs, 5_000, input -> assertThat(decoder.decode(input)).isNotNull());
    }

    private static GenericRecord value(JsonFormat format, String text) {
        ValueFormat.Result<GenericRecord> result = decoded(format, text);
        assertThat(result).isInstanceOf(Value.class);
        return ((Value<GenericRecord>) result).value();
    }

    private static String reason(JsonFormat format, String text) {
        ValueFormat.Result<GenericRecord> result = decoded(format, text);
        assertThat(result).isInstanceOf(Rejected.class);
        return ((Rejected<GenericRecord>) result).reason();
    }

    private static ValueFormat.Result<GenericRecord> decoded(JsonFormat format, String text) {
        return format.decoder(GenericRecord.class, SCHEMA).decode(text.getBytes(StandardCharsets.UTF_8));
    }
}
