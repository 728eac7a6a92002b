package io.kappamesh.testkit;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.Internal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.Codecs;
import io.kappamesh.serde.RegisteredCodecs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** Values of a product's ports as they stand in topics, with a registry in memory. Thread-safe. */
@Internal
public final class ProductWire implements AutoCloseable {
    private final SchemaRegistry registry;
    private final RegisteredCodecs codecs;
    private final Map<Written, AvroEncoder<IndexedRecord>> encoders = new ConcurrentHashMap<>();

    private record Written(String subject, Class<?> type, Schema writer) {}

    private ProductWire(DataProduct product) {
        registry = SchemaRegistry.over(new MockSchemaRegistryClient());
        codecs = RegisteredCodecs.register(registry, List.of(product));
    }

    public static ProductWire of(DataProduct product) {
        return new ProductWire(product);
    }

    public RegisteredCodecs codecs() {
        return codecs;
    }

    /** A value as its owner would write it with a schema of the owner's. */
    public byte[] bytes(InputPort<?> port, IndexedRecord value, Schema writer) {
        return port.format().isPresent() ? inFormat(port, value) : inAvro(port, value, writer);
    }

    /** A value of the port's own class, in the port's own format. */
    static <V extends IndexedRecord> byte[] inFormat(InputPort<V> port, IndexedRecord value) {
        return port.format()
                .flatMap(format -> format.encoder(port.type(), port.reader()))
                .orElseThrow(() ->
                        new IllegalArgumentException(port.address() + ": its format cannot write values; put bytes in"))
                .encode(port.type().cast(value));
    }

    private byte[] inAvro(InputPort<?> port, IndexedRecord value, Schema writer) {
        return encoders.computeIfAbsent(
                        new Written(port.address().valueSubject(), value.getClass(), writer),
                        first -> encoder(value, writer, registry.register(first.subject(), writer, Compatibility.NONE)))
                .encode(value);
    }

    @Override
    public void close() {
        registry.close();
    }

    @SuppressWarnings("unchecked") // a record is of its own class
    private static AvroEncoder<IndexedRecord> encoder(IndexedRecord value, Schema writer, int id) {
        return new AvroEncoder<>(Codecs.type((Class<IndexedRecord>) value.getClass(), writer), id);
    }
}
