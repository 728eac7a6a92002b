package io.kappamesh.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.columns.ChildColumns.Element;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

class ChildColumnsTest {
    private static final Schema ORDER = new Schema.Parser().parse("""
                    {"type": "record", "name": "Order", "fields": [
                      {"name": "lines", "type": ["null", {"type": "array", "items":
                        {"type": "record", "name": "Line", "fields": [{"name": "partId", "type": "string"}, {"name": "quantity", "type": "int"}]}}]},
                      {"name": "tags", "type": {"type": "array", "items": ["null", "string"]}}]}
                    """);

    private static TableColumns columns(String... children) {
        return TableColumns.of(List.of(ORDER), List.of(), Child.fresh(List.of(children)));
    }

    private static GenericData.Record order(Object lines, Object... tags) {
        GenericData.Record order = new GenericData.Record(ORDER);
        order.put("lines", lines);
        order.put("tags", Arrays.asList(tags));
        return order;
    }

    private static GenericData.Record line(String part, int quantity) {
        GenericData.Record line = new GenericData.Record(
                ORDER.getField("lines").schema().getTypes().get(1).getElementType());
        line.put("partId", part);
        line.put("quantity", quantity);
        return line;
    }

    private static Element row(int index, String... texts) {
        return new Element(index, Arrays.asList(texts));
    }

    @Test
    void columnOfAnArrayWithAChildTableIsTheNumberOfItsElements() {
        assertThat(columns("lines").columns())
                .containsExactly(new Column("lines", "lines_count", "integer"), new Column("tags", "tags", "jsonb"));
        assertThat(columns("lines").children().get(0).columns().columns())
                .containsExactly(
                        new Column("partId", "part_id", "text"), new Column("quantity", "quantity", "integer"));
        assertThat(columns("tags").children().get(0).columns().columns())
                .containsExactly(new Column("value", "value", "text"));
    }

    @Test
    void elementsAreWrittenWithTheirKeyAndPlace() throws Exception {
        TableColumns columns = columns("lines", "tags");
        CopyText out = CopyText.rows();
        byte[] key = "k\t".getBytes(StandardCharsets.UTF_8);

        columns.children().get(0).write(key, order(List.of(line("p", 1), line("q", 2))), out);
        columns.children().get(1).write(key, order(null, "x", null), out);
        columns.children().get(0).write(key, order(null), out);

        assertThat(out.toString()).isEqualTo("k\\t\t0\tp\t1\nk\\t\t1\tq\t2\nk\\t\t0\tx\nk\\t\t1\t\\N\n");
    }

    @Test
    void rowsAreComparedWithElementsInTheirOrder() {
        ChildColumns lines = columns("lines").children().get(0);
        GenericData.Record order = order(List.of(line("p", 1), line("q", 2)));

        assertThat(lines.differing(order, List.of(row(0, "p", "1"), row(1, "q", "2"))))
                .isEmpty();
        assertThat(lines.differing(order, List.of(row(0, "q", "2"), row(1, "p", "1"))))
                .containsExactly("part_id", "quantity");
        assertThat(lines.differing(order, List.of(row(1, "q", "2")))).containsExactly("(missing rows)");
        assertThat(lines.differing(order, List.of(row(0, "p", "1"), row(1, "q", "2"), row(2, "q", "2"))))
                .containsExactly("(rows too many)");
        assertThat(lines.differing(order(null), List.of(row(0, "p", "1")))).containsExactly("(rows too many)");
        assertThat(lines.differing(order(null), List.of())).isEmpty();
    }

    @Test
    void arrayThatTheNewestVersionDoesNotHaveHasNoElements() throws Exception {
        Schema without = new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"Order\", \"fields\": []}");
        TableColumns columns = TableColumns.of(List.of(ORDER, without), List.of(), Child.fresh(List.of("lines")));
        CopyText out = CopyText.rows();

        columns.children().get(0).write(new byte[0], new GenericData.Record(without), out);

        assertThat(columns.changed()).isEmpty();
        assertThat(columns.children().get(0).columns().columns()).hasSize(2);
        assertThat(out.toString()).isEmpty();
        // Rows of before, which are still there.
        assertThat(columns.children()
                        .get(0)
                        .differing(new GenericData.Record(without), List.of(row(0, null, null), row(1, null, null))))
                .isEmpty();
    }

    @Test
    void elementsThatBecomeAnotherTypeAreNamed() {
        List<Child> existing = List.of(new Child("tags", List.of(new Column("value", "value", "integer"))));

        assertThat(TableColumns.of(List.of(ORDER), List.of(), existing).changed())
                .containsExactly("of the elements of tags, column value is integer, and the contract makes it text");
    }

    private static Schema items(String items) {
        return new Schema.Parser().parse("""
                        {"type": "record", "name": "Order", "fields": [{"name": "lines", "type": {"type": "array", "items": %s}}]}
                        """.formatted(items.formatted(
                "{\"type\": \"record\", \"name\": \"A\", \"fields\": [{\"name\": \"part\", \"type\": \"string\"}]}")));
    }

    @Test
    void elementsOfAUnionAreValuesAlsoWhereTheyAreRecords() throws Exception {
        String other =
                "{\"type\": \"record\", \"name\": \"B\", \"fields\": [{\"name\": \"number\", \"type\": \"int\"}]}";
        for (String union : List.of("[\"string\", %s]", "[%s, " + other + "]", "[%s]")) {
            Schema schema = items(union);
            Schema type = schema.getField("lines").schema().getElementType();
            ChildColumns lines = TableColumns.of(List.of(schema), List.of(), Child.fresh(List.of("lines")))
                    .children()
                    .get(0);
            GenericData.Record a = new GenericData.Record(
                    type.getTypes().get(type.getTypes().get(0).getType() == Schema.Type.STRING ? 1 : 0));
            a.put("part", "p");
            GenericData.Record order = new GenericData.Record(schema);
            order.put("lines", List.of(a));
            CopyText out = CopyText.rows();

            lines.write("k".getBytes(StandardCharsets.UTF_8), order, out);

            assertThat(lines.columns().columns()).as(union).containsExactly(new Column("value", "value", "jsonb"));
            assertThat(out.toString()).as(union).startsWith("k\t0\t{").contains("\"part\"");
            String json = out.toString().substring("k\t0\t".length()).trim();
            assertThat(lines.differing(order, List.of(row(0, json)))).as(union).isEmpty();
            assertThat(lines.differing(order, List.of(row(0, "\"p\""))))
                    .as(union)
                    .containsExactly("value");
        }
    }

    @Test
    void elementsThatAreRecordsInSomeVersionsOnlyAreNamed() {
        TableColumns columns = TableColumns.of(
                List.of(items("%s"), items("[\"string\", %s]")), List.of(), Child.fresh(List.of("lines")));

        assertThat(columns.changed())
                .containsExactly("field lines cannot have a child table: in some versions of the contract its elements"
                        + " are records, and in others they are not");
    }

    @Test
    void elementsThatTakeTooMuchWithTheirKeysAreRefused() {
        byte[] key = "k".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        Object[] tags = new Object[(64 << 20) / key.length];
        Arrays.fill(tags, "x");

        assertThatThrownBy(() -> columns("tags").children().get(0).write(key, order(null, tags), CopyText.rows()))
                .isInstanceOf(UnloadableException.class)
                .hasMessage("field tags has elements that take more than 64 MiB with the key in each row");
    }
}
