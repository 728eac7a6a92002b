package io.kappamesh.load;

import static io.kappamesh.load.LoadLab.SALE;
import static io.kappamesh.load.LoadLab.record;
import static io.kappamesh.load.LoadLab.sale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.avro.AvroType;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.serde.AvroEncoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ports of a real broker in a real PostgreSQL. */
@Timeout(120)
class PortLoaderIT {
    @RegisterExtension
    static final LoadLab lab = new LoadLab();

    @Test
    void tableHasTheLatestValueOfEachKeyAndTheViewShowsIt() throws Exception {
        String port = "basic.sales.v1";
        int id = lab.port(port, 3, SALE);
        lab.broker()
                .writeAll(List.of(
                        record(port, "a", sale(id, "a", "first", 100, 1)),
                        record(port, "b", sale(id, "b", "x", 1, 1)),
                        record(port, "never", null),
                        record(port, "a", sale(id, "a", "second\t\\N\r\n\"'ü€😀", -12345, 2)),
                        record(port, "c", sale(id, "c", null, 0, 1)),
                        record(port, "b", null)));

        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (PortLoader loader = lab.loader(port).meters(meters).build()) {
            assertThat(loader.loadToEnd()).isTrue();
            assertThat(loader.progress().records()).isEqualTo(6);
            assertThat(meters.get("mesh.load.records")
                            .tag("port", port)
                            .counter()
                            .count())
                    .isEqualTo(6);
        }

        assertThat(lab.postgres().rows("SELECT sale_id, note, amount, round FROM basic.sales ORDER BY 1"))
                .containsExactly("a|second\t\\N\r\n\"'ü€😀|-123.45|2", "c|null|0.00|1");
        LoadVerification found = lab.assertComplete(port);
        assertThat(found.topicKeys()).isEqualTo(2);

        lab.broker().writeAll(List.of(record(port, "c", null), record(port, "b", sale(id, "b", "back", 1, 3))));
        lab.load(port);

        assertThat(lab.postgres().rows("SELECT sale_id FROM basic.sales ORDER BY 1"))
                .containsExactly("a", "b");
        lab.assertComplete(port);
        assertThat(lab.postgres().value("SELECT obj_description('basic.sales_v1'::regclass)"))
                .contains("A sale.");
        assertThat(lab.postgres()
                        .value("SELECT col_description('basic.sales_v1'::regclass, attnum) FROM pg_attribute"
                                + " WHERE attrelid = 'basic.sales_v1'::regclass AND attname = 'sale_id'"))
                .isEqualTo("Its number.");
    }

    @Test
    void verificationFindsWhatSomebodyChanged() throws Exception {
        String port = "changed.sales.v1";
        int id = lab.port(port, 2, SALE);
        for (int i = 0; i < 10; i++) {
            lab.broker().write(record(port, "s" + i, sale(id, "s" + i, "n", i, i)));
        }
        lab.load(port);
        lab.postgres()
                .run(
                        "UPDATE changed.sales_v1 SET amount = amount + 0.01 WHERE sale_id = 's3'",
                        "DELETE FROM changed.sales_v1 WHERE sale_id IN ('s4', 's5')",
                        "INSERT INTO changed.sales_v1 (mesh_key, mesh_partition, mesh_offset) VALUES ('zzz', 1, 1)");

        LoadVerification found = lab.verify(port);

        assertThat(found.agrees()).isFalse();
        assertThat(found.changed()).isEqualTo(1);
        assertThat(found.columns()).isEqualTo(Map.of("amount", 1L));
        assertThat(found.missing()).isEqualTo(2);
        assertThat(found.extra()).isEqualTo(1);
        assertThat(found.equal()).isEqualTo(7);
    }

    @Test
    void onlyCommittedRecordsAreLoadedAndMarkersAreNoGap() throws Exception {
        String port = "committed.sales.v1";
        int id = lab.port(port, 2, SALE);
        Map<String, Object> config =
                Map.of("bootstrap.servers", lab.broker().bootstrapServers(), "transactional.id", "sales-writer");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                producer.send(record(port, "k" + i, sale(id, "k" + i, "n", i, i)))
                        .get();
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        lab.load(port);
        assertThat(lab.postgres().rows("SELECT sale_id FROM committed.sales ORDER BY 1"))
                .containsExactly("k0", "k2", "k4");
        lab.assertComplete(port);
        lab.load(port);
        lab.assertComplete(port);
    }

    @Test
    void nulGoesToTheDeadLettersWithItsBytesAndItsKeyHasNoRow() throws Exception {
        String port = "nul.sales.v1";
        int id = lab.port(port, 1, SALE);
        byte[] bad = sale(id, "a", "x\0y", 2, 2);
        lab.broker()
                .writeAll(List.of(
                        record(port, "a", sale(id, "a", "good", 1, 1)),
                        record(port, "b", sale(id, "b", "good", 1, 1)),
                        record(port, "a", bad),
                        record(port, "nul\0key", sale(id, "c", "good", 1, 1)),
                        new ProducerRecord<>(port, new byte[] {(byte) 0xff}, sale(id, "d", "good", 1, 1)),
                        record(port, "garbage", "no avro".getBytes(StandardCharsets.UTF_8))));
        lab.load(port);

        LoadVerification found = lab.verify(port);

        assertThat(lab.postgres().rows("SELECT sale_id FROM nul.sales")).containsExactly("b");
        assertThat(lab.postgres()
                        .rows("SELECT \"offset\", convert_from(key, 'LATIN1'), encode(value, 'hex'), reason"
                                + " FROM nul._mesh_dead_letters WHERE \"offset\" = 2"))
                .containsExactly("2|a|" + java.util.HexFormat.of().formatHex(bad)
                        + "|field note has a character NUL (U+0000), which PostgreSQL's text cannot hold");
        assertThat(found.refused()).isEqualTo(4);
        assertThat(found.agrees()).isTrue();
        assertThat(found.isComplete()).isFalse();

        lab.broker().write(record(port, "a", sale(id, "a", "good again", 3, 3)));
        lab.load(port);

        assertThat(lab.postgres().rows("SELECT note FROM nul.sales WHERE sale_id = 'a'"))
                .containsExactly("good again");
        assertThat(lab.verify(port).refused()).isEqualTo(3);
    }

    @Test
    void rowThatPostgresRefusesIsFoundAmongManyAndTheOthersAreLoaded() throws Exception {
        String port = "refused.sales.v1";
        int id = lab.port(port, 1, SALE);
        Random random = new Random(7);
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < 7_000; i++) {
            key.append((char) (33 + random.nextInt(90)));
        }
        for (int i = 0; i < 200; i++) {
            lab.broker().write(record(port, "s" + i, sale(id, "s" + i, "n", i, i)));
        }
        // No index of PostgreSQL holds a key of this length.
        lab.broker().write(record(port, key.toString(), sale(id, "long", "n", 1, 1)));
        lab.load(port);

        LoadVerification found = lab.verify(port);

        assertThat(found.refused()).isEqualTo(1);
        assertThat(found.equal()).isEqualTo(200);
        assertThat(found.agrees()).isTrue();
    }

    @Test
    void fieldOfAMinorVersionBecomesAColumnWhileItRuns() throws Exception {
        String port = "minor.sales.v1";
        int id = lab.port(port, 2, SALE);
        lab.broker().write(record(port, "a", sale(id, "a", "n", 1, 1)));
        try (PortLoader loader = lab.loader(port).start()) {
            lab.awaitLoaded(port);
            Schema wider = new Schema.Parser()
                    .parse(
                            SALE.toString()
                                    .replace(
                                            "\"fields\":[",
                                            "\"fields\":[{\"name\":\"channel\",\"type\":\"string\",\"default\":\"shop's \\\\ own\"},"
                                                    + "{\"name\":\"tags\",\"type\":{\"type\":\"array\",\"items\":\"string\"},\"default\":[]},"));
            int widerId = lab.registry().register(port + "-value", wider);
            GenericData.Record sale = new GenericData.Record(wider);
            sale.put("saleId", "b");
            sale.put("amount", ByteBuffer.wrap(BigInteger.TEN.toByteArray()));
            sale.put("round", 2);
            sale.put("channel", "web");
            sale.put("tags", List.of("x", "y\"z"));
            byte[] value = new AvroEncoder<>(AvroType.raw(wider), widerId).encode(sale);

            lab.broker()
                    .writeAll(List.of(record(port, "b", value), record(port, "c", sale(id, "c", "old writer", 1, 1))));
            lab.awaitLoaded(port);

            assertThat(loader.failure()).isEmpty();
        }
        assertThat(lab.postgres().rows("SELECT sale_id, channel, tags->>1 FROM minor.sales ORDER BY 1"))
                .containsExactly("a|shop's \\ own|null", "b|web|y\"z", "c|shop's \\ own|null");
        lab.assertComplete(port);
    }

    @Test
    void namesThatPostgresDoesNotHaveAreChangedAlikeEachTime() throws Exception {
        String port = "names.order.v1";
        String longName = "aVeryLongNameOfAField".repeat(5);
        Schema schema = new Schema.Parser().parse("""
                        {"type": "record", "name": "Odd", "fields": [
                          {"name": "order", "type": "int"}, {"name": "orderDate", "type": "int"}, {"name": "order_date", "type": "int"},
                          {"name": "meshKey", "type": "int"}, {"name": "%s", "type": "int"}, {"name": "%sX", "type": "int"}]}
                        """.formatted(longName, longName));
        int id = lab.port(port, 1, schema);
        GenericData.Record odd = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            odd.put(field.name(), field.pos());
        }
        lab.broker().write(record(port, "k", new AvroEncoder<>(AvroType.raw(schema), id).encode(odd)));
        lab.load(port);

        assertThat(lab.postgres().rows("SELECT \"order\", order_date FROM names.\"order\""))
                .containsExactly("0|1");
        assertThat(lab.postgres()
                        .rows("SELECT column_name FROM information_schema.columns WHERE table_schema = 'names'"
                                + " AND table_name = 'order' ORDER BY ordinal_position"))
                .hasSize(7)
                .contains("mesh_key", "order_date")
                .allSatisfy(name -> assertThat(name.length()).isLessThanOrEqualTo(63));
        lab.assertComplete(port);
    }

    @Test
    void topicThatWasMadeAnewIsRefusedAndReloadBuildsTheTableAgain() throws Exception {
        String port = "anew.sales.v1";
        int id = lab.port(port, 1, SALE);
        lab.broker().writeAll(lab.sales(port, id, 20, 100, 1, new Random(1)));
        lab.load(port);
        lab.postgres().run("CREATE INDEX by_round ON anew.sales_v1 (round)", "GRANT SELECT ON anew.sales_v1 TO PUBLIC");
        lab.broker().admin().deleteTopics(List.of(port)).all().get();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> lab.broker()
                        .admin()
                        .createTopics(
                                List.of(new NewTopic(port, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                        .all()
                        .get());
        lab.broker().writeAll(lab.sales(port, id, 20, 150, 2, new Random(2)));

        assertRefused(port, ExitCode.CONTRACT, "made anew", "mesh reload");

        lab.loader(port).reload(false, io.kappamesh.cut.Progress.SILENT);
        lab.assertComplete(port);
        assertThat(lab.postgres().value("SELECT min(round) FROM anew.sales")).isEqualTo("2");
        assertThat(
                        lab.postgres()
                                .value(
                                        "SELECT count(*) FROM pg_indexes WHERE schemaname = 'anew' AND indexdef LIKE '%(round)%'"))
                .isEqualTo("1");
        assertThat(lab.postgres().value("SELECT has_table_privilege('pg_monitor', 'anew.sales_v1', 'SELECT')"))
                .isEqualTo("t");
        lab.load(port);
        lab.assertComplete(port);
    }

    @Test
    void recordsThatWereDeletedBeforeTheyWereLoadedAreNamed() throws Exception {
        String port = "gap.facts.v1";
        int id = lab.port(port, 1, SALE, Map.of("cleanup.policy", "delete"));
        lab.broker().writeAll(lab.sales(port, id, 1000, 10, 1, new Random(1)));
        lab.load(port);
        lab.broker().writeAll(lab.sales(port, id, 1000, 10, 2, new Random(2)));
        lab.broker()
                .admin()
                .deleteRecords(Map.of(new TopicPartition(port, 0), RecordsToDelete.beforeOffset(15)))
                .all()
                .get();

        assertRefused(port, ExitCode.CONTRACT, "begins at 15", "up to 10 only", "--accept-gap");
        try (PortLoader loader = lab.loader(port).acceptingGap().build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }

        LoadVerification found = lab.verify(port);
        assertThat(found.agrees()).as("%s", found).isTrue();
        assertThat(found.kept()).isPositive();
        assertThatThrownBy(() -> lab.loader(port).reload(false, io.kappamesh.cut.Progress.SILENT))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("--forget");
        lab.loader(port).reload(true, io.kappamesh.cut.Progress.SILENT);
        assertThat(lab.assertComplete(port).kept()).isZero();
    }

    @Test
    void partitionsThatWereAddedAreRefused() throws Exception {
        String port = "parts.sales.v1";
        int id = lab.port(port, 1, SALE);
        lab.broker().writeAll(lab.sales(port, id, 20, 50, 1, new Random(1)));
        try (PortLoader loader = lab.loader(port).start()) {
            lab.awaitLoaded(port);
            lab.broker()
                    .admin()
                    .createPartitions(Map.of(port, NewPartitions.increaseTo(2)))
                    .all()
                    .get();
            org.awaitility.Awaitility.await()
                    .atMost(LoadLab.TIMEOUT)
                    .until(() -> loader.failure().isPresent());
            assertThat(loader.failure().orElseThrow())
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("has 2 partitions, and the table was loaded from 1");
        }
    }

    @Test
    void deletionsThatMayHaveBeenMissedAreNamed() throws Exception {
        String port = "missed.sales.v1";
        int id = lab.port(port, 1, SALE, Map.of("cleanup.policy", "compact", "delete.retention.ms", "3600000"));
        lab.broker().writeAll(lab.sales(port, id, 20, 50, 1, new Random(1)));
        lab.load(port);
        lab.postgres().run("UPDATE missed._mesh_loads SET caught_up_at = caught_up_at - interval '2 hours'");
        lab.load(port);
        lab.postgres().run("UPDATE missed._mesh_loads SET caught_up_at = caught_up_at - interval '2 hours'");
        lab.broker().writeAll(lab.sales(port, id, 20, 50, 2, new Random(2)));

        assertRefused(port, ExitCode.CONTRACT, "deletions are kept for PT1H");
        lab.loader(port).reload(false, io.kappamesh.cut.Progress.SILENT);
        lab.assertComplete(port);
        lab.load(port);
    }

    @Test
    void whatIsMissingInTheDatabaseIsNamedAndLoadingGoesOnAfterTheMend() throws Exception {
        String port = "mend.sales.v1";
        int id = lab.port(port, 2, SALE);
        lab.broker().writeAll(lab.sales(port, id, 50, 200, 1, new Random(1)));
        lab.postgres().run("CREATE ROLE mender LOGIN PASSWORD 'm'", "CREATE SCHEMA mend");
        PortLoaderBuilder restricted = PortLoader.builder(lab.settings(), port)
                .jdbc(lab.postgres().urlWithoutUser())
                .user("mender")
                .password("m");

        assertThatThrownBy(() -> toEnd(restricted))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("grant role mender CREATE and USAGE on schema mend")
                .hasMessageNotContaining("password");
        lab.postgres().run("GRANT CREATE, USAGE ON SCHEMA mend TO mender");
        toEnd(restricted);
        lab.assertComplete(port);

        lab.postgres().run("ALTER TABLE mend.sales_v1 OWNER TO postgres");
        lab.broker().writeAll(lab.sales(port, id, 50, 200, 2, new Random(2)));
        assertThatThrownBy(() -> toEnd(restricted)).hasMessageContaining("SELECT, INSERT, UPDATE and DELETE");
        lab.postgres().run("GRANT SELECT, INSERT, UPDATE, DELETE ON mend.sales_v1 TO mender");
        toEnd(restricted);
        lab.assertComplete(port);

        assertThatThrownBy(() -> toEnd(PortLoader.builder(lab.settings(), port)
                        .jdbc(lab.postgres().urlWithoutUser())
                        .user("nobody")
                        .password("n")))
                .hasMessageContaining("check user and password");
        lab.postgres().run("DROP TABLE mend.sales_v1 CASCADE");
        assertRefused(port, ExitCode.CONTRACT, "is gone", "mesh reload mend.sales.v1");
        lab.loader(port).reload(false, io.kappamesh.cut.Progress.SILENT);
        lab.assertComplete(port);
    }

    @Test
    void newMajorVersionIsATableOfItsOwnAndTakesTheViewWhenItIsTold() throws Exception {
        int one = lab.port("major.sales.v1", 1, SALE);
        lab.broker().write(record("major.sales.v1", "a", sale(one, "a", "one", 1, 1)));
        lab.load("major.sales.v1");
        Schema other = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"S\",\"fields\":[{\"name\":\"number\",\"type\":\"long\"}]}");
        int two = lab.port("major.sales.v2", 1, other);
        GenericData.Record sale = new GenericData.Record(other);
        sale.put("number", 7L);
        lab.broker().write(record("major.sales.v2", "a", new AvroEncoder<>(AvroType.raw(other), two).encode(sale)));

        lab.load("major.sales.v2");
        assertThat(lab.postgres().rows("SELECT note FROM major.sales")).containsExactly("one");
        assertThat(lab.postgres().rows("SELECT number FROM major.sales_v2")).containsExactly("7");
        lab.postgres().run("GRANT SELECT ON major.sales TO PUBLIC");
        try (PortLoader loader = lab.loader("major.sales.v2").takingView().build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }

        assertThat(lab.postgres().rows("SELECT number FROM major.sales")).containsExactly("7");
        assertThat(lab.postgres().value("SELECT has_table_privilege('pg_monitor', 'major.sales', 'SELECT')"))
                .isEqualTo("t");
        lab.assertComplete("major.sales.v1");
        lab.assertComplete("major.sales.v2");
    }

    @Test
    void reloadWhileItRunsEndsEqualAndTheLoaderGoesOn() throws Exception {
        String port = "reload.sales.v1";
        int id = lab.port(port, 3, SALE);
        Random random = new Random(3);
        lab.broker().writeAll(lab.sales(port, id, 500, 5_000, 1, random));
        try (PortLoader loader = lab.loader(port).start()) {
            lab.awaitLoaded(port);
            Thread writing = new Thread(() -> {
                for (int round = 2; round < 30; round++) {
                    lab.broker().writeAll(lab.sales(port, id, 500, 300, round, random));
                }
            });
            writing.start();
            lab.loader(port).reload(false, io.kappamesh.cut.Progress.SILENT);
            writing.join();
            lab.awaitLoaded(port);
            assertThat(loader.failure()).isEmpty();
        }
        lab.assertComplete(port);
    }

    private static void toEnd(PortLoaderBuilder builder) {
        try (PortLoader loader = builder.build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }
    }

    private static void assertRefused(String port, ExitCode code, String... words) {
        assertThatThrownBy(() -> lab.load(port))
                .isInstanceOfSatisfying(
                        LifecycleException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }
}
