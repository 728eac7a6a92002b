package io.kappamesh.testkit;

import io.kappamesh.application.MeshApplication;
import io.kappamesh.compare.PortReport;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OwnedPort;
import io.kappamesh.contract.PortContract;
import io.kappamesh.cut.Progress;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Proof;
import io.kappamesh.observe.ProductState;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.Codecs;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import io.kappamesh.time.EventTime;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class real brokers and a real schema registry, as child processes on loopback. Nothing starts before it is used for
 * the first time; what started is stopped, and its data deleted, without the test's doing.
 *
 * <pre>{@code
 * class OrdersIT {
 *     @RegisterExtension
 *     static final LocalMesh mesh = LocalMesh.shared();
 *
 *     @Test
 *     void ordersArePublished() {
 *         try (MeshRuntime running = mesh.run(SalesProducts.orders())) {
 *             mesh.write(SalesPorts.ORDER_EVENTS, "o-1", placed);
 *             await().untilAsserted(() -> assertThat(mesh.table(SalesPorts.ORDERS)).containsKey("o-1"));
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>{@link #shared()} is one broker and one registry for all test classes of the JVM: quick, and each class uses topics of its own.
 * {@link #withBrokers} is a cluster for one class, which may stop and kill what it likes. With
 * {@code @ExtendWith(LocalMesh.class)} the shared one is a parameter of test methods. Not thread-safe.
 */
public final class LocalMesh implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LocalMesh.class);
    private static final Duration UNTIL_LIVE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final int brokers;
    private final boolean shared;
    private @Nullable ExtensionContext owner;

    /** For {@code @ExtendWith}; the same as {@link #shared()}. */
    public LocalMesh() {
        this(1, true);
    }

    private LocalMesh(int brokers, boolean shared) {
        this.brokers = brokers;
        this.shared = shared;
    }

    /** One broker and a registry that all test classes of this JVM share, until the last one has ended. */
    public static LocalMesh shared() {
        return new LocalMesh();
    }

    /**
     * A cluster and a registry for one test class. With one broker replication factors are 1; with three, writing goes on while
     * one is down.
     *
     * @param brokers at least 1
     */
    public static LocalMesh withBrokers(int brokers) {
        return new LocalMesh(brokers, false);
    }

    /** Host and port of every broker. */
    public String bootstrapServers() {
        return kafka().bootstrapServers();
    }

    /** The address for {@code schema.registry.url}. */
    public String registryUrl() {
        return registry().url();
    }

    /** The brokers, to stop, start, kill and pause them. */
    public LocalKafka kafka() {
        return running().kafka();
    }

    /** The registry, to stop, start, kill and pause it. It keeps its schemas. */
    public LocalRegistry registry() {
        return running().registry();
    }

    /**
     * Settings of one instance for {@link Settings#of}: brokers, registry, and a directory of its own for local state. Each call
     * describes another instance; keep the map to start the same one again. A new mutable map.
     */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", bootstrapServers());
        settings.put("schema.registry.url", registryUrl());
        settings.put("mesh.state.dir", running().newStateDirectory().toString());
        return settings;
    }

    /** Creates the topics and registers the schemas that products own, so that they can be written before anything runs. */
    public void provision(StreamingProduct... products) {
        int code = MeshApplication.of(List.of(products))
                .run(
                        new String[] {"provision"},
                        Map.of(
                                "MESH_BOOTSTRAP_SERVERS", bootstrapServers(),
                                "MESH_SCHEMA_REGISTRY_URL", registryUrl()));
        if (code != 0) {
            throw new IllegalStateException("provisioning ended with exit code " + code + "; see standard error");
        }
    }

    /**
     * Starts products as a new instance and returns when all of them are live. To be closed by the test.
     *
     * @throws IllegalStateException when one of them ended instead
     */
    public MeshRuntime run(StreamingProduct... products) {
        return run(settings(), products);
    }

    /** The same with settings: those of an earlier instance, or {@link #settings()} and more. */
    public MeshRuntime run(Map<String, String> settings, StreamingProduct... products) {
        MeshRuntime runtime = MeshRuntime.start(Settings.of(settings, Map.of()), List.of(products));
        try {
            Awaitility.await().atMost(UNTIL_LIVE).pollInterval(BETWEEN_LOOKS).until(() -> isLive(runtime));
            return runtime;
        } catch (RuntimeException failed) {
            runtime.close();
            throw failed;
        }
    }

    private static boolean isLive(MeshRuntime runtime) {
        runtime.products().forEach(product -> {
            if (product.failure().isPresent()) {
                throw new IllegalStateException(
                        product.product() + " failed: " + product.failure().orElseThrow());
            }
        });
        return runtime.products().stream().allMatch(product -> product.state() == ProductState.LIVE);
    }

    /**
     * Writes a value with the port's registered schema, or in the source's own format, and at its event time, or now if it has none, and returns when the brokers have it.
     */
    public <V extends IndexedRecord> void write(OwnedPort<V> port, String key, V value) {
        write(port, port.topic(), key, value);
    }

    /** The same into one of several topics that a source reads. */
    public <V extends IndexedRecord> void write(OwnedPort<V> port, String topic, String key, V value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, null, timestamp(port.contract().eventTime(), value), utf8(key), bytes(port, value));
        port.asInput()
                .filter()
                .headers()
                .forEach((name, text) -> record.headers().add(name, utf8(text)));
        running().write(record);
    }

    /** The bytes of a value as {@link #write} writes them, with the port's registered schema. */
    public <V extends IndexedRecord> byte[] bytes(OwnedPort<V> port, V value) {
        InputPort<V> read = port.asInput();
        if (read.format().isPresent()) {
            return ProductWire.encoder(read).encode(value);
        }
        PortContract<V> contract = port.contract();
        int id = running()
                .schemas()
                .register(port.address().valueSubject(), contract.schema(), Compatibility.FULL_TRANSITIVE);
        return new AvroEncoder<>(Codecs.type(contract.type(), contract.schema()), id).encode(value);
    }

    /** Deletes or retracts a key, and returns when the brokers have it. */
    public void delete(OwnedPort<?> port, String key, Instant at) {
        send(port, utf8(key), null, at.toEpochMilli());
    }

    /** Writes anything at all, byte for byte, and returns when the brokers have it. */
    public void writeBytes(OwnedPort<?> port, byte @Nullable [] key, byte @Nullable [] value) {
        send(port, key, value, null);
    }

    /**
     * All committed records of a port up to the end it has now, decoded with its schema, each partition in its order. A null value
     * deletes or retracts.
     *
     * @throws org.apache.kafka.common.errors.SerializationException when one cannot be decoded
     */
    public <V extends IndexedRecord> List<ConsumerRecord<String, V>> records(OwnedPort<V> port) {
        PortContract<V> contract = port.contract();
        Deserializer<V> values = new AvroDecoder<>(
                        Codecs.type(contract.type(), contract.schema()),
                        running().schemas())
                .asDeserializer();
        List<ConsumerRecord<String, V>> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : running().read(port.topic())) {
            records.add(new ConsumerRecord<>(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    record.timestampType(),
                    record.serializedKeySize(),
                    record.serializedValueSize(),
                    new String(record.key(), StandardCharsets.UTF_8),
                    values.deserialize(record.topic(), record.value()),
                    record.headers(),
                    record.leaderEpoch()));
        }
        return records;
    }

    /** The latest committed value per key up to the end that the port has now, without deleted keys. */
    public <V extends IndexedRecord> Map<String, V> table(OwnedPort<V> port) {
        Map<String, V> table = new LinkedHashMap<>();
        for (ConsumerRecord<String, V> record : records(port)) {
            if (record.value() == null) {
                table.remove(record.key());
            } else {
                table.put(record.key(), record.value());
            }
        }
        return table;
    }

    /** What the product's intake has refused and committed up to now, in order. */
    public List<DeadLetter> deadLetters(DataProduct product) {
        return running().read(product.name().deadLetterTopic()).stream()
                .map(DeadLetter::of)
                .toList();
    }

    /**
     * Proves that replay equals live of a product that {@link #run} has running: replays what its inputs hold beside it, while it goes
     * on, and compares at one cut. Whatever the test did to it meanwhile (restarts, processes killed, partitions that moved) must have
     * left no trace.
     *
     * @return what was replayed and compared
     * @throws AssertionError with examples, if they differ or if nothing was published that could
     */
    public Proof prove(DataProduct product) {
        try (Lifecycle lifecycle = Lifecycle.connect(Settings.of(settings(), Map.of()))) {
            Proof proof = lifecycle.prove(product.name(), List.of(), Progress.SILENT);
            List<PortReport> ports = proof.verification().ports();
            if (ports.stream().allMatch(port -> port.servingKeys() + port.candidateKeys() == 0)) {
                throw new AssertionError(product.name() + ": published nothing, so that nothing is proved");
            }
            if (!proof.holds()) {
                StringBuilder differences = new StringBuilder(product.name() + ": replay does not equal live");
                ports.forEach(port -> {
                    differences
                            .append("\n  ")
                            .append(port.topic())
                            .append(": ")
                            .append(port.unexpected())
                            .append(" keys differ");
                    port.samples()
                            .forEach(sample -> differences
                                    .append("\n    ")
                                    .append(sample.key())
                                    .append(": ")
                                    .append(sample.kind())
                                    .append(' ')
                                    .append(sample.fields()));
                });
                throw new AssertionError(differences.toString());
            }
            return proof;
        }
    }

    private void send(OwnedPort<?> port, byte @Nullable [] key, byte @Nullable [] value, @Nullable Long timestamp) {
        running().write(new ProducerRecord<>(port.topic(), null, timestamp, key, value));
    }

    /** Null = the time at which it is written. */
    private static @Nullable Long timestamp(EventTime time, IndexedRecord value) {
        return time.isInValue() ? time.millis(value) : null;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private RunningMesh running() {
        if (owner == null) {
            throw new IllegalStateException("LocalMesh is used outside of a test class; declare it as"
                    + " @RegisterExtension static final, or use @ExtendWith(LocalMesh.class)");
        }
        // Stores close what they hold when their context ends: the class, or the whole run.
        ExtensionContext.Store store = (shared ? owner.getRoot() : owner).getStore(NAMESPACE);
        return store.getOrComputeIfAbsent(
                shared ? "shared" : this, key -> RunningMesh.start(brokers), RunningMesh.class);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (owner == null) {
            owner = context;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.equals(owner)) {
            owner = null;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalMesh.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return this;
    }
}
