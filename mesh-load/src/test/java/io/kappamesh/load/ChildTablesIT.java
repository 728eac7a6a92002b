package io.kappamesh.load;

import static io.kappamesh.load.LoadLab.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.postgres.WriteStep;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tables.LatestRecords;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays of a port as tables of their own, in a real PostgreSQL. */
@Timeout(180)
class ChildTablesIT {
    private static final Schema ORDER = new Schema.Parser().parse("""
                    {"type": "record", "name": "Order", "namespace": "shop", "fields": [
                      {"name": "orderId", "type": "string"},
                      {"name": "round", "type": "int"},
                      {"name": "lines", "doc": "What was ordered.", "default": null, "type": ["null", {"type": "array", "items":
                        {"type": "record", "name": "Line", "fields": [
                          {"name": "partId", "type": "string", "doc": "Of the part."},
                          {"name": "quantity", "type": "int"},
                          {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
                          {"name": "options", "type": {"type": "array", "items": "string"}, "default": []}]}}]},
                      {"name": "tags", "type": {"type": "array", "items": ["null", "string"]}, "default": []}]}
                    """);
    private static final String LINES =
            "SELECT mesh_key, mesh_index, part_id, quantity, price FROM %s.sales_lines ORDER BY 1, 2";

    @RegisterExtension
    static final LoadLab lab = new LoadLab();

    /** What ends a loader where it stands. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static GenericData.Record line(String part, int quantity) {
        return line(ORDER, part, quantity);
    }

    private static GenericData.Record line(Schema order, String part, int quantity) {
        Schema lines = order.getField("lines").schema().getTypes().get(1);
        GenericData.Record line = new GenericData.Record(lines.getElementType());
        line.put("partId", part);
        line.put("quantity", quantity);
        line.put("price", ByteBuffer.wrap(BigInteger.valueOf(100L * quantity).toByteArray()));
        line.put("options", List.of(part + "-a", "b"));
        return line;
    }

    private static byte[] order(
            int schemaId, String id, @Nullable List<GenericData.Record> lines, @Nullable String... tags) {
        return order(ORDER, schemaId, id, 1, lines, tags);
    }

    private static byte[] order(
            Schema schema,
            int schemaId,
            String id,
            int round,
            @Nullable List<GenericData.Record> lines,
            @Nullable String... tags) {
        GenericData.Record order = new GenericData.Record(schema);
        order.put("orderId", id);
        order.put("round", round);
        order.put("lines", lines);
        order.put("tags", Arrays.asList(tags));
        return new AvroEncoder<>(AvroType.raw(schema), schemaId).encode(order);
    }

    /** Orders of random keys with none to four lines, some of them deletions. */
    private static List<ProducerRecord<byte[], byte[]>> orders(
            String topic, int schemaId, int keys, int number, int round, Random random) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String key = "o-" + random.nextInt(keys);
            List<GenericData.Record> lines = new ArrayList<>();
            for (int j = random.nextInt(5); j > 0; j--) {
                lines.add(line("p" + random.nextInt(50), 1 + random.nextInt(9)));
            }
            byte[] value = switch (random.nextInt(6)) {
                case 0 -> null;
                case 1 -> order(ORDER, schemaId, key, round, null);
                default -> order(ORDER, schemaId, key, round, lines, "t" + i, null);
            };
            records.add(record(topic, key, value));
        }
        return records;
    }

    private static void load(String port, String... children) {
        try (PortLoader loader = lab.loader(port).child(children).build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }
    }

    /** By SQL, which uses nothing of the loader's own comparison. */
    private static void assertRowsAreAsManyAsCounted(String schema) throws SQLException {
        assertThat(lab.postgres().rows("""
                        SELECT mesh_key, lines_count, tags_count FROM %1$s.sales_v1 AS port WHERE
                          coalesce(lines_count, 0) <> (SELECT count(*) FROM %1$s.sales_v1_lines AS line WHERE line.mesh_key = port.mesh_key)
                          OR coalesce(lines_count, 0) <> (SELECT coalesce(max(mesh_index), -1) + 1 FROM %1$s.sales_v1_lines AS line WHERE line.mesh_key = port.mesh_key)
                          OR tags_count <> (SELECT count(*) FROM %1$s.sales_v1_tags AS tag WHERE tag.mesh_key = port.mesh_key)
                        UNION ALL SELECT mesh_key, mesh_index, NULL FROM %1$s.sales_v1_lines AS line
                          WHERE NOT EXISTS (SELECT FROM %1$s.sales_v1 AS port WHERE port.mesh_key = line.mesh_key)
                        """.formatted(schema))).isEmpty();
    }

    @Test
    void elementsAreRowsInTheirOrderAndFewerOfThemLeaveNoneBehind() throws Exception {
        String port = "elements.sales.v1";
        int id = lab.port(port, 2, ORDER);
        lab.broker()
                .writeAll(List.of(
                        record(
                                port,
                                "a",
                                order(id, "a", List.of(line("p3", 3), line("p1", 1), line("p2", 2)), "x", null)),
                        record(port, "b", order(id, "b", List.of(line("p1\t\\N\n", 1)))),
                        record(port, "null", order(id, "null", null)),
                        record(port, "empty", order(id, "empty", List.of()))));
        load(port, "lines", "tags");

        assertThat(lab.postgres().rows(LINES.formatted("elements")))
                .containsExactly("a|0|p3|3|3.00", "a|1|p1|1|1.00", "a|2|p2|2|2.00", "b|0|p1\t\\N\n|1|1.00");
        assertThat(lab.postgres().rows("SELECT mesh_key, options->>0 FROM elements.sales_lines WHERE quantity = 3"))
                .containsExactly("a|p3-a");
        assertThat(lab.postgres().rows("SELECT order_id, lines_count, tags_count FROM elements.sales ORDER BY 1"))
                .containsExactly("a|3|2", "b|1|0", "empty|0|0", "null|null|0");
        assertThat(lab.postgres().rows("SELECT mesh_key, mesh_index, value FROM elements.sales_tags ORDER BY 1, 2"))
                .containsExactly("a|0|x", "a|1|null");
        lab.assertComplete(port);

        lab.broker()
                .writeAll(List.of(
                        record(port, "a", order(id, "a", List.of(line("p2", 2)))),
                        record(port, "b", null),
                        record(port, "empty", order(id, "empty", List.of(line("p9", 9), line("p9", 9))))));
        lab.load(port);

        assertThat(lab.postgres().rows(LINES.formatted("elements")))
                .containsExactly("a|0|p2|2|2.00", "empty|0|p9|9|9.00", "empty|1|p9|9|9.00");
        assertThat(lab.postgres().value("SELECT count(*) FROM elements.sales_tags"))
                .isEqualTo("0");
        lab.assertComplete(port);
        assertThat(lab.postgres().value("SELECT obj_description('elements.sales_v1_lines'::regclass)"))
                .isEqualTo("What was ordered. Elements of field lines of port elements.sales.v1.");
        assertThat(lab.postgres()
                        .value("SELECT col_description('elements.sales_v1_lines'::regclass, attnum) FROM pg_attribute"
                                + " WHERE attrelid = 'elements.sales_v1_lines'::regclass AND attname = 'part_id'"))
                .isEqualTo("Of the part.");
    }

    @Test
    void valueThatCannotBeHeldWithinAnElementTakesTheRowAndAllItsElements() throws Exception {
        String port = "within.sales.v1";
        int id = lab.port(port, 1, ORDER);
        lab.broker()
                .writeAll(List.of(
                        record(port, "a", order(id, "a", List.of(line("p1", 1), line("p2", 2)), "x")),
                        record(port, "b", order(id, "b", List.of(line("p1", 1)), "x"))));
        load(port, "lines", "tags");
        lab.broker().write(record(port, "a", order(id, "a", List.of(line("p1", 1), line("p\0", 2)), "x")));
        lab.load(port);

        assertThat(lab.postgres().rows("SELECT reason FROM within._mesh_dead_letters"))
                .containsExactly(
                        "field lines field partId has a character NUL (U+0000), which PostgreSQL's text cannot hold");
        assertThat(lab.postgres().rows(LINES.formatted("within"))).containsExactly("b|0|p1|1|1.00");
        assertThat(lab.postgres().rows("SELECT mesh_key FROM within.sales_tags"))
                .containsExactly("b");
        assertThat(lab.verify(port).refused()).isEqualTo(1);

        lab.broker().write(record(port, "a", order(id, "a", List.of(line("p7", 7)), "x")));
        lab.load(port);

        assertThat(lab.postgres().rows(LINES.formatted("within"))).containsExactly("a|0|p7|7|7.00", "b|0|p1|1|1.00");
        lab.assertComplete(port);
    }

    /** Its key is short enough for the index of the port's table, and too long for that of the child table. */
    @Test
    void elementThatPostgresRefusesIsFoundAmongManyAndTheOthersAreLoaded() throws Exception {
        String port = "long.sales.v1";
        int id = lab.port(port, 1, ORDER);
        Random random = new Random(7);
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < 2_691; i++) {
            key.append((char) (33 + random.nextInt(90)));
        }
        lab.broker().write(record(port, key.toString(), order(id, "long", null)));
        load(port, "lines", "tags");
        assertThat(lab.assertComplete(port).equal()).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            lab.broker().write(record(port, "o" + i, order(id, "o" + i, List.of(line("p", i), line("q", i)), "x")));
            if (i == 60) {
                lab.broker().write(record(port, key.toString(), order(id, "long", List.of(line("p", 1)), "x")));
            }
        }
        lab.load(port);

        LoadVerification found = lab.verify(port);
        assertThat(found.refused()).as("%s", found).isEqualTo(1);
        assertThat(found.equal()).isEqualTo(100);
        assertThat(found.agrees()).as("%s", found).isTrue();
        assertRowsAreAsManyAsCounted("long");
    }

    @Test
    void verificationSaysWhichChildTableDiffers() throws Exception {
        String port = "spoiled.sales.v1";
        int id = lab.port(port, 2, ORDER);
        for (int i = 0; i < 10; i++) {
            lab.broker()
                    .write(record(port, "o" + i, order(id, "o" + i, List.of(line("p", i), line("q", i)), "x", "y")));
        }
        load(port, "lines", "tags");
        lab.postgres()
                .run(
                        "UPDATE spoiled.sales_v1_lines SET quantity = quantity + 1 WHERE mesh_key = 'o1' AND mesh_index = 1",
                        "DELETE FROM spoiled.sales_v1_lines WHERE mesh_key = 'o2' AND mesh_index = 0",
                        "INSERT INTO spoiled.sales_v1_tags (mesh_key, mesh_index) VALUES ('o3', 2), ('nobody', 0), ('nobody', 1)",
                        "DELETE FROM spoiled.sales_v1_lines WHERE mesh_key = 'o4'",
                        "UPDATE spoiled.sales_v1_tags SET mesh_index = 1 - mesh_index + 10 WHERE mesh_key = 'o5'",
                        "DELETE FROM spoiled.sales_v1 WHERE mesh_key = 'o6'");

        LoadVerification found = lab.verify(port);

        assertThat(found.agrees()).isFalse();
        assertThat(found.columns())
                .isEqualTo(Map.of(
                        "sales_v1_lines.quantity",
                        1L,
                        "sales_v1_lines (missing rows)",
                        2L,
                        "sales_v1_tags (missing rows)",
                        1L,
                        "sales_v1_tags (rows too many)",
                        2L));
        assertThat(found.changed()).isEqualTo(5);
        assertThat(found.missing()).isEqualTo(1);
        // The elements of o6 in two tables, and those of nobody in one.
        assertThat(found.extra()).isEqualTo(3);
        assertThat(found.equal()).isEqualTo(4);
        assertThat(found.samples())
                .contains(
                        new LoadVerification.Sample("nobody", "in sales_v1_tags only"),
                        new LoadVerification.Sample("o1", "sales_v1_lines.quantity"));
        lab.loader(port).reload(false, Progress.SILENT);
        lab.assertComplete(port);
        assertRowsAreAsManyAsCounted("spoiled");
    }

    @Test
    void fieldOfAMinorVersionWithinAnElementBecomesAColumnWhileItRuns() throws Exception {
        String port = "minor.sales.v1";
        int id = lab.port(port, 1, ORDER);
        lab.broker().write(record(port, "a", order(id, "a", List.of(line("p1", 1)))));
        load(port, "lines", "tags");
        try (PortLoader loader = lab.loader(port).start()) {
            lab.awaitLoaded(port);
            Schema wider = new Schema.Parser()
                    .parse(
                            ORDER.toString()
                                    .replace(
                                            "{\"name\":\"quantity\"",
                                            "{\"name\":\"unit\",\"type\":\"string\",\"default\":\"piece\"},{\"name\":\"quantity\""));
            int widerId = lab.registry().register(port + "-value", wider);
            GenericData.Record line = line(wider, "p2", 2);
            line.put("unit", "kg");
            lab.broker()
                    .writeAll(List.of(
                            record(port, "b", order(wider, widerId, "b", 1, List.of(line))),
                            record(port, "c", order(id, "c", List.of(line("old writer", 3))))));
            lab.awaitLoaded(port);
            assertThat(loader.failure()).isEmpty();
        }

        assertThat(lab.postgres().rows("SELECT mesh_key, part_id, quantity, unit FROM minor.sales_lines ORDER BY 1"))
                .containsExactly("a|p1|1|piece", "b|p2|2|kg", "c|old writer|3|piece");
        lab.assertComplete(port);
    }

    @Test
    void namesThatPostgresDoesNotHaveAreChangedInChildTablesToo() throws Exception {
        String port = "odd.sales.v1";
        String longName = "aVeryLongNameOfAnArray".repeat(4);
        Schema schema = new Schema.Parser().parse("""
                        {"type": "record", "name": "Odd", "fields": [
                          {"name": "orderLines", "type": {"type": "array", "items": {"type": "record", "name": "L", "fields": [
                            {"name": "order", "type": "int"}, {"name": "meshKey", "type": "int"}, {"name": "meshIndex", "type": "int"},
                            {"name": "meshPartition", "type": "int"}, {"name": "value", "type": "int"}]}}},
                          {"name": "order_lines", "type": {"type": "array", "items": "int"}},
                          {"name": "order_lines_count", "type": "int"},
                          {"name": "%s", "type": {"type": "array", "items": {"type": "array", "items": "long"}}}]}
                        """.formatted(longName));
        int id = lab.port(port, 1, schema);
        GenericData.Record line =
                new GenericData.Record(schema.getField("orderLines").schema().getElementType());
        for (Schema.Field field : line.getSchema().getFields()) {
            line.put(field.name(), field.pos());
        }
        GenericData.Record odd = new GenericData.Record(schema);
        odd.put("orderLines", List.of(line));
        odd.put("order_lines", List.of(7, 8));
        odd.put("order_lines_count", 9);
        odd.put(longName, List.of(List.of(1L), List.of()));
        lab.broker().write(record(port, "k", new AvroEncoder<>(AvroType.raw(schema), id).encode(odd)));
        load(port, "orderLines", "order_lines", longName);

        lab.assertComplete(port);
        assertThat(lab.postgres().rows("SELECT \"order\" FROM odd.sales_v1_order_lines"))
                .containsExactly("0");
        assertThat(lab.postgres()
                        .rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'odd'"
                                + " AND table_name LIKE 'sales%'"))
                .hasSize(8)
                .allSatisfy(name -> assertThat(name.length()).isLessThanOrEqualTo(63));
        lab.loader(port).reload(false, Progress.SILENT);
        lab.assertComplete(port);
    }

    @Test
    void declarationsThatCannotBeAreNamedTogether() throws Exception {
        String port = "wrong.sales.v1";
        Schema schema = new Schema.Parser().parse("""
                        {"type": "record", "name": "Odd", "fields": [
                          {"name": "note", "type": ["null", "string"]},
                          {"name": "holes", "type": {"type": "array", "items": ["null", {"type": "record", "name": "H", "fields": []}]}},
                          {"name": "byName", "type": {"type": "map", "values": "int"}}]}
                        """);
        lab.port(port, 1, schema);

        assertThatThrownBy(() -> load(port, "note", "holes", "byName", "nothing"))
                .isInstanceOfSatisfying(
                        LifecycleException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.CONTRACT))
                .hasMessageContainingAll(
                        "field note cannot have a child table: it is no array but string",
                        "field holes cannot have a child table: its elements may be null",
                        "field byName cannot have a child table: it is no array but map",
                        "field nothing cannot have a child table: the contract has no such field; arrays are holes");
        assertThatThrownBy(() -> lab.loader(port).child("note", "note").build())
                .hasMessageContaining("the child table of field note is declared more than once");
        assertThatThrownBy(
                        () -> lab.loader(port).child("note").withoutChildren().build())
                .hasMessageContaining("child tables of note are declared, and that there are none");
        assertThat(lab.postgres().value("SELECT to_regclass('wrong.sales_v1')")).isEqualTo("null");
    }

    @Test
    void anotherDeclarationIsRefusedAndReloadTakesIt() throws Exception {
        String port = "other.sales.v1";
        int id = lab.port(port, 1, ORDER);
        lab.broker().writeAll(orders(port, id, 20, 100, 1, new Random(1)));
        lab.load(port);
        lab.postgres()
                .run(
                        "CREATE INDEX by_round ON other.sales_v1 (round)",
                        "CREATE INDEX by_line ON other.sales_v1 USING gin (lines)",
                        "CREATE UNIQUE INDEX by_key ON other.sales_v1 (mesh_key, lines)",
                        "ALTER TABLE other.sales_v1 ADD CONSTRAINT by_key UNIQUE USING INDEX by_key",
                        "GRANT SELECT ON other._mesh_loads TO PUBLIC",
                        "GRANT SELECT ON other.sales TO PUBLIC");

        assertThatThrownBy(() -> load(port, "lines"))
                .isInstanceOfSatisfying(
                        LifecycleException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION))
                .hasMessageContainingAll(
                        "has no child tables, and child tables of lines are declared",
                        "`mesh reload other.sales.v1 --child lines`");
        List<String> said = new ArrayList<>();
        lab.loader(port).child("tags", "lines").reload(false, steps(said));
        assertThat(said)
                .anyMatch(step ->
                        step.contains("Leaving out indexes") && step.contains("by_line") && step.contains("by_key"));
        assertThat(lab.postgres().value("SELECT has_table_privilege('pg_monitor', 'other._mesh_children', 'SELECT')"))
                .isEqualTo("t");
        lab.assertComplete(port);
        assertRowsAreAsManyAsCounted("other");
        assertThat(lab.postgres().value("SELECT has_table_privilege('pg_monitor', 'other.sales', 'SELECT')"))
                .isEqualTo("t");
        lab.postgres()
                .run(
                        "CREATE INDEX by_part ON other.sales_v1_lines (part_id)",
                        "GRANT SELECT ON other.sales_v1_lines, other.sales_lines TO PUBLIC",
                        "CREATE VIEW other.mine AS SELECT part_id FROM other.sales_lines");
        String before = lab.postgres().value("SELECT 'other.sales_v1_lines'::regclass::oid");

        // Nothing is said: what there is is kept, also what others have built on the view.
        lab.loader(port).reload(false, Progress.SILENT);
        lab.assertComplete(port);
        assertThat(lab.postgres().value("SELECT 'other.sales_v1_lines'::regclass::oid"))
                .isNotEqualTo(before);
        for (String relation : List.of("other.sales_v1_lines", "other.sales_lines")) {
            assertThat(lab.postgres().value("SELECT has_table_privilege('pg_monitor', '" + relation + "', 'SELECT')"))
                    .as(relation)
                    .isEqualTo("t");
        }
        assertThat(
                        lab.postgres()
                                .rows(
                                        "SELECT tablename FROM pg_indexes WHERE schemaname = 'other' AND indexdef ~ '\\((part_id|round)\\)'"))
                .containsExactlyInAnyOrder("sales_v1_lines", "sales_v1");
        assertThat(lab.postgres().value("SELECT count(*) FROM other.mine"))
                .isEqualTo(lab.postgres().value("SELECT count(*) FROM other.sales_v1_lines"));

        assertThatThrownBy(() -> lab.loader(port).withoutChildren().reload(false, Progress.SILENT))
                .hasMessageContaining("drop or change what depends on the table");
        lab.postgres().run("DROP VIEW other.mine");
        lab.loader(port).child("tags").reload(false, Progress.SILENT);
        lab.assertComplete(port);
        assertThat(lab.postgres().value("SELECT to_regclass('other.sales_lines')"))
                .isEqualTo("null");
        assertThat(lab.postgres().value("SELECT to_regclass('other.sales_v1_lines')"))
                .isEqualTo("null");
        assertThatThrownBy(() -> load(port, "lines"))
                .hasMessageContaining("has child tables of tags, and child tables of lines are declared");
        lab.loader(port).withoutChildren().reload(false, Progress.SILENT);
        lab.load(port);
        lab.assertComplete(port);
        assertThat(lab.postgres().value("SELECT count(*) FROM other._mesh_children"))
                .isEqualTo("0");
        assertThat(lab.postgres()
                        .rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'other'"
                                + " AND table_name LIKE '%sales%'"))
                .containsExactlyInAnyOrder("sales_v1", "sales");
    }

    private static Progress steps(List<String> said) {
        return new Progress() {
            @Override
            public void step(String what) {
                said.add(what);
            }

            @Override
            public void progress(long done, long total) {}
        };
    }

    @Test
    void childTableThatIsGoneIsNamedAndReloadBuildsItAgain() throws Exception {
        String port = "gone.sales.v1";
        int id = lab.port(port, 1, ORDER);
        lab.broker().writeAll(orders(port, id, 20, 100, 1, new Random(1)));
        load(port, "lines", "tags");
        lab.postgres().run("DROP TABLE gone.sales_v1_lines CASCADE");

        assertThatThrownBy(() -> lab.load(port))
                .hasMessageContainingAll("\"gone\".\"sales_v1_lines\" was loaded, and is gone", "mesh reload");
        lab.loader(port).reload(false, Progress.SILENT);
        lab.assertComplete(port);
        assertThat(lab.postgres().value("SELECT count(*) FROM gone.sales_lines"))
                .isEqualTo(lab.postgres().value("SELECT count(*) FROM gone.sales_v1_lines"));
    }

    @Test
    void viewThatIsTakenIsTakenWithItsElements() throws Exception {
        int one = lab.port("taken.sales.v1", 1, ORDER);
        lab.broker().write(record("taken.sales.v1", "a", order(one, "a", List.of(line("one", 1)), "x")));
        load("taken.sales.v1", "lines", "tags");
        int two = lab.port("taken.sales.v2", 1, ORDER);
        lab.broker().write(record("taken.sales.v2", "a", order(two, "a", List.of(line("two", 2)), "x")));
        load("taken.sales.v2", "lines");
        assertThat(lab.postgres().rows("SELECT part_id FROM taken.sales_lines")).containsExactly("one");
        lab.postgres().run("GRANT SELECT ON taken.sales_lines TO PUBLIC");

        try (PortLoader loader = lab.loader("taken.sales.v2").takingView().build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }

        assertThat(lab.postgres().rows("SELECT part_id FROM taken.sales_lines")).containsExactly("two");
        assertThat(lab.postgres().value("SELECT has_table_privilege('pg_monitor', 'taken.sales_lines', 'SELECT')"))
                .isEqualTo("t");
        assertThat(lab.postgres().value("SELECT to_regclass('taken.sales_tags')"))
                .as("would show the elements of another version")
                .isEqualTo("null");
        lab.loader("taken.sales.v1").reload(false, Progress.SILENT);
        lab.assertComplete("taken.sales.v1");
        lab.assertComplete("taken.sales.v2");
        assertThat(lab.postgres().rows("SELECT part_id FROM taken.sales_lines")).containsExactly("two");
    }

    @Test
    void nameOfAViewThatAnotherPortHasIsRefused() throws Exception {
        int id = lab.port("both.sales-lines.v1", 1, ORDER);
        lab.broker().write(record("both.sales-lines.v1", "a", order(id, "a", null)));
        lab.load("both.sales-lines.v1");
        lab.port("both.sales.v1", 1, ORDER);

        assertThatThrownBy(() -> load("both.sales.v1", "lines"))
                .hasMessageContainingAll(
                        "\"both\".\"sales_lines\" is a view's name", "elements of field lines", "--no-view");
        try (PortLoader loader =
                lab.loader("both.sales.v1").child("lines").withoutView().build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }
        lab.assertComplete("both.sales.v1");
    }

    @ParameterizedTest
    @EnumSource(WriteStep.class)
    void loaderThatDiesAtAStepLeavesRowsAndElementsOfTheSameRecords(WriteStep step) throws Exception {
        String schema = "at_" + step.name().toLowerCase(Locale.ROOT);
        String port = schema.replace('_', '-') + ".sales.v1";
        int id = lab.port(port, 3, ORDER);
        lab.broker()
                .writeAll(orders(port, id, 200, 2_000, 1, new Random(step.name().hashCode())));
        int deaths = 0;
        for (int batch = 1; deaths < 4; batch++) {
            AtomicInteger left = new AtomicInteger(batch);
            PortLoaderBuilder dying = lab.loader(port)
                    .child("lines", "tags")
                    .batchRecords(150)
                    .steps(at -> {
                        if (at == step && left.decrementAndGet() == 0) {
                            throw new Killed();
                        }
                    });
            try (PortLoader loader = dying.build()) {
                assertThatThrownBy(loader::loadToEnd).isInstanceOf(Killed.class);
                deaths++;
            }
            lab.assertCompleteUpToItsPositions(port);
            assertRowsAreAsManyAsCounted(schema);
        }
        lab.load(port);

        lab.assertComplete(port);
        assertRowsAreAsManyAsCounted(schema);
        lab.assertRowsComeFromTheLatestRecords(schema, port);
    }

    @Test
    void correctionsOfAPromotionAppearWithTheirElementsAllAtOnce() throws Exception {
        String port = "promoted.sales.v1";
        int id = lab.port(port, 2, ORDER);
        List<ProducerRecord<byte[], byte[]>> first = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            first.add(record(port, "o" + i, order(id, "o" + i, List.of(line("old", 1), line("old", 2)))));
        }
        lab.broker().writeAll(first);
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        PortLoaderBuilder watched = lab.loader(port)
                .child("lines")
                .batchRecords(10)
                .steps(at -> {
                    if (at == WriteStep.COMMITTED) {
                        seen.add(newLines());
                    }
                });
        try (PortLoader loader = watched.start()) {
            lab.awaitLoaded(port);
            Map<String, Object> config = Map.of(
                    "bootstrap.servers", lab.broker().bootstrapServers(), "transactional.id", "promoting-orders");
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                for (int i = 0; i < 100; i++) {
                    ProducerRecord<byte[], byte[]> correction =
                            record(port, "o" + i, order(ORDER, id, "o" + i, 2, List.of(line("new", 1))));
                    correction.headers().add(LatestRecords.CORRECTION_HEADER, "g2".getBytes(StandardCharsets.UTF_8));
                    producer.send(correction).get();
                }
                producer.commitTransaction();
            }
            await().atMost(LoadLab.TIMEOUT).until(() -> newLines().equals("100"));
            assertThat(loader.failure()).isEmpty();
        }
        assertThat(seen).isSubsetOf("0", "100").contains("100");
        assertThat(lab.postgres().value("SELECT count(*) FROM promoted.sales_lines"))
                .isEqualTo("100");
        lab.assertComplete(port);
    }

    private static String newLines() {
        try {
            return lab.postgres().value("SELECT count(*) FROM promoted.sales_v1_lines WHERE part_id = 'new'");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** It has read the elements, and reads the port next; the exchange has the port, and waits for the elements. */
    @Test
    void reloadEndsNobodyWhoJoinsTheViews() throws Exception {
        String port = "joined.sales.v1";
        int id = lab.port(port, 1, ORDER);
        lab.broker().writeAll(orders(port, id, 50, 200, 1, new Random(2)));
        load(port, "lines");
        try (Connection reading = lab.postgres().connect()) {
            reading.setAutoCommit(false);
            reading.createStatement().execute("SELECT count(*) FROM joined.sales_lines");
            CompletableFuture<LoadProgress> reload =
                    CompletableFuture.supplyAsync(() -> lab.loader(port).reload(false, Progress.SILENT));
            await().atMost(LoadLab.TIMEOUT)
                    .until(() -> !lab.postgres()
                            .value("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
                            .equals("0"));
            // PostgreSQL looks for a deadlock a second after one began to wait: it is the reader that waits last.
            reading.createStatement().execute("SELECT pg_sleep(1.5)");
            reading.createStatement().execute("SELECT count(*) FROM joined.sales");
            reading.rollback();
            reload.get(LoadLab.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        }
        lab.assertComplete(port);
    }

    @Test
    void reloadWhileItRunsEndsEqualAndTheLoaderGoesOnWithChildTables() throws Exception {
        String port = "running.sales.v1";
        int id = lab.port(port, 3, ORDER);
        Random random = new Random(3);
        lab.broker().writeAll(orders(port, id, 300, 3_000, 1, random));
        try (PortLoader loader = lab.loader(port).child("lines", "tags").start()) {
            lab.awaitLoaded(port);
            Thread writing = new Thread(() -> {
                for (int round = 2; round < 20; round++) {
                    lab.broker().writeAll(orders(port, id, 300, 200, round, random));
                }
            });
            writing.start();
            lab.loader(port).reload(false, Progress.SILENT);
            writing.join();
            lab.awaitLoaded(port);
            assertThat(loader.failure()).isEmpty();
        }
        lab.assertComplete(port);
        assertRowsAreAsManyAsCounted("running");
    }

    @Test
    void arrayThatAMinorVersionTakesAwayLeavesRowsWithWhichNothingIsWrong() throws Exception {
        String port = "away.sales.v1";
        int id = lab.port(port, 1, ORDER);
        lab.broker()
                .writeAll(List.of(
                        record(port, "a", order(id, "a", List.of(line("p1", 1)), "x")),
                        record(port, "b", order(id, "b", List.of(line("p2", 2)), "x"))));
        load(port, "lines", "tags");
        List<Schema.Field> fields = ORDER.getFields().stream()
                .filter(field -> !field.name().equals("lines"))
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
        Schema without = Schema.createRecord(ORDER.getName(), null, ORDER.getNamespace(), false, fields);
        int newer = lab.registry().register(port + "-value", without);
        GenericData.Record order = new GenericData.Record(without);
        order.put("orderId", "b");
        order.put("round", 2);
        order.put("tags", List.of("y"));
        lab.broker().write(record(port, "b", new AvroEncoder<>(AvroType.raw(without), newer).encode(order)));
        lab.load(port);

        lab.assertComplete(port);
        assertThat(lab.postgres().rows("SELECT mesh_key, part_id FROM away.sales_lines"))
                .containsExactly("a|p1");
    }

    @Test
    void loaderThatRunsAddsColumnsAndLeavesAViewThatWasTakenMeanwhileAlone() throws Exception {
        String port = "lost.sales.v1";
        int one = lab.port(port, 1, ORDER);
        lab.broker().write(record(port, "a", order(one, "a", List.of(line("one", 1)))));
        int two = lab.port("lost.sales.v2", 1, ORDER);
        lab.broker().write(record("lost.sales.v2", "a", order(two, "a", List.of(line("two", 2)))));
        try (PortLoader loader = lab.loader(port).child("lines").start()) {
            lab.awaitLoaded(port);
            try (PortLoader taking =
                    lab.loader("lost.sales.v2").child("lines").takingView().build()) {
                assertThat(taking.loadToEnd()).isTrue();
            }
            Schema wider = new Schema.Parser()
                    .parse(
                            ORDER.toString()
                                    .replace(
                                            "{\"name\":\"quantity\"",
                                            "{\"name\":\"unit\",\"type\":\"string\",\"default\":\"piece\"},{\"name\":\"quantity\""));
            int widerId = lab.registry().register(port + "-value", wider);
            GenericData.Record line = line(wider, "three", 3);
            line.put("unit", "kg");
            lab.broker().write(record(port, "b", order(wider, widerId, "b", 1, List.of(line))));
            lab.awaitLoaded(port);
            assertThat(loader.failure()).isEmpty();
        }

        assertThat(lab.postgres().rows("SELECT part_id, unit FROM lost.sales_v1_lines ORDER BY 1"))
                .containsExactly("one|piece", "three|kg");
        assertThat(lab.postgres().rows("SELECT part_id FROM lost.sales_lines")).containsExactly("two");
        assertThat(lab.postgres().rows("SELECT port, view_name FROM lost._mesh_children ORDER BY 1"))
                .containsExactly("lost.sales.v1|null", "lost.sales.v2|sales_lines");
        lab.loader(port).reload(false, Progress.SILENT);
        lab.assertComplete(port);
        assertThat(lab.postgres().rows("SELECT part_id FROM lost.sales_lines")).containsExactly("two");
    }

    @Test
    void fieldsWhoseNamesAreOneInPostgresKeepTheirTablesWhicheverComesFirst() throws Exception {
        String port = "alike.sales.v1";
        Schema schema = new Schema.Parser().parse("""
                        {"type": "record", "name": "Alike", "fields": [
                          {"name": "aB", "type": {"type": "array", "items": "int"}},
                          {"name": "a_b", "type": {"type": "array", "items": "int"}}]}
                        """);
        int id = lab.port(port, 1, schema);
        GenericData.Record alike = new GenericData.Record(schema);
        alike.put("aB", List.of(1));
        alike.put("a_b", List.of(2));
        lab.broker().write(record(port, "k", new AvroEncoder<>(AvroType.raw(schema), id).encode(alike)));
        load(port, "a_b");
        lab.postgres().run("CREATE VIEW alike.mine AS SELECT value FROM alike.sales_a_b");

        lab.loader(port).child("aB", "a_b").reload(false, Progress.SILENT);

        lab.assertComplete(port);
        assertThat(lab.postgres().rows("SELECT value FROM alike.mine")).containsExactly("2");
        assertThat(lab.postgres().rows("SELECT value FROM alike.sales_v1_a_b")).containsExactly("2");
        lab.loader(port).reload(false, Progress.SILENT);
        assertThat(lab.postgres().rows("SELECT value FROM alike.mine")).containsExactly("2");
        lab.postgres().run("DROP VIEW alike.mine");
        lab.loader(port).child("aB").reload(false, Progress.SILENT);
        lab.assertComplete(port);
        assertThat(lab.postgres().value("SELECT to_regclass('alike.sales_v1_a_b')"))
                .isEqualTo("null");
    }

    @Test
    void nameThatIsTakenIsFoundBeforeAnythingIsBuilt() throws Exception {
        String port = "early.sales.v1";
        int id = lab.port(port, 1, ORDER);
        lab.broker().write(record(port, "a", order(id, "a", List.of(line("p1", 1)), "x")));
        load(port, "lines");
        lab.postgres().run("CREATE TABLE early.sales_v1_tags (mine int)");
        List<String> said = new ArrayList<>();

        assertThatThrownBy(() -> lab.loader(port).child("lines", "tags").reload(false, steps(said)))
                .hasMessageContainingAll("\"early\".\"sales_v1_tags\" is the name of the table", "field tags");
        assertThat(said).isEmpty();
    }

    @Test
    void loaderThatRunsGoesOnWithTheChildTablesThatAReloadHasMade() throws Exception {
        String port = "onward.sales.v1";
        int id = lab.port(port, 1, ORDER);
        lab.broker().write(record(port, "a", order(id, "a", List.of(line("p1", 1)), "x")));
        try (PortLoader loader = lab.loader(port).child("lines").start()) {
            lab.awaitLoaded(port);
            lab.loader(port).child("tags").reload(false, Progress.SILENT);
            lab.broker().write(record(port, "b", order(id, "b", List.of(line("p1", 1)), "y")));
            lab.awaitLoaded(port);
            assertThat(loader.failure()).isEmpty();
        }
        assertThat(lab.postgres().rows("SELECT value FROM onward.sales_tags ORDER BY 1"))
                .containsExactly("x", "y");
        lab.assertComplete(port);
    }
}
