package io.kappamesh.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.ValueFormat.Rejected;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.fuzz.Fuzzing;
import io.kappamesh.fuzz.Mutations;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {
    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "id", "type": "long", "aliases": ["order_id"]},
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "placedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "city", "type": "string"},
              {"name": "note", "type": ["null", "string"], "default": null},
              {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}], "default": null},
              {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN", "OTHER"], "default": "OTHER"},
               "default": "OPEN"},
              {"name": "paid", "type": ["null", "boolean"], "default": null},
              {"name": "weight", "type": "double", "default": 1.5},
              {"name": "raw", "type": ["null", "bytes"], "default": null}
            ]}
            """);
    private static final String NOON = "2026-03-01T12:00:00Z";
    private static final CsvFormat FOUR = CsvFormat.csv().columns("order_id", "amount", "placedAt", "city");

    @Test
    void lineBecomesTheRecordWithItsColumnsInTheOrderOfTheSchema() {
        GenericRecord order = value(
                CsvFormat.csv(),
                "9007199254740993,12.5,2026-03-01T13:00:00.25+01:00,\"Köln, \"\"Süd\"\"\n🎉\",,2026-03-01,SHIPPED,true,2e3,AAH/\r\n");

        assertThat(order.get("id")).isEqualTo(9007199254740993L);
        assertThat(order.get("amount")).isEqualTo(new BigDecimal("12.50"));
        assertThat(order.get("placedAt")).isEqualTo(Instant.parse("2026-03-01T12:00:00.250Z"));
        assertThat(order.get("city")).hasToString("Köln, \"Süd\"\n🎉");
        assertThat(order.get("note")).isNull();
        assertThat(order.get("day")).isEqualTo(LocalDate.of(2026, 3, 1));
        assertThat(order.get("state")).hasToString("OTHER");
        assertThat(order.get("paid")).isEqualTo(true);
        assertThat(order.get("weight")).isEqualTo(2000.0);
        assertThat(order.get("raw")).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, -1}));
    }

    @Test
    void columnsAreDeclaredByNameOrPositionAndTheOthersHaveTheirDefaults() {
        String line = "1,2," + NOON + ",Köln";

        assertThat(value(FOUR, line))
                .hasToString(value(FOUR, "1,2.00," + NOON + ",Köln").toString());
        assertThat(value(FOUR, line).get("state")).hasToString("OPEN");
        assertThat(value(
                        CsvFormat.csv()
                                .column(7, "city")
                                .column(1, "id")
                                .column(3, "amount")
                                .column(4, "placedAt"),
                        "1,x,2," + NOON + ",,\"y,\",Köln,more"))
                .isEqualTo(value(FOUR, line));
        assertThat(value(CsvFormat.csv().columns("city", "", "placedAt", "amount", "id"), "Köln,x," + NOON + ",2,1"))
                .isEqualTo(value(FOUR, line));
    }

    @Test
    void emptyColumnIsAMissingFieldAndAQuotedOneIsEmptyText() {
        CsvFormat format =
                CsvFormat.csv().columns("id", "amount", "placedAt", "city", "note", "state", "weight", "day");

        GenericRecord order = value(format, "1,2," + NOON + ",,,,,\"\"");
        assertThat(order.get("city")).hasToString("");
        assertThat(order.get("note")).isNull();
        assertThat(order.get("state")).hasToString("OPEN");
        assertThat(order.get("weight")).isEqualTo(1.5);
        assertThat(order.get("day")).isNull();
        assertThat(value(format, "1,2," + NOON + ",\"\",\"\",OPEN,1,").get("note"))
                .hasToString("");
        assertThat(reason(format, ",2," + NOON + ",,,,,")).isEqualTo("field id is empty");
        assertThat(reason(format, "\"\",2," + NOON + ",,,,,")).isEqualTo("field id is empty");
        CsvFormat withNulls = format.nullText("\\N");
        assertThat(value(withNulls, "1,2," + NOON + ",x,\\N,\\N,\\N,\\N"))
                .isEqualTo(value(format, "1,2," + NOON + ",x,,,,"));
        assertThat(reason(withNulls, "1,2," + NOON + ",\\N,,,,")).isEqualTo("field city is empty");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            1.5,2,2026-03-01T12:00:00Z,x                 ~ field id is a number that its type cannot hold exactly
            9223372036854775808,2,2026-03-01T12:00:00Z,x ~ field id is a number that its type cannot hold exactly
            1e999999999,2,2026-03-01T12:00:00Z,x         ~ field id is a number that its type cannot hold exactly
            0x1,2,2026-03-01T12:00:00Z,x                 ~ field id is no number
            -,2,2026-03-01T12:00:00Z,x                   ~ field id is no number
            ` 1,2,2026-03-01T12:00:00Z,x`                ~ field id is no number
            1,0.001,2026-03-01T12:00:00Z,x               ~ field amount is a number that its type cannot hold exactly
            1,"12,50",2026-03-01T12:00:00Z,x             ~ field amount is no number
            1,2,2026-03-01,x                             ~ field placedAt is no ISO-8601 text of its type
            1,2,1772366400000,x                          ~ field placedAt is no ISO-8601 text of its type
            1,2,2026-03-01T12:00:00.0001Z,x              ~ field placedAt is a number that its type cannot hold exactly
            1,2,2026-03-01T12:00:00Z                     ~ has 3 columns, and 4 are declared
            1,2,2026-03-01T12:00:00Z,x,                  ~ has 5 columns, and 4 are declared
            1,2,2026-03-01T12:00:00Z,"x                  ~ is not valid CSV: a quoted column does not end where it should
            1,2,2026-03-01T12:00:00Z,"x"y                ~ is not valid CSV: a quoted column does not end where it should
            id,amount,placedAt,city                      ~ field id is no number
            1                                            ~ has 1 column, and 4 are declared
            """)
    void whatDoesNotFitIsRejectedWithTheFieldAndWithoutTheValue(String line, String reason) {
        assertThat(reason(FOUR, line)).isEqualTo(reason);
    }

    @Test
    void nothingAndTwoLinesAreRejected() {
        String line = "1,2," + NOON + ",x";

        assertThat(reason(FOUR, "")).isEqualTo("is empty");
        assertThat(reason(FOUR, "\n")).isEqualTo("field id is empty");
        assertThat(reason(FOUR, line + "\n" + line)).isEqualTo("goes on behind the end of its line");
        assertThat(reason(FOUR, line + "\n\n")).isEqualTo("goes on behind the end of its line");
        assertThat(value(FOUR, "\uFEFF" + line + "\n")).isEqualTo(value(FOUR, line));
    }

    @Test
    void linesOfOtherLengthsAreTakenWhereDeclared() {
        String line = "1,2," + NOON + ",Köln";

        assertThat(value(FOUR.droppingExtraColumns(), line + ",more,\"and, more\""))
                .isEqualTo(value(FOUR, line));
        assertThat(reason(FOUR.droppingExtraColumns(), "1,2")).isEqualTo("has 2 columns, and 4 are declared");
        assertThat(value(FOUR.fillingMissingColumns(), "1,2," + NOON)).isEqualTo(value(FOUR, "1,2," + NOON + ","));
        assertThat(reason(FOUR.fillingMissingColumns(), "1,2")).isEqualTo("field placedAt is empty");
        assertThat(reason(
                        CsvFormat.csv()
                                .column(1, "id")
                                .column(2, "amount")
                                .column(9, "placedAt")
                                .column(4, "city"),
                        line))
                .isEqualTo("has 4 columns, and at least 9 are declared");
    }

    @Test
    void dialectIsAsDeclared() {
        GenericRecord order = value(FOUR, "1,12.50," + NOON + ",\"a;b\"");

        assertThat(value(FOUR.delimiter(';').quote('\'').decimalComma(), "1;12,5;" + NOON + ";'a;b'"))
                .isEqualTo(order);
        assertThat(reason(FOUR.delimiter(';').decimalComma(), "1;12.5;" + NOON + ";x"))
                .isEqualTo("field amount is no number with a decimal comma");
        assertThat(value(FOUR.delimiter('\t').withoutQuotes(), "1\t12.5\t" + NOON + "\ta;b"))
                .isEqualTo(order);
        assertThat(value(FOUR.delimiter('\t').withoutQuotes(), "1\t12.5\t" + NOON + "\t\"a")
                        .get("city"))
                .hasToString("\"a");
        assertThat(value(FOUR.delimiter(';').withoutQuotes().escape('\\'), "1;12.5;" + NOON + ";a\\;b"))
                .isEqualTo(order);
    }

    @Test
    void charsetIsAsDeclaredAndBytesOutsideItAreRejected() {
        byte[] line = ("1,2," + NOON + ",Köln").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(decoded(FOUR, line)).isEqualTo(ValueFormat.Result.rejected("is no text in UTF-8"));
        assertThat(((Value<GenericRecord>) decoded(FOUR.charset(StandardCharsets.ISO_8859_1), line))
                        .value()
                        .get("city"))
                .hasToString("Köln");
        assertThat(((Value<GenericRecord>) decoded(
                                FOUR.charset(Charset.forName("UTF-16")),
                                ("1,2," + NOON + ",Köln").getBytes(StandardCharsets.UTF_16)))
                        .value()
                        .get("city"))
                .hasToString("Köln");
    }

    @Test
    void timesAreCountedOrOfAPatternWhereDeclared() {
        CsvFormat format = CsvFormat.csv().columns("id", "amount", "city", "placedAt", "day");
        CsvFormat german = format.timestamps("dd.MM.yyyy HH:mm", ZoneId.of("Europe/Berlin"))
                .dates("yyyyMMdd");

        assertThat(value(format.epoch(ChronoUnit.SECONDS).epochDays(), "1,2,x,1772355600,20513"))
                .hasToString(
                        value(format, "1,2,x,2026-03-01T09:00:00Z,2026-03-01").toString());
        assertThat(value(format.epoch(ChronoUnit.SECONDS).epochDays(), "1,2,x," + NOON + ",2026-03-01"))
                .hasToString(value(format, "1,2,x," + NOON + ",2026-03-01").toString());
        assertThat(value(german, "1,2,x,01.07.2026 14:00,20260701"))
                .hasToString(
                        value(format, "1,2,x,2026-07-01T12:00:00Z,2026-07-01").toString());
        assertThat(value(german, "1,2,x,25.10.2026 02:30,").get("placedAt"))
                .as("the first of two half past two")
                .isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
        assertThat(reason(german, "1,2,x,29.03.2026 02:30,")).isEqualTo("field placedAt is a time that its zone skips");
        assertThat(reason(german, "1,2,x,30.02.2026 02:30,"))
                .isEqualTo("field placedAt is no time of the declared pattern");
        assertThat(reason(german, "1,2,x,01.07.2026 14:00,1.7.2026"))
                .isEqualTo("field day is no date of the declared pattern");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-07-01 14:00:00,       2026-07-01T12:00:00Z",
        "2026-07-01 14:00:00.5,     2026-07-01T12:00:00.500Z",
        "2026-07-01 14:00:00.250000,2026-07-01T12:00:00.250Z",
        "2026-07-01 14:00:00+00,    2026-07-01T14:00:00Z",
        "2026-07-01 14:00:00+00:00, 2026-07-01T14:00:00Z",
        "2026-07-01 14:00:00-00:00, 2026-07-01T14:00:00Z",
        "2026-07-01 14:00:00Z,      2026-07-01T14:00:00Z",
        "2026-07-01 14:00:00+00:30, 2026-07-01T13:30:00Z",
        "2026-07-01 14:00:00.5+00:45, 2026-07-01T13:15:00.500Z",
        "2026-07-01 14:00:00.001+05:30, 2026-07-01T08:30:00.001Z",
        "2026-07-01 14:00:00-03,    2026-07-01T17:00:00Z"
    })
    void timesAsDatabasesWriteThemAreRead(String text, Instant time) {
        CsvFormat format = FOUR.sqlTimestamps(ZoneId.of("Europe/Berlin"));

        assertThat(value(format, "1,2," + text + ",x").get("placedAt")).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-30 14:00:00",
                "2026-07-01T14:00:00",
                "2026-07-01 14:00",
                "2026-07-01 14:00:00+1",
                "2026-07-01 14:00:00+00:3",
                "2026-07-01",
                "infinity"
            })
    void whatIsNoTimeOfADatabaseIsRejected(String text) {
        assertThat(reason(FOUR.sqlTimestamps(ZoneId.of("UTC")), "1,2," + text + ",x"))
                .isEqualTo("field placedAt is no time of the declared pattern");
    }

    @Test
    void timesInUtcAreWrittenSoThatTheyAreReadAgain() {
        for (String zone : List.of("UTC", "Europe/London")) {
            CsvFormat format = FOUR.sqlTimestamps(ZoneId.of(zone));
            GenericRecord order = value(format, "1,2,2026-01-01 14:00:00.5+00:00,x");

            byte[] line =
                    format.encoder(GenericRecord.class, SCHEMA).orElseThrow().encode(order);

            assertThat(new String(line, StandardCharsets.UTF_8)).contains("2026-01-01 14:00:00.5Z");
            assertThat(decoded(format, line))
                    .hasToString(ValueFormat.Result.value(order).toString());
        }
    }

    @Test
    void everyProblemOfADeclarationIsNamed() {
        Schema nested = new Schema.Parser().parse("""
                {"type": "record", "name": "Nested", "fields": [
                  {"name": "a", "type": {"type": "array", "items": "int"}}, {"name": "b", "type": ["int", "string"]},
                  {"name": "c", "type": "int", "aliases": ["see"]}, {"name": "d", "type": "int"}]}
                """);

        assertThatThrownBy(() -> CsvFormat.csv()
                        .columns("a", "b", "c", "see", "e", "")
                        .delimiter('"')
                        .decoder(GenericRecord.class, nested))
                .isInstanceOfSatisfying(
                        DeclarationException.class,
                        refused -> assertThat(refused.problems())
                                .containsExactly(
                                        "CSV format: delimiter, quote and escape must be different characters",
                                        "schema Nested: a is no single value, which is all that a column of CSV can hold",
                                        "schema Nested: b is no single value, which is all that a column of CSV can hold",
                                        "schema Nested: two columns of the CSV format are see",
                                        "schema Nested: has no field called 'e', which column 5 of the CSV format is; name a field, or give the column the empty name if it is not read",
                                        "schema Nested: d has no column, no default, and may not be null"));
        assertThatThrownBy(() -> CsvFormat.csv().epoch(ChronoUnit.DAYS)).isInstanceOf(DeclarationException.class);
        assertThatThrownBy(() -> CsvFormat.csv().dates("what")).isInstanceOf(DeclarationException.class);
        assertThatThrownBy(() -> CsvFormat.csv().column(0, "c").decoder(GenericRecord.class, nested))
                .isInstanceOf(DeclarationException.class);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        CsvFormat format = CsvFormat.csv();
        CsvFormat german = format.delimiter(';')
                .escape('\\')
                .decimalComma()
                .timestamps("dd.MM.yyyy HH:mm", ZoneId.of("Europe/Berlin"))
                .dates("dd.MM.yyyy");
        GenericRecord order =
                value(format, "-1,-2.50,2026-07-01T12:00:00Z,\"a;\\\"\"\r\n\",\"\",2026-03-01,OPEN,false,0.25,AAH/");

        CsvFormat sql = format.sqlTimestamps(ZoneId.of("Europe/Berlin"));
        for (CsvFormat each : List.of(format, german, sql, format.epoch(ChronoUnit.MILLIS))) {
            byte[] line =
                    each.encoder(GenericRecord.class, SCHEMA).orElseThrow().encode(order);

            assertThat(decoded(each, line))
                    .hasToString(ValueFormat.Result.value(order).toString());
        }
    }

    @Test
    void everyInputIsAValueOrAReason() {
        ValueFormat.Decoder<GenericRecord> decoder = CsvFormat.csv()
                .escape('\\')
                .epoch(ChronoUnit.MILLIS)
                .fillingMissingColumns()
                .decoder(GenericRecord.class, SCHEMA);
        Mutations inputs = Mutations.of(
                Mutations.samples(
                        "1,2,2026-03-01T12:00:00Z,\"Köln, \"\"Süd\"\"\",x,2026-03-01,OPEN,true,1.5,AAH/\r\n",
                        "9007199254740993,1e2,5,,,,,,,"),
                List.of(",", "\"", "\\", "\r", "\n", "1e999999999", "-", "\uFEFF", "\u0000", "\u00ff", ",,,,,,,,"));

        Fuzzing.each(inputs, 5_000, input -> assertThat(decoder.decode(input)).isNotNull());
    }

    private static GenericRecord value(CsvFormat format, String line) {
        ValueFormat.Result<GenericRecord> result = decoded(format, line.getBytes(StandardCharsets.UTF_8));
        assertThat(result).isInstanceOf(Value.class);
        return ((Value<GenericRecord>) result).value();
    }

    private static String reason(CsvFormat format, String line) {
        ValueFormat.Result<GenericRecord> result = decoded(format, line.getBytes(StandardCharsets.UTF_8));
        assertThat(result).isInstanceOf(Rejected.class);
        return ((Rejected<GenericRecord>) result).reason();
    }

    private static ValueFormat.Result<GenericRecord> decoded(CsvFormat format, byte[] line) {
        return format.decoder(GenericRecord.class, SCHEMA).decode(line);
    }
}
