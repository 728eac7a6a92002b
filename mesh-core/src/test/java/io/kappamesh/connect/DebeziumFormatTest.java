package io.kappamesh.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.ValueFormat.Deleted;
import io.kappamesh.format.ValueFormat.Rejected;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.fuzz.Fuzzing;
import io.kappamesh.fuzz.Mutations;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.json.JsonKey;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebeziumFormatTest {
    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "id", "type": "long"},
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "placed", "type": {"type": "int", "logicalType": "date"}},
              {"name": "changedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}}
            ]}
            """);
    private static final String ROW = "{\"id\":42,\"amount\":\"12.50\",\"placed\":20513}";
    private static final String SOURCE =
            "\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"ts_ms\":1772355600000,\"sequence\":\"[null,\\\"1\\\"]\"}";
    private static final DebeziumFormat FORMAT = DebeziumFormat.json(
                    JsonFormat.json().epoch(ChronoUnit.MICROS).epochDays())
            .changedAt("changedAt");

    @Test
    void theRowAfterAChangeIsTheValueWithTheTimeOfTheChange() {
        for (String operation : List.of("r", "c", "u")) {
            GenericRecord order = value(envelope(operation, "null", ROW));

            assertThat(order.get("id")).isEqualTo(42L);
            assertThat(order.get("amount")).isEqualTo(new BigDecimal("12.50"));
            assertThat(order.get("placed")).isEqualTo(LocalDate.of(2026, 3, 1));
            assertThat(order.get("changedAt")).isEqualTo(Instant.parse("2026-03-01T09:00:00Z"));
        }
    }

    @Test
    void theConvertersSchemaAroundIsLeftOut() {
        assertThat(value("{\"schema\":{\"type\":\"struct\",\"fields\":[]},\"payload\":" + envelope("u", ROW, ROW) + "}")
                        .get("id"))
                .isEqualTo(42L);
    }

    @Test
    void aDeletionAndAnEmptyPayloadDeleteTheKey() {
        assertThat(decoded(envelope("d", ROW, "null"))).isInstanceOf(Deleted.class);
        assertThat(decoded("{\"schema\":null,\"payload\":null}")).isInstanceOf(Deleted.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            {}                                     ~ is no envelope of Debezium: it has no op
            {"op":"c","after":null}                ~ has no row after the change
            {"op":"u","after":{"id":1,"amount":1,"placed":1}} ~ has no source.ts_ms, which is to be the time of the change
            {"op":"c","after":{"id":"1"}}          ~ field id is no number
            {"op":"c","after":{"id":1}}            ~ field amount is missing
            {"op":"t"}                             ~ truncates the table, which is no change of one row
            {"op":"m","message":{}}                ~ is a message of an application, and no change of a row
            {"source":{},"ddl":"ALTER"}            ~ changes the database's schema, and no row
            {"op":"x"}                             ~ is no change of a row: its op is none of r, c, u and d
            {"op":["c"]}                           ~ is no envelope of Debezium: it has no op
            {"op":                                 ~ is not valid JSON
            []                                     ~ is no JSON object
            {"op":"t","op":"d"}                    ~ has two members of one name
            {"op":"d","source":{"ts_ms":1,"ts_ms":2}} ~ has two members of one name
            """)
    void whatIsNoChangeOfARowIsRejected(String text, String reason) {
        assertThat(decoded(text)).isEqualTo(new Rejected<>(reason));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            {"note":"__debezium_unavailable_value"}                        ~ note
            {"raw":"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="}             ~ raw
            {"tags":["__debezium_unavailable_value"]}                      ~ tags
            {"labels":{"__debezium_unavailable_value":"__debezium_unavailable_value"}} ~ labels
            """)
    void aLargeValueThatTheDatabaseDidNotLogIsNoValue(String row, String field) {
        assertThat(large(row))
                .isEqualTo(new Rejected<>("field " + field
                        + " is large and did not change, so that the database did not log it; set REPLICA IDENTITY FULL for the"
                        + " table"));
    }

    @Test
    void timestampsWithoutAZoneAreCountedToo() {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "Local", "namespace": "shop", "fields": [
                  {"name": "micros", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
                  {"name": "millis", "type": ["null", {"type": "long", "logicalType": "local-timestamp-millis"}]}
                ]}
                """);
        DebeziumFormat counted =
                DebeziumFormat.json(JsonFormat.json().epoch(ChronoUnit.MICROS).epochDays());
        Function<String, ValueFormat.Result<GenericRecord>> read = row -> counted.decoder(GenericRecord.class, schema)
                .decode(envelope("c", "null", row).getBytes(StandardCharsets.UTF_8));

        GenericRecord local =
                ((Value<GenericRecord>) read.apply("{\"micros\":1772440200000001,\"millis\":-14182940000000}")).value();

        assertThat(local.get("micros")).isEqualTo(LocalDateTime.parse("2026-03-02T08:30:00.000001"));
        assertThat(local.get("millis")).isEqualTo(LocalDateTime.parse("1969-07-20T20:17:40"));
        assertThat(read.apply("{\"micros\":1,\"millis\":1}"))
                .isEqualTo(new Rejected<>("field millis is a number that its type cannot hold exactly"));
        assertThat(DebeziumFormat.json(JsonFormat.json())
                        .decoder(GenericRecord.class, schema)
                        .decode(envelope("c", "null", "{\"micros\":1,\"millis\":null}")
                                .getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Rejected<>("field micros is no text"));
    }

    @Test
    void textThatOnlySpeaksOfSuchAValueIsOne() {
        assertThat(
                        large(
                                "{\"note\":\"__debezium_unavailable_value!\",\"tags\":[\"a\",\"__debezium_unavailable_value\"]}"))
                .isInstanceOf(Value.class);
    }

    private static ValueFormat.Result<GenericRecord> large(String row) {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "Large", "namespace": "shop", "fields": [
                  {"name": "note", "type": ["null", "string"], "default": null},
                  {"name": "raw", "type": ["null", "bytes"], "default": null},
                  {"name": "tags", "type": {"type": "array", "items": "string"}, "default": []},
                  {"name": "labels", "type": {"type": "map", "values": "string"}, "default": {}}
                ]}
                """);
        return DebeziumFormat.json(JsonFormat.json())
                .decoder(GenericRecord.class, schema)
                .decode(envelope("u", "null", row).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theTimeOfTheChangeNeedsAFieldThatCanHoldIt() {
        assertThatThrownBy(() -> FORMAT.changedAt("placed").decoder(GenericRecord.class, SCHEMA))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("field 'placed' must be a timestamp-millis");
    }

    @Test
    void everyInputIsAValueADeletionOrAReason() {
        ValueFormat.Decoder<GenericRecord> decoder = FORMAT.decoder(GenericRecord.class, SCHEMA);
        Mutations inputs = Mutations.of(
                Mutations.samples(
                        envelope("c", "null", ROW),
                        envelope("d", ROW, "null"),
                        "{\"payload\":" + envelope("u", ROW, ROW) + "}"),
                List.of("null", "\"op\"", "{", "}", "\"payload\":", "1e999999999", "\u00ff"));

        Fuzzing.each(inputs, 5_000, input -> assertThat(decoder.decode(input)).isNotNull());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', nullValues = "-", textBlock = """
            {"id":42}                              ~ 42
            {"id":"a b"}                           ~ a b
            {"schema":{"id":1},"payload":{"id":7}} ~ 7
            {"id":42,"more":[1]}                   ~ 42
            {"ID":42}                              ~ -
            {"id":1.5}                             ~ -
            {"id":null}                            ~ -
            {"id":1,"id":2}                        ~ -
            {"id":1}2                              ~ -
            42                                     ~ -
            """)
    void aJsonKeyIsTheTextOfItsField(String key, String text) {
        assertThat(JsonKey.of("id").text(key.getBytes(StandardCharsets.UTF_8))).isEqualTo(Optional.ofNullable(text));
    }

    @Test
    void severalFieldsAreJoinedAndNeverAmbiguous() {
        KeyFormat key = JsonKey.of("order", "line");

        assertThat(key.text("{\"line\":2,\"order\":\"o1\"}".getBytes(StandardCharsets.UTF_8)))
                .contains("o1|2");
        assertThat(key.text("{\"line\":\"|\",\"order\":\"o1\"}".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThatThrownBy(JsonKey::of).isInstanceOf(DeclarationException.class);
    }

    private static String envelope(String operation, String before, String after) {
        return "{\"before\":" + before + ",\"after\":" + after + "," + SOURCE + ",\"transaction\":null,\"op\":\""
                + operation + "\",\"ts_ms\":1772355600001}";
    }

    private static GenericRecord value(String text) {
        ValueFormat.Result<GenericRecord> result = decoded(text);
        assertThat(result).isInstanceOf(Value.class);
        return ((Value<GenericRecord>) result).value();
    }

    private static ValueFormat.Result<GenericRecord> decoded(String text) {
        return FORMAT.decoder(GenericRecord.class, SCHEMA).decode(text.getBytes(StandardCharsets.UTF_8));
    }
}
