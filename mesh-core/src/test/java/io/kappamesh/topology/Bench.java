package io.kappamesh.topology;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.Codecs;
import io.kappamesh.serde.RegisteredCodecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** One product on Kafka's test driver, with an in-memory registry. */
final class Bench implements AutoCloseable {
    static final Map<String, Object> CONFIG = Map.of(
            "application.id",
            "shop.test.g1",
            "bootstrap.servers",
            "none:1",
            "ensure.explicit.internal.resource.naming",
            true,
            "statestore.cache.max.bytes",
            0);

    final TopologyTestDriver driver;
    private final DataProduct product;
    private final SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient());
    private final RegisteredCodecs codecs;
    private final Path state;

    Bench(DataProduct product, ProductTopology topology) {
        this(product, topology, ProductObserver.NONE);
    }

    Bench(DataProduct product, ProductTopology topology, ProductObserver observer) {
        this(product, topology, observer, Map.of());
    }

    /** @param more configuration beyond {@link #CONFIG} */
    Bench(DataProduct product, ProductTopology topology, ProductObserver observer, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(CONFIG);
        config.putAll(more);
        this.product = product;
        this.codecs = RegisteredCodecs.register(registry, List.of(product));
        Topology assembled = Assembly.assemble(
                        new StreamingProduct(product, topology),
                        config,
                        codecs,
                        Destinations.PUBLIC,
                        observer,
                        CommitPacing.NONE)
                .topology();
        Properties properties = new Properties();
        properties.putAll(CONFIG);
        try {
            state = Files.createTempDirectory("bench");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        properties.put("state.dir", state.toString());
        driver = new TopologyTestDriver(assembled, properties);
    }

    /** A topology that is assembled and never run. */
    static Topology assemble(DataProduct product, ProductTopology topology) {
        try (SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient())) {
            return Assembly.assemble(
                            new StreamingProduct(product, topology),
                            CONFIG,
                            RegisteredCodecs.register(registry, List.of(product)),
                            Destinations.PUBLIC,
                            ProductObserver.NONE,
                            CommitPacing.NONE)
                    .topology();
        }
    }

    byte[] bytes(ReadablePort<?> port, IndexedRecord value) {
        int id = registry.register(port.address().valueSubject(), value.getSchema(), Compatibility.NONE);
        return encoder(value, id).encode(value);
    }

    @SuppressWarnings("unchecked") // a record is of its own class
    private static AvroEncoder<IndexedRecord> encoder(IndexedRecord value, int id) {
        return new AvroEncoder<>(Codecs.type((Class<IndexedRecord>) value.getClass(), value.getSchema()), id);
    }

    void pipe(ReadablePort<?> port, String key, IndexedRecord value) {
        pipe(port, utf8(key), bytes(port, value), new RecordHeaders(), 1);
    }

    void pipe(ReadablePort<?> port, byte[] key, byte[] value, Headers headers, long timestamp) {
        TestInputTopic<byte[], byte[]> topic =
                driver.createInputTopic(port.address().topic(), new ByteArraySerializer(), new ByteArraySerializer());
        topic.pipeInput(new TestRecord<>(key, value, headers, timestamp));
    }

    <V extends IndexedRecord> List<TestRecord<String, V>> records(OutputPort<V> port) {
        String topic = port.address().topic();
        return driver.producedTopicNames().contains(topic)
                ? driver.createOutputTopic(
                                topic,
                                new StringDeserializer(),
                                codecs.decoder(port.asInput()).asDeserializer())
                        .readRecordsToList()
                : List.of();
    }

    /** Dead letters as a consumer of their topic gets them. */
    List<ConsumerRecord<byte[], byte[]>> rawLetters() {
        String topic = product.name().deadLetterTopic();
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        if (driver.producedTopicNames().contains(topic)) {
            driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList()
                    .forEach(letter -> letters.add(new ConsumerRecord<>(
                            topic,
                            0,
                            letters.size(),
                            letter.timestamp(),
                            TimestampType.CREATE_TIME,
                            -1,
                            -1,
                            letter.key(),
                            letter.value(),
                            letter.headers(),
                            Optional.empty())));
        }
        return letters;
    }

    List<DeadLetter> letters() {
        return rawLetters().stream().map(DeadLetter::of).toList();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
        registry.close();
        try (Stream<Path> files = Files.walk(state)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::deleteOnExit);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
