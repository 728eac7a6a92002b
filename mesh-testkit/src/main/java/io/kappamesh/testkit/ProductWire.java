package io.kappamesh.testkit;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.avro.AvroEncoder;
import io.kappamesh.avro.Compatibility;
import io.kappamesh.avro.SchemaRegistry;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.topology.Codecs;
import io.kappamesh.topology.RegisteredCodecs;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** Values of a product's ports as they stand in topics, with a registry in memory. Thread-safe. */
final class ProductWire implements AutoCloseable {
    private final SchemaRegistry registry;
    private final RegisteredCodecs codecs;

    private ProductWire(DataProduct product) {
        registry = SchemaRegistry.over(new MockSchemaRegistryClient());
        codecs = RegisteredCodecs.register(registry, List.of(product));
    }

    static ProductWire of(DataProduct product) {
        return new ProductWire(product);
    }

    RegisteredCodecs codecs() {
        return codecs;
    }

    /** A value as its owner would write it with a schema of the owner's. */
    byte[] bytes(InputPort<?> port, IndexedRecord value, Schema writer) {
        int id = registry.register(port.address().valueSubject(), writer, Compatibility.NONE);
        return encoder(value, writer, id).encode(value);
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
