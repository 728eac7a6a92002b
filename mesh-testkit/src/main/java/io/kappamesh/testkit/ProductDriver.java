package io.kappamesh.testkit;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.stack.Workspace;
import io.kappamesh.topology.Assembly;
import io.kappamesh.topology.CommitPacing;
import io.kappamesh.topology.Destinations;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Drives one product in the test's own thread: what is piped in is processed before the call returns. Values go through the same
 * wire format, intake and checks as in production. One partition per topic, no broker, no rebalance. Not thread-safe.
 */
public final class ProductDriver implements AutoCloseable {
    private final DataProduct product;
    private final ProductWire wire;
    private final TopologyTestDriver driver;
    private final Workspace state;
    private final Map<String, TestInputTopic<byte[], byte[]>> inputs = new LinkedHashMap<>();
    private final Map<String, Published<?>> ports = new LinkedHashMap<>();

    private ProductDriver(StreamingProduct streaming, Map<String, ?> settings) {
        product = streaming.product();
        wire = ProductWire.of(product);
        state = Workspace.temporary("kappa-mesh-driver-");
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, product.name().toString());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.putAll(settings);
        Map<String, Object> map = new LinkedHashMap<>();
        config.forEach((key, value) -> map.put(key.toString(), value));
        driver = new TopologyTestDriver(
                Assembly.assemble(
                                streaming,
                                map,
                                wire.codecs(),
                                Destinations.PUBLIC,
                                ProductObserver.NONE,
                                CommitPacing.NONE)
                        .topology(),
                config);
    }

    /** Drives a product. */
    public static ProductDriver of(StreamingProduct product) {
        return new ProductDriver(product, Map.of());
    }

    /** Drives a product with settings of Kafka Streams, such as a cache size. */
    public static ProductDriver of(StreamingProduct product, Map<String, ?> streamsSettings) {
        return new ProductDriver(product, streamsSettings);
    }

    /**
     * Pipes a fact or a row into a port that the product reads, or the first of its topics, written with the reader's own schema and with the
     * headers by which the port knows its records.
     */
    public <V extends IndexedRecord> void pipe(ReadablePort<V> port, String key, V value) {
        pipe(port, key, value, value.getSchema());
    }

    /** Pipes a value that its owner wrote with a schema of the owner's. */
    public void pipe(ReadablePort<?> port, String key, IndexedRecord value, Schema writer) {
        pipe(port, port.topic(), key, value, writer);
    }

    /** Pipes a fact into one of several topics that a port reads, written with the reader's own schema. */
    public <V extends IndexedRecord> void pipe(ReadablePort<V> port, String topic, String key, V value) {
        pipe(port, topic, key, value, value.getSchema());
    }

    private void pipe(ReadablePort<?> port, String topic, String key, IndexedRecord value, Schema writer) {
        Headers headers = new RecordHeaders();
        port.asInput()
                .filter()
                .headers()
                .forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
        byte[] bytes = wire.bytes(port.asInput(), value, writer);
        pipe(topic, new TestRecord<>(key.getBytes(StandardCharsets.UTF_8), bytes, headers, 0L));
    }

    /** Pipes the deletion or retraction of a key. Timestamp in milliseconds since the epoch. */
    public void pipeDeletion(ReadablePort<?> port, String key, long timestamp) {
        pipeBytes(port, key.getBytes(StandardCharsets.UTF_8), null, new RecordHeaders(), timestamp);
    }

    /** Pipes anything at all, byte for byte. Timestamp in milliseconds since the epoch. */
    public void pipeBytes(
            ReadablePort<?> port, byte @Nullable [] key, byte @Nullable [] value, Headers headers, long timestamp) {
        pipe(port.topic(), new TestRecord<>(key, value, headers, timestamp));
    }

    private void pipe(String topic, TestRecord<byte[], byte[]> record) {
        inputs.computeIfAbsent(
                        topic,
                        first -> driver.createInputTopic(first, new ByteArraySerializer(), new ByteArraySerializer()))
                .pipeInput(record);
    }

    /** The bytes of a value of a port as they would stand in its topic, written with the value's own schema. */
    public byte[] bytes(ReadablePort<?> port, IndexedRecord value) {
        return wire.bytes(port.asInput(), value, value.getSchema());
    }

    /** All records that left by an output port since the last call of this method, in order; a null value deletes or retracts. */
    public <V extends IndexedRecord> List<TestRecord<String, V>> records(OutputPort<V> port) {
        return port(port).drain();
    }

    /** The latest value per key of everything that ever left by an output port, without deleted keys: what a consumer has. A copy. */
    public <V extends IndexedRecord> Map<String, V> table(OutputPort<V> port) {
        return port(port).table();
    }

    @SuppressWarnings("unchecked") // a port has values of one type
    private <V extends IndexedRecord> Published<V> port(OutputPort<V> port) {
        String topic = port.address().topic();
        Published<V> published = (Published<V>) ports.computeIfAbsent(topic, first -> new Published<>());
        if (driver.producedTopicNames().contains(topic)) {
            Deserializer<V> values = wire.codecs().decoder(port.asInput()).asDeserializer();
            published.add(driver.createOutputTopic(topic, new StringDeserializer(), values)
                    .readRecordsToList());
        }
        return published;
    }

    /** What the intake refused since the last call, in order. */
    public List<DeadLetter> deadLetters() {
        String topic = product.name().deadLetterTopic();
        List<DeadLetter> letters = new ArrayList<>();
        if (driver.producedTopicNames().contains(topic)) {
            driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList()
                    .forEach(record -> letters.add(DeadLetter.of(new ConsumerRecord<>(
                            topic,
                            0,
                            letters.size(),
                            record.timestamp(),
                            TimestampType.CREATE_TIME,
                            -1,
                            -1,
                            record.key(),
                            record.value(),
                            record.headers(),
                            Optional.empty()))));
        }
        return letters;
    }

    @Override
    public void close() {
        driver.close();
        wire.close();
        state.close();
    }
}
