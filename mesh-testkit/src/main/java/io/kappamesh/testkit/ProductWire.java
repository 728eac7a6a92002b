package io.kappamesh.testkit;

import io.kappamesh.Internal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.format.ValueFormat;
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

    private final Map<PortAddress, ValueFormat.Encoder<?>> formats = new ConcurrentHashMap<>();

    private record Written(String subject, Class<?> type, Schema writer) {}

    private ProductWire(DataProduct product) {
        registry = SchemaRegistry.over(ConfluentAvro.registry());
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

    /** Writes values of a port that has a format of its own. */
    static <V extends IndexedRecord> ValueFormat.Encoder<V> encoder(InputPort<V> port) {
        return port.format()
                .flatMap(format -> format.encoder(port.type(), port.reader()))
                .orElseThrow(() -> new IllegalArgumentException(
                        port.address() + ": its format cannot write values; put bytes in"));
    }

    @SuppressWarnings("unchecked") // the encoder is of the port with this address
    private <V extends IndexedRecord> byte[] inFormat(InputPort<V> port, IndexedRecord value) {
        ValueFormat.Encoder<V> encoder =
                (ValueFormat.Encoder<V>) formats.computeIfAbsent(port.address(), first -> encoder(port));
        return encoder.encode(port.type().cast(value));
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
