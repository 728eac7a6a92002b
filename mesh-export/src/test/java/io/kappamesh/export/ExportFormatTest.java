package io.kappamesh.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other programs read of the files. */
class ExportFormatTest {
    private static final Schema ROWS = new Schema.Parser().parse("""
                    {"type": "record", "name": "SaleRow", "fields": [
                      {"name": "mesh_key", "type": "string"},
                      {"name": "note", "type": ["null", "string"]},
                      {"name": "amount", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 2}]},
                      {"name": "number", "type": "long"},
                      {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                      {"name": "sold", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                      {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
                      {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["WEB", "SHOP"]}},
                      {"name": "ratio", "type": "double"},
                      {"name": "raw", "type": "bytes"},
                      {"name": "lines", "type": {"type": "array", "items": ["null", {"type": "record", "name": "Line", "fields": [
                        {"name": "part", "type": "string"},
                        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 3}}]}]}},
                      {"name": "tags", "type": {"type": "map", "values": "int"}}]}
                    """);
    private static final String LARGEST = "123456789012345678901234567890123456.78";
    private static final String ODD = "a,\"b\"\n\\N ü😀;'";

    @TempDir
    Path directory;

    @Test
    void duckDbReadsCsvAsItWasAndTellsNullFromEmptyText() throws Exception {
        String file = write(ExportFormat.CSV).toString();

        try (DuckDb duck = DuckDb.open()) {
            String read = "read_csv('" + file + "', header = true, allow_quoted_nulls = false, all_varchar = true)";

            assertThat(duck.rows("SELECT mesh_key, note FROM " + read)).containsExactly("k1|" + ODD, "k2|", "k3|null");
            assertThat(duck.rows("SELECT amount::DECIMAL(38,2), number::BIGINT, day::DATE, sold::TIMESTAMPTZ,"
                            + " local::TIMESTAMP, kind, ratio::DOUBLE, lines->'$[0].price', lines->'$[1]', tags->'$.a' FROM "
                            + read + " WHERE mesh_key = 'k1'"))
                    .containsExactly(
                            LARGEST
                                    + "|9223372036854775807|2026-03-01|2026-03-01T12:00:00.000001Z|2026-03-01 12:00:00.5|WEB|0.1|\"1.250\"|null|7");
            assertThat(duck.rows("SELECT amount FROM " + read + " WHERE mesh_key = 'k3'"))
                    .containsExactly("null");
        }
        assertThat(Files.readString(Path.of(file)))
                .startsWith("\"mesh_key\",\"note\",\"amount\",")
                .contains("\n\"k2\",\"\",")
                .contains("\n\"k3\",,,");
    }

    @Test
    void jsonLinesAreExactForAReaderThatKnowsNothingOfThem() throws Exception {
        Path file = write(ExportFormat.JSONL);

        List<String> lines = Files.readAllLines(file);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));

        assertThat(lines).hasSize(3);
        assertThat(first.get("note").textValue()).isEqualTo(ODD);
        assertThat(first.get("amount").textValue()).isEqualTo(LARGEST);
        assertThat(first.get("number").longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(first.get("sold").textValue()).isEqualTo("2026-03-01T12:00:00.000001Z");
        assertThat(first.get("raw").binaryValue()).containsExactly(0, -1);
        assertThat(new ObjectMapper().readTree(lines.get(1)).get("note").textValue())
                .isEmpty();
        assertThat(new ObjectMapper().readTree(lines.get(2)).get("note").isNull())
                .isTrue();
        try (DuckDb duck = DuckDb.open()) {
            assertThat(
                            duck.rows(
                                    "SELECT mesh_key, amount::DECIMAL(38,2), lines[1].part, tags.a FROM read_json('"
                                            + file
                                            + "', columns = {mesh_key: 'VARCHAR', amount: 'VARCHAR', lines: 'STRUCT(part VARCHAR)[]', tags: 'STRUCT(a INT)'})"))
                    .containsExactly("k1|" + LARGEST + "|p1|7", "k2|-0.01|null|null", "k3|null|null|null");
        }
    }

    @Test
    void duckDbReadsParquetWithItsTypes() throws Exception {
        String file = write(ExportFormat.PARQUET).toString();

        try (DuckDb duck = DuckDb.open()) {
            assertThat(duck.types("SELECT * FROM '" + file + "'"))
                    .containsExactly(
                            "VARCHAR",
                            "VARCHAR",
                            "DECIMAL(38,2)",
                            "BIGINT",
                            "DATE",
                            "TIMESTAMP WITH TIME ZONE",
                            "TIMESTAMP",
                            "VARCHAR",
                            "DOUBLE",
                            "BLOB",
                            "STRUCT(part VARCHAR, price DECIMAL(9,3))[]",
                            "MAP(VARCHAR, INTEGER)");
            assertThat(duck.rows("SELECT mesh_key, note, amount FROM '" + file + "'"))
                    .containsExactly("k1|" + ODD + "|" + LARGEST, "k2||-0.01", "k3|null|null");
            assertThat(duck.rows("SELECT number, day, sold, local, kind, lines[1].price, lines[2], tags['a'] FROM '"
                            + file + "' WHERE mesh_key = 'k1'"))
                    .containsExactly(
                            "9223372036854775807|2026-03-01|2026-03-01T12:00:00.000001Z|2026-03-01 12:00:00.5|WEB|1.250|null|7");
        }
    }

    @Test
    void parquetHasTheSchemaOfTheRows() throws Exception {
        Path file = write(ExportFormat.PARQUET);

        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                        new LocalInputFile(file), new PlainParquetConfiguration())
                .withDataModel(GenericData.get())
                .withCodecFactory(new ZstdReader())
                .build()) {
            GenericRecord first = reader.read();
            assertThat(first.getSchema()).isEqualTo(ROWS);
            assertThat(first.get("tags")).hasToString("{a=7}");
        }
    }

    @Test
    void parquetSaysThatItCannotHoldARecordInsideItself() {
        Schema chain = new Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"Chain\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"Chain\"]}]}");

        assertThatThrownBy(() -> ExportFormat.PARQUET.requireHolds(chain))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Parquet cannot hold its contract");
    }

    @Test
    void decimalOfTooManyDigitsIsNoRow() {
        GenericData.Record row = new GenericData.Record(ROWS);
        row.put("amount", ByteBuffer.wrap(BigInteger.TEN.pow(38).toByteArray()));

        assertThat(RowValues.misfit(ROWS, row))
                .isEqualTo(Optional.of("field amount is no decimal of at most 38 digits"));
    }

    private Path write(ExportFormat format) throws Exception {
        Path file = directory.resolve("rows." + format.suffix());
        try (RowFile rows = format.create(file, ROWS)) {
            GenericData.Record line = new GenericData.Record(
                    ROWS.getField("lines").schema().getElementType().getTypes().get(1));
            line.put("part", "p1");
            line.put("price", ByteBuffer.wrap(BigInteger.valueOf(1_250).toByteArray()));
            rows.add(row("k1", ODD, LARGEST.replace(".", ""), Arrays.asList(line, null), Map.of("a", 7)));
            rows.add(row("k2", "", "-1", List.of(), Map.of()));
            rows.add(row("k3", null, null, List.of(), Map.of()));
        }
        return file;
    }

    private static GenericData.Record row(
            String key, String note, String cents, List<?> lines, Map<String, Integer> tags) {
        GenericData.Record row = new GenericData.Record(ROWS);
        row.put("mesh_key", key);
        row.put("note", note);
        row.put("amount", cents == null ? null : ByteBuffer.wrap(new BigInteger(cents).toByteArray()));
        row.put("number", Long.MAX_VALUE);
        row.put("day", 20_513);
        row.put("sold", 1_772_366_400_000_001L);
        row.put("local", 1_772_366_400_500L);
        row.put("kind", new GenericData.EnumSymbol(ROWS.getField("kind").schema(), "WEB"));
        row.put("ratio", 0.1);
        row.put("raw", ByteBuffer.wrap(new byte[] {0, -1}));
        row.put("lines", lines);
        row.put("tags", tags);
        return row;
    }
}
