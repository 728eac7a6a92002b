package io.kappamesh.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

class TableColumnsTest {
    private static final Schema FIRST = record(
            "{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"old\",\"type\":[\"null\",\"int\"],\"default\":null}");
    private static final Schema SECOND =
            record("{\"name\":\"count\",\"type\":\"long\",\"default\":7},{\"name\":\"id\",\"type\":\"string\"}");

    @Test
    void columnsAreThoseOfAllVersionsInTheOrderInWhichTheyCame() {
        TableColumns columns = TableColumns.of(List.of(FIRST, SECOND), List.of());

        assertThat(columns.columns())
                .containsExactly(
                        new Column("id", "id", "text"),
                        new Column("old", "old", "integer"),
                        new Column("count", "count", "bigint"));
    }

    @Test
    void columnsThatAreThereKeepTheirNamesAndNewOnesComeBehindThem() {
        List<Column> existing = List.of(new Column("orderId", "order_id", "text"));
        Schema now = record("{\"name\":\"order_id\",\"type\":\"int\"},{\"name\":\"orderId\",\"type\":\"string\"}");

        TableColumns columns = TableColumns.of(List.of(now), existing);

        assertThat(columns.columns().get(0)).isEqualTo(existing.get(0));
        assertThat(columns.added()).hasSize(1);
        assertThat(columns.added().get(0).name()).startsWith("order_id_").isNotEqualTo("order_id");
        assertThat(columns.changed()).isEmpty();
    }

    @Test
    void rowThatWasWrittenBeforeANestedFieldCameOrAfterItWentHoldsTheRecord() {
        Schema now = record("{\"name\":\"line\",\"type\":{\"type\":\"record\",\"name\":\"Line\",\"fields\":["
                + "{\"name\":\"part\",\"type\":\"string\"},"
                + "{\"name\":\"unit\",\"type\":\"string\",\"default\":\"piece\"},"
                + "{\"name\":\"tags\",\"type\":{\"type\":\"map\",\"values\":\"int\"},\"default\":{}}]}}");
        TableColumns columns = TableColumns.of(List.of(now), List.of());

        assertThat(columns.differing(line(now, "piece"), List.of("{\"part\": \"p\"}")))
                .isEmpty();
        assertThat(columns.differing(line(now, "piece"), List.of("{\"part\": \"p\", \"gone\": 1}")))
                .isEmpty();
        assertThat(columns.differing(line(now, "box"), List.of("{\"part\": \"p\"}")))
                .containsExactly("line");
        assertThat(columns.differing(line(now, "piece"), List.of("{\"unit\": \"piece\"}")))
                .containsExactly("line");
    }

    @Test
    void keysOfMapsAreComparedHoweverLongTheyAre() {
        Schema schema = record("{\"name\":\"counts\",\"type\":{\"type\":\"map\",\"values\":\"int\"}}");
        GenericData.Record value = new GenericData.Record(schema);
        String key = "k".repeat(60_000);
        value.put("counts", Map.of(key, 1));

        assertThat(TableColumns.of(List.of(schema), List.of()).differing(value, List.of("{\"" + key + "\": 1}")))
                .isEmpty();
    }

    private static GenericData.Record line(Schema schema, String unit) {
        GenericData.Record line = new GenericData.Record(schema.getField("line").schema());
        line.put("part", "p");
        line.put("unit", unit);
        line.put("tags", Map.of());
        GenericData.Record record = new GenericData.Record(schema);
        record.put("line", line);
        return record;
    }

    @Test
    void typeThatChangedIsNamed() {
        TableColumns columns = TableColumns.of(
                List.of(record("{\"name\":\"id\",\"type\":\"long\"}")), List.of(new Column("id", "id", "text")));

        assertThat(columns.changed()).containsExactly("column id is text, and the contract makes it bigint");
    }

    @Test
    void fieldThatIsGoneIsNullAndRowsThatAreThereHaveTheDefaultOfANewOne() throws UnloadableException {
        TableColumns columns = TableColumns.of(List.of(FIRST, SECOND), List.of());
        GenericData.Record value = new GenericData.Record(SECOND);
        value.put("id", "a\tb");
        value.put("count", 3L);
        CopyText text = CopyText.rows();

        columns.write(value, text);

        assertThat(text).hasToString("\ta\\tb\t\\N\t3");
        assertThat(columns.existingRows(columns.columns().get(2))).isEqualTo("E'7'::bigint");
        assertThat(columns.existingRows(columns.columns().get(1))).isEqualTo("NULL");
    }

    @Test
    void valueThatCannotBeHeldIsNamedByItsFieldAndNotShown() {
        Schema schema = record(
                "{\"name\":\"paid\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":3,\"scale\":2}}");
        GenericData.Record value = new GenericData.Record(schema);
        value.put("paid", ByteBuffer.wrap(new byte[] {0x27, 0x0f}));

        assertThatThrownBy(() -> TableColumns.of(List.of(schema), List.of()).write(value, CopyText.rows()))
                .isInstanceOf(UnloadableException.class)
                .hasMessage("field paid has more than the 3 digits that the contract declares")
                .hasMessageNotContaining("99");
    }

    private static Schema record(String fields) {
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}");
    }
}
