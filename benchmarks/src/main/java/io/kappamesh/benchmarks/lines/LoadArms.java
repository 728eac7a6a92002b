package io.kappamesh.benchmarks.lines;

import io.kappamesh.avro.AvroType;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.Sample;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.load.PortLoader;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.settings.Settings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Order lines out of a topic into a table: a topic of its own warms up, another one is measured. Stateless. */
public final class LoadArms {
    private static final int BATCH_ROWS = 1_000;
    /** As many rows as a batch of the loader has records. */
    private static final int BATCHES_PER_COMMIT = 15;

    private static final int CHUNK_BYTES = 64 << 10;
    private static final Duration POLL = Duration.ofMillis(100);

    private static final String COLUMNS =
            "line_id, placed_at, order_id, customer_id, segment, part_id, line_number, quantity,"
                    + " extended_price, discount, tax";
    private static final String TYPES =
            "line_id text, placed_at timestamptz, order_id text, customer_id text, segment text, part_id text,"
                    + " line_number int, quantity numeric(15,2), extended_price numeric(15,2), discount numeric(15,2), tax"
                    + " numeric(15,2)";
    /** That of the loader's tables. */
    private static final String KEY = "mesh_key text COLLATE \"C\" PRIMARY KEY";

    private static final String OF_LOADER = "mesh_partition int NOT NULL, mesh_offset bigint NOT NULL, ";

    private LoadArms() {}

    private interface Work {
        void run(LoadedLines lines) throws IOException, SQLException;
    }

    private static Measurement measured(Job job, LoadedLines lines, Work work) throws IOException, SQLException {
        work.run(LoadedLines.WARM_UP);
        Sample begin = Sample.now();
        work.run(lines);
        return begin.until(Sample.now(), job.records());
    }

    /** What {@code mesh load --once} does. */
    public static Measurement load(Job job, LoadedLines measured) throws IOException, SQLException {
        return measured(job, measured, lines -> {
            try (PortLoader loader = PortLoader.builder(settings(job), lines.topic())
                    .jdbc(job.jdbcUrl())
                    .build()) {
                boolean unused = loader.loadToEnd();
            }
        });
    }

    private static Settings settings(Job job) {
        return Settings.of(
                Map.of("bootstrap.servers", job.bootstrapServers(), "schema.registry.url", job.registryUrl()),
                Map.of());
    }

    /** What a careful person writes: batches without a key twice, transactions as large as the loader's, and positions in them. */
    public static Measurement byHand(Job job, boolean rewritten) throws IOException, SQLException {
        return measured(job, LoadedLines.CHANGES, lines -> {
            makeTable(job, "mesh_partition int, ");
            try (Connection connection =
                    DriverManager.getConnection(job.jdbcUrl() + "&reWriteBatchedInserts=" + rewritten)) {
                connection.setAutoCommit(false);
                try (Upserts upserts = new Upserts(connection)) {
                    read(job, lines, upserts::take);
                    upserts.commit();
                }
            }
        });
    }

    private static void makeTable(Job job, String more) throws SQLException {
        try (Connection connection = DriverManager.getConnection(job.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + LoadedLines.BY_HAND + ", bench.positions");
            statement.execute("CREATE TABLE " + LoadedLines.BY_HAND + " (" + KEY + ", " + more + TYPES + ")");
            statement.execute("CREATE TABLE bench.positions (partition int PRIMARY KEY, next bigint)");
        }
    }

    /** Rows that are upserted by the thousand, and committed by fifteen thousand. */
    private static final class Upserts implements AutoCloseable {
        private final Connection connection;
        private final PreparedStatement row;
        private final PreparedStatement position;
        /** A statement of many rows may not have a key twice. */
        private final Map<String, Row> batch = new LinkedHashMap<>();

        private final Map<Integer, Long> positions = new HashMap<>();
        private int batches;

        private record Row(int partition, GenericRecord line) {}

        Upserts(Connection connection) throws SQLException {
            this.connection = connection;
            String set = Arrays.stream(COLUMNS.split(", "))
                    .map(column -> ", " + column + " = EXCLUDED." + column)
                    .collect(Collectors.joining("", "mesh_partition = EXCLUDED.mesh_partition", ""));
            row = connection.prepareStatement("INSERT INTO " + LoadedLines.BY_HAND + " (mesh_key, mesh_partition, "
                    + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mesh_key) DO UPDATE SET "
                    + set);
            position = connection.prepareStatement(
                    "INSERT INTO bench.positions VALUES (?, ?) ON CONFLICT (partition) DO UPDATE SET next ="
                            + " EXCLUDED.next");
        }

        void take(ConsumerRecord<byte[], byte[]> record, GenericRecord line) throws SQLException {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            batch.put(key, new Row(record.partition(), line));
            positions.put(record.partition(), record.offset() + 1);
            if (batch.size() >= BATCH_ROWS) {
                write();
                batches++;
                if (batches == BATCHES_PER_COMMIT) {
                    commit();
                }
            }
        }

        private void write() throws SQLException {
            for (Map.Entry<String, Row> one : batch.entrySet()) {
                GenericRecord line = one.getValue().line();
                row.setString(1, one.getKey());
                row.setInt(2, one.getValue().partition());
                row.setString(3, line.get(0).toString());
                row.setObject(4, ((Instant) line.get(1)).atOffset(ZoneOffset.UTC));
                for (int at = 2; at < 6; at++) {
                    row.setString(at + 3, line.get(at).toString());
                }
                row.setInt(9, (Integer) line.get(6));
                for (int at = 7; at < 11; at++) {
                    row.setBigDecimal(at + 3, (BigDecimal) line.get(at));
                }
                row.addBatch();
            }
            row.executeBatch();
            batch.clear();
        }

        void commit() throws SQLException {
            write();
            for (Map.Entry<Integer, Long> one : positions.entrySet()) {
                position.setInt(1, one.getKey());
                position.setLong(2, one.getValue());
                position.addBatch();
            }
            position.executeBatch();
            connection.commit();
            positions.clear();
            batches = 0;
        }

        @Override
        public void close() throws SQLException {
            row.close();
            position.close();
        }
    }

    /** What PostgreSQL does with rows that somebody else has made: its text is in a file before the clock starts. */
    public static Measurement copyReady(Job job) throws IOException, SQLException {
        Path warmUp = job.directory().resolve("warm-up.copy");
        Path rest = job.directory().resolve("rows.copy");
        for (Map.Entry<Path, LoadedLines> one :
                Map.of(warmUp, LoadedLines.WARM_UP, rest, LoadedLines.NEW).entrySet()) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(one.getKey()))) {
                StringBuilder text = new StringBuilder();
                read(job, one.getValue(), (record, line) -> {
                    text.setLength(0);
                    text(record, line, text);
                    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
                });
            }
        }
        return measured(job, LoadedLines.NEW, lines -> {
            makeTable(job, OF_LOADER);
            try (Connection connection = DriverManager.getConnection(job.jdbcUrl());
                    InputStream in = Files.newInputStream(lines == LoadedLines.WARM_UP ? warmUp : rest)) {
                long unused = connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + LoadedLines.BY_HAND + " FROM STDIN", in, CHUNK_BYTES);
            }
        });
    }

    /** The least that whoever reads the topic has to do, if no key comes twice, nothing fails, and nobody else writes. */
    public static Measurement copyDecoded(Job job) throws IOException, SQLException {
        return measured(job, LoadedLines.NEW, lines -> {
            makeTable(job, OF_LOADER);
            try (Connection connection = DriverManager.getConnection(job.jdbcUrl())) {
                CopyIn into = connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + LoadedLines.BY_HAND + " FROM STDIN");
                StringBuilder text = new StringBuilder();
                read(job, lines, (record, line) -> {
                    text(record, line, text);
                    if (text.length() >= CHUNK_BYTES) {
                        send(text, into);
                    }
                });
                send(text, into);
                long unused = into.endCopy();
            }
        });
    }

    private static void send(StringBuilder text, CopyIn into) throws SQLException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        into.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
    }

    /** A line of {@code COPY}; nothing in order lines has to be escaped. */
    private static void text(ConsumerRecord<byte[], byte[]> record, GenericRecord line, StringBuilder out) {
        out.append(new String(record.key(), StandardCharsets.UTF_8))
                .append('\t')
                .append(record.partition())
                .append('\t')
                .append(record.offset());
        for (int at = 0; at < OrderLines.SCHEMA.getFields().size(); at++) {
            out.append('\t').append(line.get(at));
        }
        out.append('\n');
    }

    private interface Each {
        void take(ConsumerRecord<byte[], byte[]> record, GenericRecord line) throws IOException, SQLException;
    }

    private static void read(Job job, LoadedLines lines, Each each) throws IOException, SQLException {
        Settings settings = settings(job);
        try (SchemaRegistry registry = SchemaRegistry.connect(settings.registry());
                KafkaConsumer<byte[], byte[]> consumer = CommittedReaders.consumer(
                        settings.client(), Map.of("max.poll.records", 5_000, "max.partition.fetch.bytes", 8 << 20))) {
            Deserializer<GenericRecord> decoder =
                    new AvroDecoder<>(AvroType.generic(OrderLines.SCHEMA), registry).asDeserializer();
            List<TopicPartition> partitions = consumer.partitionsFor(lines.topic()).stream()
                    .map(partition -> new TopicPartition(lines.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    each.take(record, decoder.deserialize(record.topic(), record.value()));
                }
            }
        }
    }
}
