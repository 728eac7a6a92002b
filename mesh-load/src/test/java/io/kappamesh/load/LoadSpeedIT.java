package io.kappamesh.load;

import static io.kappamesh.load.LoadLab.SALE;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.avro.AvroType;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

/**
 * How fast a port is loaded, beside a loop of JDBC's batches that somebody would write by hand, and beside {@code COPY} of the same rows into an empty
 * table. Prints figures; judges the tables and no figure.
 */
@Timeout(900)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class LoadSpeedIT {
    private static final int ROWS = Integer.getInteger("mesh.load.rows", 300_000);
    private static final int PASSES = 3;
    private static final String PORT = "speed.sales.v1";

    @RegisterExtension
    static final LoadLab lab = new LoadLab();

    @Test
    void loadedBesideByHandAndBesideCopy() throws Exception {
        int id = lab.port(PORT, 3, SALE);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            String key = Long.toString(i * 2_654_435_761L % 1_000_000_007L);
            records.add(LoadLab.record(PORT, key, LoadLab.sale(id, key, "a note of some length " + i, i, i)));
        }
        lab.broker().writeAll(records);
        for (int pass = 1; pass <= PASSES; pass++) {
            lab.postgres().run("DROP SCHEMA IF EXISTS speed CASCADE", "CREATE SCHEMA speed");
            double loader = perSecond(() -> lab.load(PORT));
            double again = perSecond(() -> {
                // Every row once more: all of them are there.
                lab.postgres().run("UPDATE speed._mesh_positions SET next_offset = 0", "ANALYZE speed.sales_v1");
                lab.load(PORT);
            });
            lab.assertComplete(PORT);
            double byHand = perSecond(() -> byHand(""));
            double rewritten = perSecond(() -> byHand("&reWriteBatchedInserts=true"));
            byte[] rows = copied();
            double copy = perSecond(() -> copyInto(rows));
            System.out.printf(
                    "pass %d: load %,.0f rows/s, load over what is there %,.0f, JDBC batches %,.0f, JDBC batches rewritten %,.0f, COPY"
                            + " %,.0f; load is %.2f of JDBC, %.2f of rewritten JDBC, %.2f of COPY%n",
                    pass, loader, again, byHand, rewritten, copy, loader / byHand, loader / rewritten, loader / copy);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static double perSecond(Work work) throws Exception {
        long from = System.nanoTime();
        work.run();
        return ROWS * 1e9 / (System.nanoTime() - from);
    }

    /** What a team writes in an afternoon: reads, decodes, upserts by the thousand. */
    private static void byHand(String parameters) throws Exception {
        lab.postgres()
                .run(
                        "DROP TABLE IF EXISTS speed.by_hand",
                        "CREATE TABLE speed.by_hand (id text PRIMARY KEY, note text, amount numeric(12,2), round int)");
        try (Connection connection = DriverManager.getConnection(lab.postgres().url() + parameters);
                PreparedStatement upsert = connection.prepareStatement(
                        "INSERT INTO speed.by_hand VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note, amount = EXCLUDED.amount, round = EXCLUDED.round");
                SchemaRegistry registry = SchemaRegistry.connect(lab.settings().registry())) {
            connection.setAutoCommit(false);
            AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(AvroType.generic(SALE), registry);
            int[] open = {0};
            read(record -> {
                GenericRecord sale = decoder.asDeserializer().deserialize(PORT, record.value());
                try {
                    upsert.setString(1, sale.get("saleId").toString());
                    upsert.setString(2, String.valueOf(sale.get("note")));
                    upsert.setBigDecimal(3, (BigDecimal) sale.get("amount"));
                    upsert.setInt(4, (Integer) sale.get("round"));
                    upsert.addBatch();
                    if (++open[0] % 1_000 == 0) {
                        upsert.executeBatch();
                        connection.commit();
                    }
                } catch (java.sql.SQLException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            upsert.executeBatch();
            connection.commit();
        }
        assertThat(lab.postgres().value("SELECT count(*) FROM speed.by_hand")).isEqualTo(Integer.toString(ROWS));
    }

    private static void read(Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Map<TopicPartition, Long> ends = lab.broker().committedEnds(PORT);
        try (KafkaConsumer<byte[], byte[]> consumer =
                CommittedReaders.consumer(lab.settings().client(), Map.of("max.poll.records", 5_000))) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(each);
            }
        }
    }

    /** The table as COPY's text. */
    private static byte[] copied() throws Exception {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try (Connection connection = lab.postgres().connect()) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY speed.sales_v1 TO STDOUT", out);
        }
        return out.toByteArray();
    }

    private static void copyInto(byte[] rows) throws Exception {
        try (Connection connection = lab.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS speed.copied");
            statement.execute("CREATE TABLE speed.copied (LIKE speed.sales_v1 INCLUDING INDEXES)");
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY speed.copied FROM STDIN",
                            new java.io.InputStreamReader(
                                    new java.io.ByteArrayInputStream(rows), StandardCharsets.UTF_8));
        }
        assertThat(lab.postgres().value("SELECT count(*) FROM speed.copied")).isEqualTo(Integer.toString(ROWS));
    }
}
