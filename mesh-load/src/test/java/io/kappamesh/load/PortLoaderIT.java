package io.kappamesh.load;

import static io.kappamesh.load.LoadLab.SALE;
import static io.kappamesh.load.LoadLab.record;
import static io.kappamesh.load.LoadLab.sale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.postgres.WriteStep;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.settings.Settings;
import io.kappamesh.tables.LatestRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ports of a real broker in a real PostgreSQL. */
@Timeout(120)
class PortLoaderIT {
    private static final Map<String, String> COMPACTED_FOR_AN_HOUR =
            Map.of("cleanup.policy", "compact", "delete.retention.ms", "3600000");

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

    /** A loader is in no group; the owner of the port has to see it all the same. */
    @Test
    void aLoaderIsSeenByTheOffsetsOfAGroup() throws Exception {
        String port = "seen.sales.v1";
        int id = lab.port(port, 1, SALE);
        lab.broker().write(record(port, "a", sale(id, "a", "n", 1, 1)));

        // The first question about a group makes the brokers' topic of offsets, for which a loader does not wait long.
        lab.broker()
                .admin()
                .listConsumerGroupOffsets("any")
                .partitionsToOffsetAndMetadata()
                .get();

        lab.load(port);

        List<String> groups = lab.broker().admin().listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .filter(group -> group.startsWith("mesh-load." + port + "."))
                .toList();
        assertThat(groups).hasSize(1);
        assertThat(lab.broker()
                        .admin()
                        .listConsumerGroupOffsets(groups.get(0))
                        .partitionsToOffsetAndMetadata()
                        .get())
                .containsOnlyKeys(new TopicPartition(port, 0));
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
        Uuid deleted = lab.broker().topicId(port);
        lab.broker().admin().deleteTopics(List.of(port)).all().get();
        await().atMost(LoadLab.TIMEOUT)
                .untilAsserted(() -> lab.broker()
                        .admin()
                        .createTopics(
                                List.of(new NewTopic(port, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                        .all()
                        .get());
        lab.broker().awaitTopic(port, deleted);
        lab.broker().writeAll(lab.sales(port, id, 20, 150, 2, new Random(2)));

        assertRefused(port, ExitCode.CONTRACT, "made anew", "mesh reload");

        lab.loader(port).reload(false, Progress.SILENT);
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
        assertThatThrownBy(() -> lab.loader(port).reload(false, Progress.SILENT))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("--forget");
        lab.loader(port).reload(true, Progress.SILENT);
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
            await().atMost(LoadLab.TIMEOUT).until(() -> loader.failure().isPresent());
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
        lab.loader(port).reload(false, Progress.SILENT);
        lab.assertComplete(port);
        lab.load(port);
    }

    @Test
    void markerBehindTheLastRecordIsNoMissedDeletion() throws Exception {
        String port = "marker.sales.v1";
        int id = lab.port(port, 1, SALE, COMPACTED_FOR_AN_HOUR);
        inTransaction(
                "marker-writer",
                producer -> producer.send(record(port, "k", sale(id, "k", "n", 1, 1)))
                        .get());
        await().atMost(LoadLab.TIMEOUT)
                .until(() -> lab.broker().committedEnds(port).containsValue(2L));
        lab.load(port);
        // It was stopped before it met the marker, and started again after the weekend.
        lab.postgres()
                .run(
                        "UPDATE marker._mesh_positions SET next_offset = 1",
                        "UPDATE marker._mesh_loads SET caught_up_at = caught_up_at - interval '2 hours'");

        lab.load(port);

        assertThat(lab.postgres().value("SELECT next_offset FROM marker._mesh_positions"))
                .isEqualTo("2");
    }

    @Test
    void quietTimeWithinARunMissesNoDeletion() throws Exception {
        String port = "quiet.sales.v1";
        int id = lab.port(port, 1, SALE, COMPACTED_FOR_AN_HOUR);
        lab.broker().writeAll(lab.sales(port, id, 20, 50, 1, new Random(1)));
        try (PortLoader loader = lab.loader(port).start()) {
            lab.awaitLoaded(port);
            lab.postgres().run("UPDATE quiet._mesh_loads SET caught_up_at = caught_up_at - interval '2 hours'");
            await().atMost(LoadLab.TIMEOUT)
                    .until(() -> lab.postgres()
                            .value("SELECT caught_up_at > clock_timestamp() - interval '1 hour' FROM quiet._mesh_loads")
                            .equals("t"));
            lab.broker().writeAll(lab.sales(port, id, 20, 50, 2, new Random(2)));
            lab.awaitLoaded(port);
            assertThat(loader.failure()).isEmpty();
        }
    }

    @Test
    void longPauseWithinARunMayHaveMissedDeletions() throws Exception {
        String port = "pause.sales.v1";
        int id = lab.port(port, 1, SALE, COMPACTED_FOR_AN_HOUR);
        lab.broker().writeAll(lab.sales(port, id, 20, 50, 1, new Random(1)));
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        AtomicBoolean pauses = new AtomicBoolean();
        PortLoaderBuilder pausing = lab.loader(port)
                .lease(Duration.ofMinutes(5))
                .steps(at -> {
                    if (at == WriteStep.COMMITTED && pauses.compareAndSet(true, false)) {
                        paused.countDown();
                        awaitLatch(wake);
                    }
                });
        try (PortLoader loader = pausing.start()) {
            lab.awaitLoaded(port);
            pauses.set(true);
            lab.broker().write(record(port, "s-1", sale(id, "s-1", "n", 1, 2)));
            paused.await();
            // Two hours go by.
            lab.postgres().run("UPDATE pause._mesh_loads SET caught_up_at = caught_up_at - interval '2 hours'");
            lab.broker().writeAll(lab.sales(port, id, 20, 50, 3, new Random(3)));
            wake.countDown();

            await().atMost(LoadLab.TIMEOUT).until(() -> loader.failure().isPresent());
            assertThat(loader.failure().orElseThrow())
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContainingAll("deletions are kept for PT1H", "verify-load", "--accept-gap");
        }
        try (PortLoader loader = lab.loader(port).acceptingGap().build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }
        lab.assertComplete(port);
    }

    @Test
    void newSchemaAmidAPromotionDoesNotCommitHalfOfIt() throws Exception {
        String port = "amidst.sales.v1";
        int id = lab.port(port, 2, SALE);
        lab.broker().write(record(port, "first", sale(id, "first", "n", 1, 1)));
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        PortLoaderBuilder watched = lab.loader(port).batchRecords(10).steps(at -> {
            if (at == WriteStep.COMMITTED) {
                seen.add(corrected("amidst.sales_v1"));
            }
        });
        try (PortLoader loader = watched.start()) {
            lab.awaitLoaded(port);
            Schema wider = wider();
            int widerId = lab.registry().register(port + "-value", wider);
            inTransaction("promoting", producer -> {
                for (int i = 0; i < 100; i++) {
                    byte[] value = sale(id, "k" + i, "new", i, 2);
                    if (i >= 50) {
                        GenericData.Record sale = new GenericData.Record(wider);
                        sale.put("saleId", "k" + i);
                        sale.put("amount", ByteBuffer.wrap(BigInteger.TEN.toByteArray()));
                        sale.put("round", 2);
                        sale.put("channel", "web");
                        value = new AvroEncoder<>(AvroType.raw(wider), widerId).encode(sale);
                    }
                    producer.send(correction(record(port, "k" + i, value))).get();
                }
            });
            // Full batches only: the last one is not followed by anything.
            awaitRows("amidst.sales", 101);
            assertThat(loader.failure()).isEmpty();
        }
        assertThat(seen).isSubsetOf("0", "100").contains("100");
        assertThat(lab.postgres().value("SELECT count(*) FROM amidst.sales WHERE channel = 'web'"))
                .isEqualTo("50");
        lab.assertComplete(port);
    }

    /** A reader locks the view and then the table. In the other order, PostgreSQL ended the reader: deadlock detected. */
    @Test
    void newColumnEndsNobodyWhoReadsTheView() throws Exception {
        String port = "readamidst.sales.v1";
        String view = "readamidst.sales";
        int id = lab.port(port, 1, SALE);
        lab.broker().write(record(port, "first", sale(id, "first", "n", 1, 1)));
        try (PortLoader loader = lab.loader(port).start();
                Connection reading = lab.postgres().connect()) {
            lab.awaitLoaded(port);
            reading.setAutoCommit(false);
            reading.createStatement().execute("SELECT count(*) FROM " + view);
            lab.broker().write(record(port, "second", wide(port, "second")));
            awaitWaiting(1);
            CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> count(view));
            awaitWaiting(2);
            reading.rollback();

            assertThat(other.get(LoadLab.TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isIn("1", "2");
            awaitRows(view, 2);
            assertThat(lab.postgres().value("SELECT channel FROM " + view + " WHERE mesh_key = 'second'"))
                    .isEqualTo("web");
            assertThat(loader.failure()).isEmpty();
        }
    }

    /** A sale with a channel, which the port's contract has from now on. */
    private static byte[] wide(String port, String id) throws Exception {
        Schema wider = wider();
        int widerId = lab.registry().register(port + "-value", wider);
        GenericData.Record sale = new GenericData.Record(wider);
        sale.put("saleId", id);
        sale.put("amount", ByteBuffer.wrap(BigInteger.TEN.toByteArray()));
        sale.put("round", 1);
        sale.put("channel", "web");
        return new AvroEncoder<>(AvroType.raw(wider), widerId).encode(sale);
    }

    private static Schema wider() {
        return new Schema.Parser()
                .parse(SALE.toString()
                        .replace(
                                "\"fields\":[",
                                "\"fields\":[{\"name\":\"channel\",\"type\":\"string\",\"default\":\"shop\"},"));
    }

    /** Until so many wait for a lock on a table or view. */
    private static void awaitWaiting(int sessions) {
        await().atMost(LoadLab.TIMEOUT)
                .until(() -> Integer.parseInt(
                                lab.postgres()
                                        .value(
                                                "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"))
                        >= sessions);
    }

    private static String count(String view) {
        try {
            return lab.postgres().value("SELECT count(*) FROM " + view);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void promotionThatWaitsForAnOpenTransactionKeepsItsSession() throws Exception {
        String port = "waiting.sales.v1";
        int id = lab.port(port, 1, SALE);
        try (KafkaProducer<byte[], byte[]> slow = transactional("slow-writer");
                PortLoader loader = lab.loader(port)
                        .lease(Duration.ofSeconds(1))
                        .batchRecords(10)
                        .start()) {
            inTransaction("promoter", promoting -> {
                for (int i = 0; i < 50; i++) {
                    promoting
                            .send(correction(record(port, "k" + i, sale(id, "k" + i, "new", i, 2))))
                            .get();
                }
                // It is open when the corrections can be read, and ends later.
                slow.beginTransaction();
                slow.send(record(port, "slow", sale(id, "slow", "n", 1, 1))).get();
            });
            // A transaction older than twice the time for which one may do nothing.
            await().atMost(LoadLab.TIMEOUT)
                    .until(() -> lab.postgres()
                            .value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mesh load " + port
                                    + "' AND clock_timestamp() - xact_start > interval '2500 ms'")
                            .equals("1"));
            assertThat(lab.postgres().value("SELECT count(*) FROM waiting.sales"))
                    .isEqualTo("0");
            slow.commitTransaction();
            awaitRows("waiting.sales", 51);
            assertThat(loader.failure()).isEmpty();
        }
        lab.assertComplete(port);
    }

    @Test
    void brokersThatDoNotAnswerAreWaitedForAsLongAsAllowedOnly() throws Exception {
        String port = "away.sales.v1";
        int id = lab.port(port, 1, SALE);
        lab.broker().write(record(port, "a", sale(id, "a", "n", 1, 1)));
        lab.load(port);
        Map<String, String> values = lab.values();
        values.put("bootstrap.servers", "127.0.0.1:1");
        values.put("mesh.platform.timeout", "PT1S");
        PortLoaderBuilder away = PortLoader.builder(Settings.of(values, Map.of()), port)
                .jdbc(lab.postgres().url());

        try (PortLoader loader = away.build()) {
            assertThatThrownBy(loader::run)
                    .isInstanceOfSatisfying(
                            LifecycleException.class,
                            ended -> assertThat(ended.exitCode()).isEqualTo(ExitCode.PLATFORM))
                    .hasMessageContaining("mesh.platform.timeout");
        }
    }

    @Test
    void reloadThatSomebodyElseHasTakenOverExchangesNothing() throws Exception {
        String port = "taken.sales.v1";
        int id = lab.port(port, 1, SALE);
        lab.broker().writeAll(lab.sales(port, id, 20, 50, 1, new Random(1)));
        lab.load(port);
        String before = lab.postgres().value("SELECT 'taken.sales_v1'::regclass::oid");
        AtomicBoolean exchanging = new AtomicBoolean();
        PortLoaderBuilder slow = lab.loader(port).steps(at -> {
            if (at == WriteStep.COMMITTED && exchanging.get()) {
                // Between the last record and the exchange.
                runQuietly(
                        "UPDATE taken._mesh_loads SET epoch = epoch + 1, owner = 'somebody else' WHERE port LIKE '%(reload)'");
            }
        });

        assertThatThrownBy(() -> slow.reload(false, new Progress() {
                    @Override
                    public void step(String what) {
                        exchanging.set(what.startsWith("Exchanging"));
                    }

                    @Override
                    public void progress(long done, long total) {}
                }))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("somebody else");
        assertThat(lab.postgres().value("SELECT 'taken.sales_v1'::regclass::oid"))
                .isEqualTo(before);
        lab.loader(port).reload(false, Progress.SILENT);
        lab.assertComplete(port);
    }

    @Test
    void reloadLosesNothingThatIsDeletedFromTheTopicWhileItBegins() throws Exception {
        String port = "moving.facts.v1";
        int id = lab.port(port, 1, SALE, Map.of("cleanup.policy", "delete"));
        lab.broker().writeAll(lab.sales(port, id, 1000, 20, 1, new Random(1)));
        lab.load(port);
        String before = lab.postgres().value("SELECT count(*) FROM moving.facts");

        assertThatThrownBy(() -> lab.loader(port).reload(false, new Progress() {
                    @Override
                    public void step(String what) {
                        if (what.startsWith("Loading")) {
                            deleteBefore(port, 15);
                        }
                    }

                    @Override
                    public void progress(long done, long total) {}
                }))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("begins at 15");
        assertThat(lab.postgres().value("SELECT count(*) FROM moving.facts")).isEqualTo(before);
    }

    private static void deleteBefore(String port, long offset) {
        try {
            lab.broker()
                    .admin()
                    .deleteRecords(Map.of(new TopicPartition(port, 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void recordWithoutAKeyIsADeadLetterAndCountedByTheComparison() throws Exception {
        String port = "keyless.facts.v1";
        int id = lab.port(port, 1, SALE, Map.of("cleanup.policy", "delete"));
        lab.broker()
                .writeAll(List.of(
                        record(port, "a", sale(id, "a", "n", 1, 1)),
                        new ProducerRecord<>(port, null, sale(id, "b", "n", 1, 1))));
        lab.load(port);

        LoadVerification found = lab.verify(port);

        assertThat(found.refused()).isEqualTo(1);
        assertThat(found.equal()).isEqualTo(1);
        assertThat(found.agrees()).as("%s", found).isTrue();
    }

    /** The end of a transaction may be told to its writer before it can be read. */
    private static void awaitRows(String table, int rows) {
        await().atMost(LoadLab.TIMEOUT)
                .until(() ->
                        lab.postgres().value("SELECT count(*) FROM " + table).equals(Integer.toString(rows)));
    }

    private static String corrected(String table) {
        try {
            return lab.postgres().value("SELECT count(*) FROM " + table + " WHERE round = 2");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void runQuietly(String sql) {
        try {
            lab.postgres().run(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static ProducerRecord<byte[], byte[]> correction(ProducerRecord<byte[], byte[]> record) {
        record.headers().add(LatestRecords.CORRECTION_HEADER, "g2".getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private static KafkaProducer<byte[], byte[]> transactional(String id) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", lab.broker().bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    private interface Writing {
        void with(KafkaProducer<byte[], byte[]> producer) throws Exception;
    }

    private static void inTransaction(String id, Writing writing) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = transactional(id)) {
            producer.beginTransaction();
            writing.with(producer);
            producer.commitTransaction();
        }
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
        lab.loader(port).reload(false, Progress.SILENT);
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
            lab.loader(port).reload(false, Progress.SILENT);
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
