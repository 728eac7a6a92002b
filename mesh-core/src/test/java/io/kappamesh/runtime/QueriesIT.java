package io.kappamesh.runtime;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static io.kappamesh.fixture.TestMesh.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.fixture.TestMesh;
import io.kappamesh.query.Lookup;
import io.kappamesh.query.PublishedTable;
import io.kappamesh.query.TableNotReadyException;
import io.kappamesh.query.TableRows;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Published tables, asked in the processes that run the product. Each test has a domain of its own. */
@Timeout(180)
class QueriesIT {
    @RegisterExtension
    static final TestMesh mesh = TestMesh.create();

    private static final int MANY = 20_000;

    /** Hands a private table on. */
    private static final class Wiring {
        private final SourcePort<Basket> stock;
        private final OutputPort<Basket> unasked;
        private final OutputPort<Basket> goods;

        Wiring(String domain) {
            stock = SourcePort.table(domain + ".stock.v1", Basket.class)
                    .eventTime("at")
                    .describedAs("What is there.")
                    .partitions(2)
                    .build();
            unasked = OutputPort.table(domain + ".goods.v1", Basket.class)
                    .eventTime("at")
                    .describedAs("What is for sale.")
                    .partitions(2)
                    .build();
            goods = unasked.queryable();
        }

        StreamingProduct product() {
            return product(goods);
        }

        /** The same, with nobody to ask for it. */
        StreamingProduct unasked() {
            return product(unasked);
        }

        private StreamingProduct product(OutputPort<Basket> output) {
            return new StreamingProduct(
                    DataProduct.named(stock.address().domain() + ".shop")
                            .ownedBy("team", "team@example.org")
                            .describedAs("A product of a test.")
                            .reads(stock)
                            .publishes(output)
                            .build(),
                    ports -> ports.publish(output, ports.read(stock).changes()));
        }

        ProducerRecord<byte[], byte[]> in(String key, @Nullable Basket value) {
            return record(stock.address().topic(), key, value);
        }

        private static ProducerRecord<byte[], byte[]> record(String topic, String key, @Nullable Basket value) {
            int id = mesh.registry().register(topic + "-value", Basket.getClassSchema());
            return new ProducerRecord<>(
                    topic,
                    key.getBytes(StandardCharsets.UTF_8),
                    value == null ? null : new AvroEncoder<>(AvroType.of(Basket.class), id).encode(value));
        }
    }

    @Test
    void rowsAreAskedByKeyByRangeAndAllOfThem() {
        Wiring shop = new Wiring("asked");
        MeshRuntime runtime = run("one", shop.product());
        PublishedTable<Basket> goods = runtime.table(shop.goods);
        Map<String, Basket> expected = new TreeMap<>();
        for (int i = 0; i < 20; i++) {
            expected.put("b" + i, basket(NOON.plusSeconds(i), "pen", i));
        }
        expected.forEach((key, value) -> mesh.broker().write(shop.in(key, value)));
        mesh.broker().write(shop.in("b0", basket(NOON, "ink", 1)));
        mesh.broker().write(shop.in("b19", null));
        mesh.broker().write(shop.in("ä", basket(NOON, "ink", 2)));
        expected.put("b0", basket(NOON, "ink", 1));
        expected.remove("b19");
        expected.put("ä", basket(NOON, "ink", 2));

        await().atMost(TIMEOUT)
                .ignoreException(TableNotReadyException.class)
                .untilAsserted(() -> assertThat(rows(goods.all())).containsExactlyEntriesOf(expected));

        assertThat(goods.get("b0")).isEqualTo(new Lookup.Here<>(Optional.of(basket(NOON, "ink", 1))));
        assertThat(goods.get("b19")).isEqualTo(new Lookup.Here<>(Optional.empty()));
        assertThat(goods.get("never")).isEqualTo(new Lookup.Here<>(Optional.empty()));
        assertThat(goods.ownerOf("never")).isEmpty();
        assertThat(rows(goods.range("b1", "b12"))).containsOnlyKeys("b1", "b10", "b11", "b12");
        try (TableRows<Basket> all = goods.all()) {
            assertThat(all.elsewhere()).isEmpty();
        }
        runtime.close();
        assertThatThrownBy(() -> goods.get("b0"))
                .isInstanceOf(TableNotReadyException.class)
                .hasMessageContaining("asked.goods.v1");
    }

    @Test
    void aPortThatIsNotQueryableIsNotAsked() {
        Wiring shop = new Wiring("unasked");
        MeshRuntime runtime = run("one", shop.unasked());

        assertThatThrownBy(() -> runtime.table(shop.goods))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("call queryable() on the port");
    }

    /** One partition has an open transaction, and another one shows that what is committed comes through. */
    @Test
    void whatIsNotCommittedIsNeverAnswered() {
        Wiring shop = new Wiring("open");
        String topic = shop.goods.address().topic();
        PublishedTable<Basket> goods = run("one", shop.product()).table(shop.goods);
        Map<String, Object> config =
                Map.of("bootstrap.servers", mesh.broker().bootstrapServers(), "transactional.id", "open.somebody");
        try (KafkaProducer<byte[], byte[]> somebody =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            somebody.initTransactions();
            somebody.beginTransaction();
            ProducerRecord<byte[], byte[]> row = Wiring.record(topic, "k", basket(NOON, "pen", 1));
            String inZero = keyIn(0);
            String inOne = keyIn(1);
            List<Future<?>> sent = new ArrayList<>();
            sent.add(somebody.send(new ProducerRecord<>(topic, 0, utf8(inZero), row.value())));
            somebody.flush();
            mesh.broker().write(new ProducerRecord<>(topic, 1, utf8(inOne), row.value()));

            awaitRow(goods, inOne, basket(NOON, "pen", 1));
            await().atMost(TIMEOUT)
                    .ignoreException(TableNotReadyException.class)
                    .untilAsserted(() -> assertThat(goods.get(inZero)).isEqualTo(new Lookup.Here<>(Optional.empty())));
            somebody.abortTransaction();
            somebody.beginTransaction();
            ProducerRecord<byte[], byte[]> later = Wiring.record(topic, "k", basket(NOON, "ink", 2));
            sent.add(somebody.send(new ProducerRecord<>(topic, 0, utf8(inZero + "-later"), later.value())));
            somebody.commitTransaction();
            assertThat(sent).allMatch(Future::isDone);
            await().atMost(TIMEOUT)
                    .ignoreException(TableNotReadyException.class)
                    .untilAsserted(() -> assertThat(rows(goods.all())).containsOnlyKeys(inOne, inZero + "-later"));
        }
    }

    /** First the table is read as any consumer does, then restored up to what its group has committed. */
    @Test
    void aTableThatIsStillReadSaysSoAndNotThatAKeyIsMissing() {
        Wiring shop = new Wiring("large");
        List<ProducerRecord<byte[], byte[]>> stock = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            stock.add(shop.in("b" + i, basket(NOON.plusSeconds(i), "pen", i)));
        }
        MeshRuntime first = run("filling", shop.unasked());
        mesh.broker().writeAll(stock);
        await().atMost(TIMEOUT)
                .until(() -> first.products().get(0).recordsOut() == MANY
                        && first.products().get(0).lagRecords() == 0);
        first.close();

        for (String disk : List.of("read", "restored")) {
            try (MeshRuntime runtime = MeshRuntime.start(settings(disk, Map.of()), List.of(shop.product()))) {
                PublishedTable<Basket> goods = runtime.table(shop.goods);
                await().atMost(TIMEOUT).until(() -> {
                    boolean all = true;
                    for (int i = MANY - 10; i < MANY; i++) {
                        all &= isAnswered(goods, "b" + i, basket(NOON.plusSeconds(i), "pen", i));
                    }
                    return all;
                });
                assertThat(rows(goods.all())).hasSize(MANY);
            }
        }
    }

    @Test
    void instancesShareATableSayWhoHoldsAKeyAndTakeOverFromEachOtherWithoutAWrongAnswer() {
        Wiring shop = new Wiring("shared");
        HostInfo one = new HostInfo("one.example.org", 8080);
        HostInfo two = new HostInfo("two.example.org", 8081);
        MeshRuntime first = run("one", Map.of("mesh.application.server", "one.example.org:8080"), shop.product());
        Map<String, Basket> expected = new TreeMap<>();
        for (int i = 0; i < 50; i++) {
            expected.put("b" + i, basket(NOON.plusSeconds(i), "pen", i));
        }
        expected.forEach((key, value) -> mesh.broker().write(shop.in(key, value)));
        await().atMost(TIMEOUT)
                .ignoreException(TableNotReadyException.class)
                .untilAsserted(
                        () -> assertThat(rows(first.table(shop.goods).all())).isEqualTo(expected));

        MeshRuntime second = run("two", Map.of("mesh.application.server", "two.example.org:8081"), shop.product());
        awaitAnswersOf(List.of(first.table(shop.goods), second.table(shop.goods)), expected);
        await().atMost(TIMEOUT).ignoreException(TableNotReadyException.class).untilAsserted(() -> {
            Map<String, Basket> all = new HashMap<>();
            try (TableRows<Basket> here = first.table(shop.goods).all();
                    TableRows<Basket> there = second.table(shop.goods).all()) {
                assertThat(here.elsewhere()).containsExactly(two);
                assertThat(there.elsewhere()).containsExactly(one);
                here.forEachRemaining(row -> all.put(row.key, row.value));
                there.forEachRemaining(
                        row -> assertThat(all.put(row.key, row.value)).isNull());
            }
            assertThat(all).isEqualTo(expected);
        });
        expected.keySet().forEach(key -> {
            Optional<HostInfo> seenByOne = first.table(shop.goods).ownerOf(key);
            Optional<HostInfo> seenByTwo = second.table(shop.goods).ownerOf(key);
            assertThat(Set.of(seenByOne, seenByTwo))
                    .isIn(Set.of(Optional.empty(), Optional.of(one)), Set.of(Optional.of(two), Optional.empty()));
        });

        first.close();
        awaitAnswers(second.table(shop.goods), expected);
        assertThat(rows(second.table(shop.goods).all())).isEqualTo(expected);
        MeshRuntime again = run("one", Map.of("mesh.application.server", "one.example.org:8080"), shop.product());
        awaitAnswersOf(List.of(again.table(shop.goods), second.table(shop.goods)), expected);
        second.close();
        awaitAnswers(again.table(shop.goods), expected);
    }

    /** Asks for all keys until this one answers all of them. Whatever it answers on the way is right. */
    private static void awaitAnswers(PublishedTable<Basket> table, Map<String, Basket> expected) {
        await().atMost(TIMEOUT).until(() -> {
            boolean all = true;
            for (Map.Entry<String, Basket> row : expected.entrySet()) {
                all &= isAnswered(table, row.getKey(), row.getValue());
            }
            return all;
        });
    }

    /** The same for all keys of which one of several has to answer each. */
    private static void awaitAnswersOf(List<PublishedTable<Basket>> tables, Map<String, Basket> expected) {
        await().atMost(TIMEOUT).until(() -> {
            boolean all = true;
            for (Map.Entry<String, Basket> row : expected.entrySet()) {
                int answers = 0;
                for (PublishedTable<Basket> table : tables) {
                    answers += isAnswered(table, row.getKey(), row.getValue()) ? 1 : 0;
                }
                all &= answers == 1;
            }
            return all;
        });
    }

    /** Whether this one answers; what it answers is right. */
    private static boolean isAnswered(PublishedTable<Basket> table, String key, Basket expected) {
        try {
            return table.get(key)
                    .<Boolean>fold(
                            row -> {
                                assertThat(row).as(key).contains(expected);
                                return true;
                            },
                            elsewhere -> false);
        } catch (TableNotReadyException notYet) {
            return false;
        }
    }

    private static void awaitRow(PublishedTable<Basket> table, String key, Basket expected) {
        await().atMost(TIMEOUT)
                .ignoreException(TableNotReadyException.class)
                .untilAsserted(() -> assertThat(table.get(key)).isEqualTo(new Lookup.Here<>(Optional.of(expected))));
    }

    private static Map<String, Basket> rows(TableRows<Basket> rows) {
        Map<String, Basket> all = new LinkedHashMap<>();
        try (rows) {
            rows.forEachRemaining(row -> all.put(row.key, row.value));
        }
        return all;
    }

    private static String keyIn(int partition) {
        int i = 0;
        while (Utils.toPositive(Utils.murmur2(utf8("k" + i))) % 2 != partition) {
            i++;
        }
        return "k" + i;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MeshRuntime run(String disk, StreamingProduct product) {
        return run(disk, Map.of(), product);
    }

    private static MeshRuntime run(String disk, Map<String, String> more, StreamingProduct product) {
        return mesh.live(MeshRuntime.start(settings(disk, more), List.of(product)));
    }

    /** All of one build, each with a disk of its own. */
    private static Settings settings(String disk, Map<String, String> more) {
        Map<String, String> values = mesh.values(disk);
        values.put("mesh.build", "one");
        values.putAll(more);
        return Settings.of(values, Map.of());
    }
}
