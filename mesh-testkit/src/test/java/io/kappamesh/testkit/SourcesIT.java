package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.SourceBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.intake.Reason;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A topic that somebody else made, on a real broker: other partitions, keys and values than ours. */
@Timeout(180)
class SourcesIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int KEYS = 20;

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void topicOfSomebodyElseIsReadJoinedRestartedAndProvedAndNeverTouched() throws Exception {
        Map<String, Object> brokers = Map.of("bootstrap.servers", mesh.bootstrapServers());
        try (Admin admin = Admin.create(brokers);
                KafkaProducer<Long, String> till =
                        new KafkaProducer<>(brokers, new LongSerializer(), new StringSerializer())) {
            // As an older system would have made it: fewer partitions, a retention in place of none, compaction
            // besides.
            admin.createTopics(List.of(new NewTopic("ORDERS", 3, (short) 1)
                            .configs(Map.of("cleanup.policy", "compact", "segment.bytes", "1048576"))))
                    .all()
                    .get();
            mesh.provision(TillOrders.product());
            Map<String, Sale> expected = new HashMap<>();
            for (long key = 0; key < KEYS; key++) {
                String id = Long.toString(key);
                mesh.write(TillOrders.CITIES, id, sale(id, BigDecimal.ONE.setScale(2)));
                till.send(new ProducerRecord<>("ORDERS", key, order(id, key))).get();
                expected.put(id, sale(id, BigDecimal.valueOf(100 * key + 100, 2)));
            }
            till.send(new ProducerRecord<>("ORDERS", 3L, "{\"id\":\"3\"")).get();
            till.send(new ProducerRecord<>("ORDERS", 4L, null)).get();
            expected.keySet().removeAll(List.of("3", "4"));

            Map<String, String> instance = mesh.settings();
            try (MeshRuntime running = mesh.run(instance, TillOrders.product())) {
                await().atMost(TIMEOUT)
                        .untilAsserted(
                                () -> assertThat(mesh.table(TillOrders.TOTALS)).isEqualTo(expected));
                assertThat(mesh.deadLetters(TillOrders.product().product()))
                        .singleElement()
                        .satisfies(letter -> {
                            assertThat(letter.reason()).isEqualTo(Reason.UNDECODABLE);
                            assertThat(letter.value()).isEqualTo("{\"id\":\"3\"".getBytes(StandardCharsets.UTF_8));
                        });
                assertThat(running.products()).hasSize(1);
            }
            try (MeshRuntime again = mesh.run(instance, TillOrders.product())) {
                till.send(new ProducerRecord<>("ORDERS", 5L, order("5", 7))).get();
                expected.put("5", sale("5", BigDecimal.valueOf(800, 2)));
                await().atMost(TIMEOUT)
                        .untilAsserted(
                                () -> assertThat(mesh.table(TillOrders.TOTALS)).isEqualTo(expected));

                assertThat(mesh.prove(TillOrders.product().product()).records()).isPositive();
                // A proof ends when nobody reads for its generation any more; the process drops it a moment later.
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(again.products()).hasSize(1));
            }
            assertThat(untouched(admin)).isEqualTo("compact 1048576 3");
        }
    }

    /** Half of the records are where another partitioner than Kafka's has put them. */
    @Test
    void recordsThatAnotherPartitionerPlacedAreCountedAndProcessedUnlessTheyArePlacedAnew() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Metrics.addRegistry(meters);
        Map<String, Object> brokers = Map.of("bootstrap.servers", mesh.bootstrapServers());
        Placed inPlace = Placed.of("inplace", source("inplace").format(JsonFormat.json()));
        Placed anew = Placed.of(
                "anew",
                source("anew")
                        .keys(bytes -> Optional.of(new String(bytes, StandardCharsets.UTF_8)))
                        .format(JsonFormat.json()));
        try (Admin admin = Admin.create(brokers);
                KafkaProducer<String, String> other =
                        new KafkaProducer<>(brokers, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(
                            List.of(new NewTopic("PLACED", 3, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            Map<String, Sale> expected = new HashMap<>();
            for (int key = 0; key < KEYS; key++) {
                String id = Integer.toString(key);
                int right = BuiltInPartitioner.partitionForKey(id.getBytes(StandardCharsets.UTF_8), 3);
                other.send(new ProducerRecord<>("PLACED", (right + key % 2) % 3, id, order(id, 1)))
                        .get();
                expected.put(id, sale(id, BigDecimal.ONE.setScale(2)));
            }
            try (MeshRuntime running = mesh.run(inPlace.product(), anew.product())) {
                for (Placed product : List.of(inPlace, anew)) {
                    await().atMost(TIMEOUT)
                            .untilAsserted(() ->
                                    assertThat(mesh.table(product.sales())).isEqualTo(expected));
                }
                assertThat(meters.get("mesh.records.misplaced").counters())
                        .singleElement()
                        .satisfies(counter -> {
                            assertThat(counter.getId().getTag("product")).isEqualTo("inplace.sales");
                            assertThat(counter.getId().getTag("topic")).isEqualTo("PLACED");
                            assertThat(counter.count()).isEqualTo(KEYS / 2);
                        });
                assertThat(running.products()).allMatch(product -> product.deadLetters() == 0);
            }
        } finally {
            Metrics.removeRegistry(meters);
        }
    }

    /** In a class of their own: the linter follows whatever the class of a wiring calls. */
    private static final class Tills {
        static final EventSource<Sale> UNKEYED = type("sale");
        static final EventSource<Sale> SALES = UNKEYED.keyedBy("id");
        static final EventSource<Sale> RETURNS = type("return").keyedBy("id");
        static final OutputPort<Sale> SOLD = output("tills.sold.v1");
        static final OutputPort<Sale> RETURNED = output("tills.returned.v1");
        static final StreamingProduct PRODUCT = new StreamingProduct(
                DataProduct.named("tills.sold")
                        .ownedBy("tills", "team@example.org")
                        .describedAs("What was sold and what came back.")
                        .reads(SALES)
                        .reads(RETURNS)
                        .publishes(SOLD)
                        .publishes(RETURNED)
                        .build(),
                ports -> {
                    ports.publish(SOLD, ports.read(SALES).stream());
                    ports.publish(RETURNED, ports.read(RETURNS).stream());
                });
        static final StreamingProduct IN_PLACE = new StreamingProduct(
                DataProduct.named("tills.sold")
                        .ownedBy("tills", "team@example.org")
                        .describedAs("What was sold.")
                        .reads(UNKEYED)
                        .publishes(SOLD)
                        .build(),
                ports -> ports.publish(SOLD, ports.read(UNKEYED).stream()));

        private static EventSource<Sale> type(String type) {
            return SourcePort.events("tills." + type + "s.v1", Sale.class)
                    .topics("TILLS_EAST", "tills.west")
                    .format(JsonFormat.json())
                    .eventTime("at")
                    .describedAs("Facts of all tills.")
                    .build()
                    .withHeader("type", type);
        }

        private static OutputPort<Sale> output(String address) {
            return OutputPort.table(address, Sale.class)
                    .eventTime("at")
                    .describedAs("Facts of one type.")
                    .build();
        }
    }

    /** Two topics of different partition counts, each with two types of facts. */
    @Test
    void severalTopicsAndSeveralTypesInThemAreReadRestartedAndProved() throws Exception {
        Map<String, Object> brokers = Map.of("bootstrap.servers", mesh.bootstrapServers());
        try (Admin admin = Admin.create(brokers);
                KafkaProducer<String, String> till =
                        new KafkaProducer<>(brokers, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(
                            new NewTopic("TILLS_EAST", 2, (short) 1).configs(Map.of("retention.ms", "-1")),
                            new NewTopic("tills.west", 3, (short) 1).configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
            assertThatThrownBy(() -> mesh.run(Tills.IN_PLACE))
                    .hasMessageContaining(
                            "topics that are joined must have as many partitions as each other but have {TILLS_EAST=2, tills.west=3}");
            Map<String, Sale> expectedSold = new HashMap<>();
            Map<String, Sale> expectedReturned = new HashMap<>();
            Map<String, String> instance = mesh.settings();
            for (int start = 0; start < 2; start++) {
                for (int number = start * KEYS; number < (start + 1) * KEYS; number++) {
                    String id = Integer.toString(number);
                    String topic = number % 3 == 0 ? "TILLS_EAST" : "tills.west";
                    boolean isSale = number % 2 == 0;
                    ProducerRecord<String, String> fact = new ProducerRecord<>(topic, order(id, number));
                    fact.headers().add("type", (isSale ? "sale" : "return").getBytes(StandardCharsets.UTF_8));
                    till.send(fact).get();
                    (isSale ? expectedSold : expectedReturned).put(id, sale(id, BigDecimal.valueOf(100L * number, 2)));
                }
                ProducerRecord<String, String> broken = new ProducerRecord<>("tills.west", "{");
                broken.headers().add("type", "return".getBytes(StandardCharsets.UTF_8));
                till.send(broken).get();
                try (MeshRuntime running = mesh.run(instance, Tills.PRODUCT)) {
                    int refused = start + 1;
                    await().atMost(TIMEOUT).untilAsserted(() -> {
                        assertThat(mesh.table(Tills.SOLD)).isEqualTo(expectedSold);
                        assertThat(mesh.table(Tills.RETURNED)).isEqualTo(expectedReturned);
                        assertThat(mesh.deadLetters(Tills.PRODUCT.product())).hasSize(refused);
                    });
                    assertThat(mesh.prove(Tills.PRODUCT.product()).records()).isPositive();
                    await().atMost(TIMEOUT)
                            .untilAsserted(() -> assertThat(running.products()).hasSize(1));
                }
            }
        }
    }

    private static SourceBuilder<Sale, SourcePort<Sale>> source(String domain) {
        return SourcePort.table(domain + ".placed.v1", Sale.class).topic("PLACED");
    }

    private record Placed(OutputPort<Sale> sales, StreamingProduct product) {
        static Placed of(String domain, PortBuilder<Sale, SourcePort<Sale>> declared) {
            SourcePort<Sale> source = declared.eventTime("at")
                    .key("id")
                    .describedAs("Sales that another partitioner placed.")
                    .build();
            OutputPort<Sale> sales = OutputPort.table(domain + ".sales.v1", Sale.class)
                    .eventTime("at")
                    .describedAs("Sales.")
                    .build();
            return new Placed(
                    sales,
                    new StreamingProduct(
                            DataProduct.named(domain + ".sales")
                                    .ownedBy(domain, "team@example.org")
                                    .describedAs("Sales.")
                                    .reads(source)
                                    .publishes(sales)
                                    .build(),
                            ports -> ports.publish(sales, ports.read(source).changes())));
        }
    }

    private static String untouched(Admin admin) throws ExecutionException, InterruptedException {
        ConfigResource orders = new ConfigResource(ConfigResource.Type.TOPIC, "ORDERS");
        Config config = admin.describeConfigs(List.of(orders)).all().get().get(orders);
        return config.get("cleanup.policy").value() + " "
                + config.get("segment.bytes").value() + " "
                + admin.describeTopics(List.of("ORDERS"))
                        .allTopicNames()
                        .get()
                        .get("ORDERS")
                        .partitions()
                        .size();
    }

    private static String order(String id, long amount) {
        return "{\"id\":\"" + id + "\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":\"" + NOON + "\",\"amount\":"
                + amount + "}";
    }

    private static Sale sale(String id, BigDecimal amount) {
        return new Sale(id, "tea", "Köln", NOON, amount);
    }
}
