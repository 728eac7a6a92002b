package io.kappamesh.compare;

import static io.kappamesh.tables.Purchases.purchase;
import static io.kappamesh.tables.TestTopics.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.generation.Generation;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tables.Before;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.Latest;
import io.kappamesh.tables.LatestRecords;
import io.kappamesh.tables.ReadProgress;
import io.kappamesh.tables.TestTopics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of a port and of a shadow that agreed at some time: what differs is the same whether both are compared from there on or from
 * their beginnings.
 */
@Timeout(180)
class LaterComparisonIT {
    private static final int KEYS = 60;
    private static final int PARTITIONS = 3;

    private static InJvmBroker broker;
    private static TestTopics topics;

    @TempDir
    Path directory;

    private final SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient());

    @BeforeAll
    static void startBroker() throws Exception {
        broker = InJvmBroker.start();
        topics = new TestTopics(broker, "later-comparison");
    }

    @AfterAll
    static void stopBroker() throws Exception {
        topics.close();
        broker.stop();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatDiffersSinceBothAgreedIsWhatDiffers(long seed) {
        Random random = new Random(seed);
        PortAddress port = PortAddress.of("later.purchases" + seed + ".v1");
        Generation generation = Generation.of("later.purchases.g1");
        String serving = topics.create(port.topic(), PARTITIONS, Map.of());
        String shadow = topics.create(generation.shadowOf(port.topic()), PARTITIONS, Map.of());
        AvroEncoder<Purchase> encoder = encoder(port);
        topics.commit(to -> {
            for (int key = 0; key < KEYS; key++) {
                if (random.nextInt(4) > 0) {
                    byte[] value = random.nextInt(8) == 0 ? null : encoder.encode(purchase(key));
                    to.write(record(serving, key % PARTITIONS, 1_000 + key, "p" + key, value));
                    to.write(record(shadow, key % PARTITIONS, 1_000 + key, "p" + key, value));
                }
            }
        });
        Map<Integer, Long> servingAgreed = topics.ends(serving);
        Map<Integer, Long> shadowAgreed = topics.ends(shadow);
        for (int round = 0; round < 5; round++) {
            topics.commit(to -> {
                for (int i = 0; i < 12; i++) {
                    int key = random.nextInt(KEYS + 10);
                    Purchase value = purchase(key);
                    value.setCustomer("customer-" + random.nextInt(3));
                    byte[] bytes = random.nextInt(4) == 0 ? null : encoder.encode(value);
                    int whom = random.nextInt(4);
                    if (whom != 0) {
                        to.write(record(serving, key % PARTITIONS, 2_000 + key, "p" + key, bytes));
                    }
                    if (whom != 1) {
                        to.write(record(shadow, key % PARTITIONS, 2_000 + key, "p" + key, bytes));
                    }
                }
            });
        }
        PortComparison comparison =
                PortComparison.of(port, shadow, PortChange.NONE, PortHorizon.NONE, registry, List.of());
        Map<String, String> all = new TreeMap<>();
        try (LatestRecords records = LatestRecords.open(directory, topics.consumerConfig())) {
            records.read(serving, topics.ends(serving), ReadProgress.NONE);
            records.read(shadow, topics.ends(shadow), ReadProgress.NONE);
            comparison.compare(records, KeyScope.ALL, difference -> note(all, difference));
        }
        List<Set<String>> lacking = new ArrayList<>();
        Map<String, String> later = new TreeMap<>();
        try (LatestRecords records = LatestRecords.open(directory, topics.consumerConfig())) {
            records.settle();
            records.begin(serving, servingAgreed, Before.UNKNOWN);
            records.begin(shadow, shadowAgreed, Before.UNKNOWN);
            do {
                records.read(serving, topics.ends(serving), ReadProgress.NONE);
                records.read(shadow, topics.ends(shadow), ReadProgress.NONE);
                later.clear();
                comparison.compare(records, KeyScope.TOUCHED, difference -> note(later, difference));
                lacking.add(records.lacking().keySet());
                records.lacking().keySet().forEach(topic -> records.readBefore(topic, ReadProgress.NONE));
                records.settle();
            } while (!lacking.get(lacking.size() - 1).isEmpty());
        }

        assertThat(later).isEqualTo(all).isNotEmpty();
        assertThat(lacking.get(0))
                .as("each was told of keys that the other was not told of")
                .isNotEmpty();
    }

    private AvroEncoder<Purchase> encoder(PortAddress port) {
        int id = registry.register(port.valueSubject(), Purchase.getClassSchema(), Compatibility.FULL_TRANSITIVE);
        return new AvroEncoder<>(AvroType.of(Purchase.class), id);
    }

    private static void note(Map<String, String> into, Difference difference) {
        into.put(
                difference.partition() + " " + new String(difference.key(), UTF_8),
                difference.kind() + " " + text(difference.serving()) + " " + text(difference.candidate()));
    }

    private static String text(@Nullable Latest latest) {
        return latest == null ? "nothing" : latest.timestamp() + ":" + Arrays.hashCode(latest.value());
    }
}
