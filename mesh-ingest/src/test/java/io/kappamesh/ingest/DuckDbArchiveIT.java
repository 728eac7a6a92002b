package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives that another program has written, a DuckDB: each record is the row that a query of DuckDB's own shows. */
@Timeout(120)
class DuckDbArchiveIT {
    private static final int ROWS = 12_000;

    private static final Schema LINE = new Schema.Parser().parse("""
            {"type": "record", "name": "OrderLine", "namespace": "shop", "fields": [
              {"name": "lineId", "type": "string", "aliases": ["line_id"]},
              {"name": "orderId", "type": "long", "aliases": ["order_id"]},
              {"name": "part", "type": "int"},
              {"name": "quantity", "type": {"type": "bytes", "logicalType": "decimal", "precision": 15, "scale": 2}},
              {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 4}},
              {"name": "tax", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}]},
              {"name": "weight", "type": ["null", "double"]},
              {"name": "returned", "type": "boolean"},
              {"name": "shipped", "type": ["null", {"type": "int", "logicalType": "date"}]},
              {"name": "placedAt", "type": {"type": "long", "logicalType": "timestamp-micros"}, "aliases": ["placed_at"]},
              {"name": "seenAt", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}], "aliases": ["seen_at"]},
              {"name": "said", "type": ["null", "string"], "default": null}]}
            """);

    private static final Schema ORDER = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "orderId", "type": "string", "aliases": ["order_id"]},
              {"name": "placedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}, "aliases": ["placed_at"]},
              {"name": "tags", "type": {"type": "array", "items": "string"}},
              {"name": "items", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [
                {"name": "part", "type": "int"},
                {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 15, "scale": 2}}]}}},
              {"name": "taxes", "type": {"type": "map", "values":
                {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}}]}
            """);

    @RegisterExtension
    static final IngestLab lab = new IngestLab();

    private static Connection duckDb;

    @BeforeAll
    static void makeRows() throws SQLException {
        duckDb = DriverManager.getConnection("jdbc:duckdb:");
        rows("SET TimeZone = 'UTC'");
        rows("""
                CREATE TABLE lines AS SELECT
                  'l' || i AS line_id,
                  i // 4 + 5000000000 AS order_id,
                  (i * 7919 % 100000)::INTEGER AS part,
                  (i % 5000 / 100)::DECIMAL(15, 2) - 7 AS quantity,
                  (i * 1000003 / 10000)::DECIMAL(38, 4) AS price,
                  CASE WHEN i % 7 > 0 THEN (i % 20 / 100)::DECIMAL(4, 2) END AS tax,
                  CASE WHEN i % 5 > 0 THEN (i * 0.5)::DOUBLE END AS weight,
                  i % 3 = 0 AS returned,
                  CASE WHEN i % 11 > 0 THEN DATE '1996-01-01' + (i // 24)::INTEGER END AS shipped,
                  make_timestamp(820454400000000 + i * 61000000 + (i % 4) * 250000 + i % 2) AS placed_at,
                  CASE WHEN i % 2 > 0 THEN make_timestamp(1772355600000000 - i * 3600000000) AT TIME ZONE 'UTC' END AS seen_at,
                  CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'said "no", and left' WHEN 3 THEN 'two' || chr(10) || 'lines'
                    WHEN 4 THEN 'Köln, 🎉' WHEN 5 THEN '  \\N; ''quoted'' ' ELSE 'NULL' END AS said
                FROM range(ROWS) AS t(i)""".replace("ROWS", Integer.toString(ROWS)));
    }

    @AfterAll
    static void close() throws SQLException {
        duckDb.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "default.parquet | FORMAT parquet",
                "groups.parquet  | FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048",
                "zstd.parquet    | FORMAT parquet, COMPRESSION zstd",
                "plain.parquet   | FORMAT parquet, COMPRESSION uncompressed",
                "gzip.parquet    | FORMAT parquet, COMPRESSION gzip",
                "v2.parquet      | FORMAT parquet, PARQUET_VERSION v2",
                "default.csv     | FORMAT csv",
                "packed.csv.gz   | FORMAT csv, COMPRESSION gzip",
                "zstd.csv.zst    | FORMAT csv, COMPRESSION zstd",
                "quoted.csv      | FORMAT csv, FORCE_QUOTE *",
            })
    void everyRecordIsTheRowThatDuckDbShows(String name, String options) throws Exception {
        String domain = name.replace('.', '-');
        lab.provision(domain);
        Path file = lab.directory(domain).resolve(name);
        rows("COPY (SELECT * FROM lines ORDER BY placed_at) TO '" + file + "' (" + options + ")");
        PortIngestBuilder<GenericRecord> builder = PortIngest.builder(
                        lab.settings(), IngestLab.product(domain), port(domain, LINE, "lineId"))
                .files(file.toString());
        if (name.contains(".csv")) {
            builder.format(ArchiveFormat.csv(CsvFormat.csv().sqlTimestamps(ZoneOffset.UTC)));
        }

        IngestReport report = IngestLab.run(builder);

        assertThat(report.refused()).isZero();
        assertThat(report.written().stream().mapToLong(one -> one).sum()).isEqualTo(ROWS);
        assertThat(records(domain, LINE, DuckDbArchiveIT::text))
                .isEqualTo(rows(
                        "SELECT line_id, order_id, part, quantity, price, tax, weight, returned, shipped, epoch_us(placed_at),"
                                + " epoch_us(seen_at), said FROM lines"));
    }

    @Test
    void listsRecordsAndMapsAreRead() throws Exception {
        lab.provision("nested");
        Path file = lab.directory("nested").resolve("orders.parquet");
        rows("""
                CREATE TABLE orders AS SELECT
                  'o' || i AS order_id,
                  make_timestamp(820454400000000 + i * 1000000) AS placed_at,
                  list_transform(range(i % 3), lambda x: 'tag' || x) AS tags,
                  list_transform(range(i % 4), lambda x: {'part': (i + x)::INTEGER, 'price': (i * 1.25 + x)::DECIMAL(15, 2)}) AS items,
                  MAP {'vat': (i % 100 / 4)::DECIMAL(9, 2)} AS taxes
                FROM range(2000) AS t(i)""");
        rows("COPY (SELECT * FROM orders ORDER BY placed_at) TO '" + file + "' (FORMAT parquet)");

        IngestReport report = IngestLab.run(
                PortIngest.builder(lab.settings(), IngestLab.product("nested"), port("nested", ORDER, "orderId"))
                        .files(file.toString()));

        assertThat(report.refused()).isZero();
        assertThat(records("nested", ORDER, DuckDbArchiveIT::nested))
                .isEqualTo(
                        rows(
                                "SELECT order_id, coalesce(array_to_string(tags, ' '), ''),"
                                        + " coalesce(array_to_string(list_transform(items, lambda x: x.part || ':' || x.price), ' '), ''), taxes['vat'] FROM orders"));
    }

    @ParameterizedTest
    @CsvSource({"brotli, BROTLI", "lz4_raw, LZ4_RAW"})
    void codecThatIsNotReadIsAnErrorThatNamesIt(String codec, String said) throws Exception {
        String domain = codec.replace('_', '-');
        lab.provision(domain);
        Path file = lab.directory(domain).resolve("lines.parquet");
        rows("COPY lines TO '" + file + "' (FORMAT parquet, COMPRESSION " + codec + ")");

        assertThatThrownBy(() -> IngestLab.run(
                        PortIngest.builder(lab.settings(), IngestLab.product(domain), port(domain, LINE, "lineId"))
                                .files(file.toString())))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("lines.parquet")
                .hasMessageContaining("codec " + said + " is not read here")
                .hasMessageContaining("write it with another codec");
        assertThat(lab.records(domain)).isEmpty();
    }

    private static SourcePort<GenericRecord> port(String domain, Schema schema, String key) {
        return SourcePort.events(domain + ".sales.v1", GenericRecord.class)
                .schema(schema)
                .eventTime("placedAt")
                .key(key)
                .partitions(IngestLab.PARTITIONS)
                .describedAs("Rows of a DuckDB")
                .build();
    }

    /** Sorted. */
    private static List<String> records(String domain, Schema schema, Function<GenericRecord, String> text) {
        try (SchemaRegistry schemas = SchemaRegistry.connect(lab.settings().registry())) {
            AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(AvroType.generic(schema), schemas);
            return lab.records(domain).stream()
                    .map(record -> text.apply(decoder.asDeserializer().deserialize(record.topic(), record.value())))
                    .sorted()
                    .toList();
        }
    }

    private static String text(GenericRecord line) {
        return LINE.getFields().stream()
                .map(field -> line.get(field.pos()) instanceof Instant time
                        ? Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time))
                        : String.valueOf(line.get(field.pos())))
                .collect(Collectors.joining("|"));
    }

    private static String nested(GenericRecord order) {
        List<String> tags =
                ((List<?>) order.get("tags")).stream().map(Object::toString).toList();
        List<String> items = ((List<?>) order.get("items"))
                .stream()
                        .map(GenericRecord.class::cast)
                        .map(item -> item.get("part") + ":" + item.get("price"))
                        .toList();
        String vat = ((Map<?, ?>) order.get("taxes"))
                .entrySet().stream().map(tax -> tax.getValue().toString()).collect(Collectors.joining());
        return String.join("|", order.get("orderId").toString(), String.join(" ", tags), String.join(" ", items), vat);
    }

    /** The rows of a query, sorted, each with its columns joined by |. */
    private static List<String> rows(String sql) throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet row = statement.getResultSet()) {
                    while (row.next()) {
                        List<String> columns = new ArrayList<>();
                        for (int at = 1; at <= row.getMetaData().getColumnCount(); at++) {
                            columns.add(String.valueOf(row.getString(at)));
                        }
                        rows.add(String.join("|", columns));
                    }
                }
            }
            return rows.stream().sorted().toList();
        }
    }
}
