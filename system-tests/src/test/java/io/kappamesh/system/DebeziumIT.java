package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.connect.AvroKey;
import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.contracts.faults.OrderRow;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.json.JsonKey;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.testkit.LocalMesh;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a real PostgreSQL, which a real Debezium writes in Avro and in JSON, against what SQL says of them. */
@Timeout(240)
class DebeziumIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final JsonFormat COLUMNS =
            JsonFormat.json().epoch(ChronoUnit.MICROS).epochDays();
    private static final DatabaseOrders AVRO = DatabaseOrders.of(
            "shopavro",
            AvroKey.of("id"),
            DebeziumFormat.avro().changedAt("changedAt").ignoring(DebeziumFormat.Message.TRUNCATE));
    private static final DatabaseOrders JSON = DatabaseOrders.of(
            "shopjson", JsonKey.of("id"), DebeziumFormat.json(COLUMNS).changedAt("changedAt"));

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @TempDir
    Path directory;

    @Test
    void whatIsPublishedIsWhatStandsInTheDatabaseWhateverHappensToItsTable() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Metrics.addRegistry(meters);
        try (OrdersDatabase database = OrdersDatabase.startOrSkip();
                Admin admin = Admin.create(Map.of("bootstrap.servers", mesh.bootstrapServers()))) {
            // A compacted topic takes no message without a key, so the truncation goes to the other one only.
            admin.createTopics(List.of(
                            topic("shopavro", Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
                            topic("shopjson", Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            database.run("""
                    CREATE TABLE orders (id bigint PRIMARY KEY, customer text NOT NULL, amount numeric(12,2) NOT NULL,
                      placed_at timestamptz NOT NULL, delivered_at timestamp, due date, note text, paid boolean NOT NULL, rate numeric)
                    """, """
                    INSERT INTO orders VALUES
                      (1, 'ACME', 12.50, '2026-03-01 12:00:00.123456+01', '2026-03-02 08:30:00.000001', '2026-04-01', 'Grüße', true, 0.125),
                      (-2, '', -0.01, '1999-12-31 23:59:59+00', NULL, NULL, NULL, false, NULL),
                      (9007199254740993, 'O''Brien "quoted"', 9999999999.99, '2026-03-01 00:00:00-08', '1969-07-20 20:17:40', '1969-07-20', '', true,
                       12345678901234567890.0123456789),
                      (4, 'gone', 1, now(), now(), current_date, 'to be deleted', false, 1e3)
                    """);
            try (DatabaseFeed avro = avroFeed(database);
                    MeshRuntime running = mesh.run(AVRO.product(), JSON.product())) {
                try (DatabaseFeed json = jsonFeed(database)) {
                    awaitRows(database, avro, json);

                    database.run(
                            "INSERT INTO orders VALUES (5, 'new', 5.00, now(), NULL, NULL, NULL, false, NULL)",
                            "UPDATE orders SET amount = amount + 1, note = NULL WHERE id = 1",
                            "UPDATE orders SET amount = amount + 1, delivered_at = localtimestamp WHERE id = 1",
                            "DELETE FROM orders WHERE id = 4",
                            "UPDATE orders SET id = 6 WHERE id = -2");
                    database.run("INSERT INTO orders VALUES (4, 'back again', 4.00, now(), NULL, NULL, NULL, true, 0)");
                    awaitRows(database, avro, json);

                    database.run("ALTER TABLE orders ADD COLUMN channel text");
                    database.run(
                            "UPDATE orders SET channel = 'web' WHERE id = 5",
                            "INSERT INTO orders VALUES (7, 'seven', 7, now(), NULL, NULL, NULL, true, NULL, 'phone')");
                    awaitRows(database, avro, json);
                    assertThat(schemaIds()).as("schemas of values").hasSizeGreaterThan(1);
                }

                // Nobody reads in the meantime; what takes its place goes on where it stood.
                database.run("DELETE FROM orders WHERE id = 7", "UPDATE orders SET paid = NOT paid");
                try (DatabaseFeed json = jsonFeed(database)) {
                    awaitRows(database, avro, json);
                    assertThat(mesh.deadLetters(AVRO.product().product())).isEmpty();
                    assertThat(mesh.deadLetters(JSON.product().product())).isEmpty();

                    largeTextThatDoesNotChange(database, avro, json);

                    database.run(
                            "CREATE TABLE saved AS SELECT * FROM orders",
                            "TRUNCATE orders",
                            "UPDATE saved SET paid = true");
                    database.run("INSERT INTO orders SELECT * FROM saved");
                    awaitRows(database, avro, json);
                    // Once more for each transaction that was aborted.
                    await().atMost(TIMEOUT)
                            .untilAsserted(() -> assertThat(meters.get("mesh.records.ignored")
                                            .tag("product", "shopavro.orders")
                                            .functionCounter()
                                            .count())
                                    .as("truncations")
                                    .isGreaterThanOrEqualTo(1));
                }
                mesh.prove(AVRO.product().product());
                mesh.prove(JSON.product().product());
                assertThat(running.products()).isNotEmpty();
            }
        } finally {
            Metrics.removeRegistry(meters);
        }
    }

    /** PostgreSQL keeps large values beside the row and does not log them again when they stay, so Debezium does not have them. */
    private static void largeTextThatDoesNotChange(OrdersDatabase database, DatabaseFeed avro, DatabaseFeed json)
            throws Exception {
        database.run("""
                UPDATE orders SET note = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 1000) n) WHERE id = 5
                """);
        awaitRows(database, avro, json);
        database.run("UPDATE orders SET paid = NOT paid WHERE id = 5");
        for (DatabaseOrders orders : List.of(AVRO, JSON)) {
            await().atMost(TIMEOUT)
                    .untilAsserted(
                            () -> assertThat(mesh.deadLetters(orders.product().product()))
                                    .singleElement()
                                    .satisfies(DebeziumIT::namesTheRemedy));
            assertThat(mesh.table(orders.rows())).doesNotContainKey("5");
        }

        database.run("ALTER TABLE orders REPLICA IDENTITY FULL");
        database.run("UPDATE orders SET paid = NOT paid WHERE id = 5");
        awaitRows(database, avro, json);
    }

    private static void namesTheRemedy(DeadLetter letter) {
        assertThat(letter.reason()).isEqualTo(Reason.UNDECODABLE);
        assertThat(letter.detail()).contains("field note", "REPLICA IDENTITY FULL");
    }

    private static void awaitRows(OrdersDatabase database, DatabaseFeed avro, DatabaseFeed json) throws Exception {
        Map<String, OrderRow> expected = database.rows();
        for (DatabaseOrders orders : List.of(AVRO, JSON)) {
            await().atMost(TIMEOUT).untilAsserted(() -> {
                assertThat(avro.failure() + json.failure()).isEmpty();
                assertThat(published(orders))
                        .as(() -> "dead letters: " + reasons(orders))
                        .isEqualTo(expected);
            });
        }
    }

    private static List<String> reasons(DatabaseOrders orders) {
        return mesh.deadLetters(orders.product().product()).stream()
                .map(DeadLetter::detail)
                .toList();
    }

    /** Without the time of the change, which has to be there. */
    private static Map<String, OrderRow> published(DatabaseOrders orders) {
        Map<String, OrderRow> rows = new TreeMap<>(mesh.table(orders.rows()));
        rows.replaceAll((key, row) -> {
            assertThat(row.getChangedAt()).isBetween(Instant.now().minus(Duration.ofHours(1)), Instant.now());
            return OrderRow.newBuilder(row).setChangedAt(Instant.EPOCH).build();
        });
        return rows;
    }

    /** Of the values that Debezium has written in Avro. */
    private static Set<Integer> schemaIds() {
        return TopicLog.records(mesh.bootstrapServers(), "shopavro.public.orders").stream()
                .filter(record -> record.value() != null)
                .map(record -> ByteBuffer.wrap(record.value()).getInt(1))
                .collect(Collectors.toSet());
    }

    private DatabaseFeed avroFeed(OrdersDatabase database) {
        Converter keys = new ConnectAvro(mesh.registryUrl());
        keys.configure(Map.of(), true);
        Converter values = new ConnectAvro(mesh.registryUrl());
        values.configure(Map.of(), false);
        return feed(
                database,
                "shopavro",
                Map.of("decimal.handling.mode", "precise", "skipped.operations", "none"),
                keys,
                values);
    }

    private DatabaseFeed jsonFeed(OrdersDatabase database) {
        Converter keys = new JsonConverter();
        keys.configure(Map.of("schemas.enable", "true"), true);
        Converter values = new JsonConverter();
        values.configure(Map.of("schemas.enable", "true"), false);
        return feed(database, "shopjson", Map.of("decimal.handling.mode", "string"), keys, values);
    }

    private DatabaseFeed feed(
            OrdersDatabase database, String name, Map<String, String> more, Converter keys, Converter values) {
        Map<String, String> connector = new HashMap<>(more);
        connector.put("name", name);
        connector.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        connector.put("topic.prefix", name);
        connector.put("database.hostname", "localhost");
        connector.put("database.port", Integer.toString(database.port()));
        connector.put("database.user", "postgres");
        connector.put("database.password", "postgres");
        connector.put("database.dbname", "postgres");
        connector.put("plugin.name", "pgoutput");
        connector.put("slot.name", name);
        connector.put("publication.name", name);
        connector.put("publication.autocreate.mode", "filtered");
        connector.put("table.include.list", "public.orders");
        return new DatabaseFeed(mesh.bootstrapServers(), connector, directory.resolve(name + ".offsets"), keys, values);
    }

    private static NewTopic topic(String name, Map<String, String> settings) {
        return new NewTopic(name + ".public.orders", 3, (short) 1).configs(settings);
    }
}
