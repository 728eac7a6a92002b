package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.intake.Reason;
import io.kappamesh.runtime.MeshRuntime;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
                assertThat(again.products()).hasSize(1);
            }
            assertThat(untouched(admin)).isEqualTo("compact 1048576 3");
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
