package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.cut.Progress;
import io.kappamesh.fixture.PostgresServer;
import io.kappamesh.load.LoadVerification;
import io.kappamesh.load.PortLoader;
import io.kappamesh.load.PortLoaderBuilder;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is killed and started again while a port is loaded: the loader waits, goes on, and the table ends as the topic is. */
@Timeout(900)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class LoadBrokerIT {
    private static final int KEYS = 2_000;
    private static final int KILLS = Integer.getInteger("mesh.broker.kills", 4);
    private static final String PORT = "stock.items.v1";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Schema SCHEMA = SchemaBuilder.record("Item")
            .namespace("io.kappamesh.system.stock")
            .fields()
            .requiredString("id")
            .requiredLong("n")
            .endRecord();

    @TempDir
    Path state;

    /** What whoever writes the port has been told is written: the latest of each key. */
    private final Map<String, String> latest = new TreeMap<>();

    private long written;

    @Test
    void tableEndsAsTheTopicIsHoweverOftenTheBrokerDies() throws Exception {
        try (LocalKafka kafka = LocalKafka.builder().start();
                LocalRegistry registry = LocalRegistry.builder().start();
                PostgresServer postgres = PostgresServer.startOrSkip()) {
            Settings settings = Settings.of(
                    Map.of(
                            "bootstrap.servers",
                            kafka.bootstrapServers(),
                            "schema.registry.url",
                            registry.url(),
                            "mesh.state.dir",
                            state.toString()),
                    Map.of());
            int id = provision(kafka, settings);
            PortLoaderBuilder loading =
                    PortLoader.builder(settings, PORT).jdbc(postgres.url()).writeEvery(Duration.ofMillis(20));
            AtomicBoolean done = new AtomicBoolean();
            FutureTask<Void> writer = new FutureTask<>(() -> write(kafka, id, done), null);
            Random random = new Random(KILLS);
            try (PortLoader loader = loading.start()) {
                new Thread(writer, "writer").start();
                int broker = kafka.brokerIds().iterator().next();
                for (int kill = 0; kill < KILLS; kill++) {
                    long before = loader.progress().records();
                    await().atMost(TIMEOUT)
                            .until(() -> loader.failure().isPresent()
                                    || loader.progress().records() > before + KEYS);
                    assertThat(loader.failure()).isEmpty();
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
                    kafka.kill(broker);
                    kafka.start(broker);
                }
                done.set(true);
                writer.get();
            }
            try (PortLoader rest = loading.build()) {
                assertThat(rest.loadToEnd()).isTrue();
            }

            LoadVerification found = loading.verify(Progress.SILENT);
            assertThat(found.isComplete()).as("%s", found).isTrue();
            assertThat(found.topicKeys()).isEqualTo(latest.size());
            assertThat(postgres.rows("SELECT id, n FROM stock.items_v1 ORDER BY id COLLATE \"C\""))
                    .isEqualTo(latest.entrySet().stream()
                            .map(row -> row.getKey() + "|" + row.getValue())
                            .toList());
            System.out.println("killed the broker " + KILLS + " times while " + written + " records were loaded");
        }
    }

    private static int provision(LocalKafka kafka, Settings settings) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(PORT, 3, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
        try (SchemaRegistry registry = SchemaRegistry.connect(settings.registry())) {
            return registry.register(PORT + "-value", SCHEMA, Compatibility.FULL_TRANSITIVE);
        }
    }

    /** Random keys, some of them deletions; what the broker does not take is written again until it does. */
    private void write(LocalKafka kafka, int id, AtomicBoolean done) {
        Random random = new Random(7);
        AvroEncoder<Object> encoder = new AvroEncoder<>(AvroType.raw(SCHEMA), id);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                // See docs/sources.md: with more of them the broker may take a later request for an earlier one.
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.in.flight.requests.per.connection", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            while (!done.get()) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    String key = "i" + random.nextInt(KEYS);
                    written++;
                    byte[] value = null;
                    if (random.nextInt(5) > 0) {
                        GenericData.Record item = new GenericData.Record(SCHEMA);
                        item.put("id", key);
                        item.put("n", written);
                        value = encoder.encode(item);
                        latest.put(key, Long.toString(written));
                    } else {
                        latest.remove(key);
                    }
                    sent.add(producer.send(
                            new ProducerRecord<>(PORT, null, 1_000L, key.getBytes(StandardCharsets.UTF_8), value)));
                }
                for (Future<RecordMetadata> one : sent) {
                    RecordMetadata unused = one.get();
                }
            }
        } catch (Exception refused) {
            throw new IllegalStateException("a record was not written", refused);
        }
    }
}
