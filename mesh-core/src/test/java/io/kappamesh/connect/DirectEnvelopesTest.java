package io.kappamesh.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.avro.AvroType;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.serde.AvroEncoder;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectEnvelopesTest {
    private static final int MANY = 2_000;

    private static final Schema PORT = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "id", "type": "long"},
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "note", "aliases": ["remark"], "type": ["null", "string"], "default": null},
              {"name": "placed", "type": {"type": "int", "logicalType": "date"}},
              {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
                {"name": "part", "type": "string"}, {"name": "next", "type": ["null", "Line"], "default": null}]}}},
              {"name": "tags", "type": {"type": "map", "values": "string"}},
              {"name": "added", "type": "int", "default": 7}
            ]}
            """);

    private static final String ROW = """
            {"type": "record", "name": "Value", "namespace": "shop.public.orders", "fields": [
              {"name": "dropped", "type": {"type": "record", "name": "Point", "fields": [{"name": "x", "type": "double"}]}},
              {"name": "placed", "type": {"type": "int", "logicalType": "date"}},
              {"name": "remark", "type": ["string", "null"]},
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "tags", "type": {"type": "map", "values": "string"}},
              {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [
                {"name": "next", "type": ["null", "Item"], "default": null}, {"name": "part", "type": "string"}]}}},
              {"name": "id", "type": "long"}
            ]}
            """;

    private final AvroType<GenericRecord> port = AvroType.generic(PORT);

    @Test
    void whatIsReadStraightAwayIsWhatTheRulesOfConnectMakeOfIt() throws MisfitException {
        Schema writer = envelope(ROW);
        DirectEnvelopes<GenericRecord> direct = DirectEnvelopes.of(writer, port).orElseThrow();
        AvroEnvelopes mapped = new AvroEnvelopes(writer, PORT, Set.of());
        AvroValues<GenericRecord> values = new AvroValues<>(GenericRecord.class, PORT);
        AvroEncoder<GenericRecord> encoder = new AvroEncoder<>(AvroType.generic(writer), 1);
        Random random = new Random(1);
        for (int i = 0; i < MANY; i++) {
            byte[] bytes = encoder.encode(change(writer, random));

            DirectEnvelopes.Change<GenericRecord> read = direct.read(bytes);

            Envelope expected = mapped.read(bytes);
            assertThat(read.operation()).isEqualTo(expected.operation());
            if (expected.after() == null) {
                assertThat(read.after()).isNull();
            } else {
                assertThat(new Value<>(read.after())).isEqualTo(values.of(expected.after()));
            }
        }
    }

    /** Each puts something in the place of something else of the row, and makes it one for which Connect has rules of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"name\": \"id\", \"type\": \"long\" -> \"name\": \"id\", \"type\": \"int\"",
                "\"name\": \"id\", \"type\": \"long\" -> \"name\": \"id\", \"type\": [\"null\", \"long\"]",
                "\"name\": \"id\", \"type\": \"long\" -> \"name\": \"other\", \"type\": \"long\"",
                "\"scale\": 2 -> \"scale\": 3",
                "\"logicalType\": \"date\" -> \"connect.name\": \"io.debezium.time.Date\"",
                "\"values\": \"string\" -> \"values\": [\"null\", \"string\"]",
                "\"remark\" -> \"note\", \"type\": \"string\"}, {\"name\": \"remark\"",
                "[\"string\", \"null\"] -> [\"string\", \"null\", \"long\"]"
            })
    void columnsOfOtherTypesAreNotReadStraightAway(String change) {
        String[] parts = change.split(" -> ", 2);
        assertThat(ROW).contains(parts[0]);

        boolean straight = DirectEnvelopes.of(envelope(ROW.replace(parts[0], parts[1])), port)
                .isPresent();

        // A column of the field's own name goes before one of its alias, and is as good.
        assertThat(straight).isEqualTo(parts[0].equals("\"remark\""));
    }

    private static Schema envelope(String row) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Envelope", "namespace": "shop.public.orders", "fields": [
                  {"name": "before", "type": ["null", %s]}, {"name": "after", "type": ["null", "Value"]}, {"name": "op", "type": "string"}]}
                """.formatted(row));
    }

    private static GenericRecord change(Schema writer, Random random) {
        Schema row = writer.getField("after").schema().getTypes().get(1);
        GenericRecord change = new GenericData.Record(writer);
        change.put("op", List.of("c", "u", "d", "r").get(random.nextInt(4)));
        change.put("before", random.nextBoolean() ? null : row(row, random));
        change.put("after", random.nextInt(4) == 0 ? null : row(row, random));
        return change;
    }

    private static GenericRecord row(Schema schema, Random random) {
        GenericRecord row = new GenericData.Record(schema);
        GenericRecord point = new GenericData.Record(schema.getField("dropped").schema());
        point.put("x", random.nextDouble());
        row.put("dropped", point);
        row.put("placed", LocalDate.ofEpochDay(random.nextInt(100_000)));
        row.put("remark", random.nextBoolean() ? null : "remark " + random.nextInt());
        row.put("amount", BigDecimal.valueOf(random.nextInt(1_999_999_999) - 999_999_999L, 2));
        row.put("tags", random.nextBoolean() ? Map.of() : Map.of("a", "b", "c", "\u00e9"));
        List<GenericRecord> lines = new ArrayList<>();
        Schema line = schema.getField("lines").schema().getElementType();
        for (int i = random.nextInt(3); i > 0; i--) {
            GenericRecord first = line(line, null);
            lines.add(random.nextBoolean() ? first : line(line, first));
        }
        row.put("lines", lines);
        row.put("id", random.nextLong());
        return row;
    }

    private static GenericRecord line(Schema schema, GenericRecord next) {
        GenericRecord line = new GenericData.Record(schema);
        line.put("part", "part");
        line.put("next", next);
        return line;
    }
}
