package io.kappamesh.lifecycle;

import static io.kappamesh.fixture.Stall.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.cut.Progress;
import io.kappamesh.fixture.Stall;
import io.kappamesh.fixture.TestMesh;
import io.kappamesh.generation.Role;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Going back, which reads no more than it needs to. Each test has a domain of its own. */
@Timeout(240)
class RollbackIT {
    private static final int MANY = 2_000;

    @RegisterExtension
    static final TestMesh mesh = TestMesh.create();

    @Test
    void onlyWhatCameSinceTheExchangeIsReadAndNothingIsMissed() {
        Shop shop = new Shop("tail", Change.NOTES_OF_SEVEN);
        shop.write(0, MANY, 1);
        shop.promote(2);
        int sevens = MANY / 10;

        Reading reading = new Reading();
        Promotion back = shop.lifecycle.rollback(shop.product, reading);

        assertThat(back.readSince()).isPresent();
        assertThat(back.totalCorrections()).isEqualTo(sevens);
        assertThat(reading.total()).as("%s", reading).isLessThan(MANY);
        shop.awaitSaid("", Change.NONE);
        shop.awaitSaid(".g2", Change.NOTES_OF_SEVEN);
        shop.write(MANY - 5, MANY + 20, 2);
        shop.promote(2);
        shop.write(MANY - 15, MANY + 10, 3);
        shop.awaitSaid("", Change.NOTES_OF_SEVEN);
        shop.awaitSaid(".g1", Change.NONE);
        Promotion again = shop.lifecycle.rollback(shop.product, reading);
        assertThat(again.readSince()).isPresent();
        shop.awaitSaid("", Change.NONE);
        shop.awaitSaid(".g2", Change.NOTES_OF_SEVEN);
        Verification both = shop.lifecycle.verify(shop.product, OptionalInt.of(2), List.of(), Progress.SILENT);
        assertThat(both.ports()).singleElement().satisfies(port -> {
            assertThat(port.servingKeys()).isEqualTo(MANY + 20);
            assertThat(port.changed()).isEqualTo(sevens + 2);
            assertThat(port.equal()).isEqualTo(MANY + 20 - sevens - 2);
        });
    }

    @Test
    void whatOnlyOneOfThemWasToldSinceIsLookedUpInWhatIsBefore() {
        Shop shop = new Shop("drops", Change.WITHOUT_THREE);
        shop.write(0, 100, 1);
        shop.promote(2);
        shop.write(90, 120, 2);
        shop.awaitSaid("", Change.WITHOUT_THREE);
        shop.awaitSaid(".g1", Change.NONE);

        Reading reading = new Reading();
        Promotion back = shop.lifecycle.rollback(shop.product, reading);

        assertThat(back.readSince()).isPresent();
        assertThat(back.totalCorrections()).isEqualTo(12);
        assertThat(reading.steps()).anyMatch(step -> step.contains("from its beginning"));
        shop.awaitSaid("", Change.NONE);
        shop.awaitSaid(".g2", Change.WITHOUT_THREE);
    }

    @Test
    void aRollbackThatFailedIsTakenUpAgain() {
        Shop shop = new Shop("fails", Change.NOTES_OF_SEVEN);
        shop.write(0, 100, 1);
        shop.promote(2);
        shop.write(50, 120, 2);
        for (String last : List.of("catch up", "commit")) {
            assertThatThrownBy(() -> shop.lifecycle.rollback(shop.product, new Progress() {
                        @Override
                        public void step(String what) {
                            if (what.startsWith(last)) {
                                throw new IllegalStateException("stopped here");
                            }
                        }

                        @Override
                        public void progress(long done, long total) {}
                    }))
                    .hasMessageContaining("stopped here");
            shop.write(100, 120, 3);
        }

        Promotion back = shop.lifecycle.rollback(shop.product, Progress.SILENT);

        assertThat(back.readSince()).isPresent();
        shop.awaitSaid("", Change.NONE);
        shop.awaitSaid(".g2", Change.NOTES_OF_SEVEN);
    }

    @Test
    void everythingIsReadWhereATopicMayHaveForgotten() throws Exception {
        Shop shop = new Shop("forgets", Change.NOTES_OF_SEVEN);
        shop.write(0, 100, 1);
        shop.promote(2);
        String topic = shop.stall.baskets.address().topic();
        shop.alter(topic + ".g1", "delete.retention.ms", "1");
        Reading reading = new Reading();

        Promotion back = shop.lifecycle.rollback(shop.product, reading);

        assertThat(back.readSince()).isEmpty();
        assertThat(reading.steps())
                .anyMatch(step -> step.startsWith("read everything, because " + topic + ".g1 keeps deletions for"));
        assertThat(back.totalCorrections()).isEqualTo(10);
        shop.promote(2);
        shop.alter(topic + ".g1", "delete.retention.ms", "86400000");
        shop.alter(topic, "cleanup.policy", "compact,delete");
        Reading another = new Reading();
        assertThat(shop.lifecycle.rollback(shop.product, another).readSince()).isEmpty();
        assertThat(another.steps()).anyMatch(step -> step.endsWith(topic + " is not only compacted"));
        shop.awaitSaid("", Change.NONE);
    }

    /** What the second build does otherwise. */
    private enum Change {
        NONE,
        NOTES_OF_SEVEN,
        WITHOUT_THREE;

        boolean keeps(String key) {
            return this != WITHOUT_THREE || !key.endsWith("3");
        }

        Basket of(String key, Basket basket) {
            return this == NOTES_OF_SEVEN && key.endsWith("7")
                    ? new Basket(basket.getAt(), "noted", basket.getItems())
                    : basket;
        }

        StreamingProduct copy(Stall stall) {
            return new StreamingProduct(
                    stall.declared("copy")
                            .reads(stall.raw)
                            .publishes(stall.baskets)
                            .build(),
                    ports -> ports.publish(
                            stall.baskets,
                            ports.read(stall.raw)
                                    .changes()
                                    .filter((key, basket) -> keeps(key), Named.as("kept"))
                                    .mapValues(this::of, Named.as("noted"))));
        }
    }

    /** A product that hands baskets on, by two builds: the first serves, the other is a candidate. */
    private static final class Shop {
        private final Stall stall;
        private final ProductName product;
        private final Lifecycle lifecycle = mesh.closeAfterwards(Lifecycle.connect(mesh.settings("operator")));
        private final Map<String, Basket> written = new TreeMap<>();
        private final List<MeshRuntime> builds = new ArrayList<>();

        Shop(String domain, Change change) {
            stall = new Stall(domain);
            product = ProductName.of(domain + ".copy");
            builds.add(mesh.run("b1", Change.NONE.copy(stall)));
            builds.add(mesh.replay("b2", change.copy(stall)));
        }

        void write(int from, int to, int quantity) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int i = from; i < to; i++) {
                Basket basket = new Basket(
                        NOON.plusSeconds(i + 10_000L * quantity),
                        "",
                        List.of(new BasketItem(NOON.plusSeconds(i), "pen", quantity)));
                written.put("b" + i, basket);
                records.add(stall.record(mesh.registry(), "b" + i, basket));
            }
            mesh.broker().writeAll(records);
        }

        void promote(int number) {
            await().atMost(TestMesh.TIMEOUT)
                    .untilAsserted(() -> assertThat(lifecycle.status(product))
                            .allSatisfy(one -> assertThat(one.partitions())
                                    .allSatisfy(partition ->
                                            assertThat(partition.lag()).isZero())));
            lifecycle.promote(product, OptionalInt.of(number), true, Progress.SILENT);
            TestMesh.awaitRole(builds.get(number - 1), Role.SERVING);
        }

        /** Waits until the topic, or its shadow, says of all that was written what a build says of it. */
        void awaitSaid(String shadow, Change change) {
            Map<String, Basket> expected = new TreeMap<>();
            written.forEach((key, basket) -> {
                if (change.keeps(key)) {
                    expected.put(key, change.of(key, basket));
                }
            });
            String topic = stall.baskets.address().topic() + shadow;
            await().atMost(TestMesh.TIMEOUT)
                    .untilAsserted(() -> assertThat(said(topic)).isEqualTo(expected));
        }

        private static Map<String, Basket> said(String topic) {
            Map<String, Basket> latest = new TreeMap<>();
            try (SchemaRegistry client = SchemaRegistry.connect(
                    Map.of("schema.registry.url", mesh.registry().url()))) {
                AvroDecoder<Basket> decoder = new AvroDecoder<>(AvroType.of(Basket.class), client);
                for (ConsumerRecord<byte[], byte[]> record : mesh.broker().committed(topic)) {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        latest.remove(key);
                    } else {
                        latest.put(key, decoder.asDeserializer().deserialize(topic, record.value()));
                    }
                }
            }
            return latest;
        }

        void alter(String topic, String name, String value) throws Exception {
            mesh.broker()
                    .admin()
                    .incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** How many offsets each step went through. */
    private static final class Reading implements Progress {
        private final Map<String, Long> read = new LinkedHashMap<>();
        private String step = "";

        @Override
        public void step(String what) {
            step = read.size() + " " + what;
            read.put(step, 0L);
        }

        @Override
        public void progress(long done, long total) {
            read.merge(step, total, Math::max);
        }

        long total() {
            return read.values().stream().mapToLong(Long::longValue).sum();
        }

        List<String> steps() {
            return read.keySet().stream()
                    .map(numbered -> numbered.substring(numbered.indexOf(' ') + 1))
                    .toList();
        }

        @Override
        public String toString() {
            return read.toString();
        }
    }
}
