package io.kappamesh.serde;

import io.kappamesh.Internal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.OwnedPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;

/** Codecs over a registry in which the schemas of every owned port stand. Thread-safe. */
@Internal
public final class RegisteredCodecs implements Codecs {
    private final SchemaRegistry registry;
    private final Map<PortAddress, Integer> ids;

    private RegisteredCodecs(SchemaRegistry registry, Map<PortAddress, Integer> ids) {
        this.registry = registry;
        this.ids = Map.copyOf(ids);
    }

    /**
     * Registers the schemas of all ports in Avro whose topics the products own, each after the check that every version under its major version
     * can be read by readers of any other. Idempotent.
     *
     * @throws io.kappamesh.registry.IncompatibleSchemaException when a schema breaks its port's contract
     * @throws io.kappamesh.registry.RegistryUnavailableException when the registry cannot be reached; try again
     */
    public static RegisteredCodecs register(SchemaRegistry registry, List<DataProduct> products) {
        Map<PortAddress, Integer> ids = new HashMap<>();
        products.stream().flatMap(product -> registered(product).stream()).forEach(port -> {
            PortContract<?> contract = port.contract();
            ids.put(
                    port.address(),
                    registry.register(port.address().valueSubject(), contract.schema(), Compatibility.FULL_TRANSITIVE));
        });
        return new RegisteredCodecs(registry, ids);
    }

    /** The ports of a product whose schemas stand in the registry: those in Avro whose topics it owns. */
    public static List<OwnedPort<?>> registered(DataProduct product) {
        return product.ownedPorts().stream()
                .filter(port -> !(port instanceof SourcePort<?> source
                        && (source.isExternal() || source.format().isPresent())))
                .toList();
    }

    /** The ids under which the schemas of owned ports stand in the registry. */
    public Map<PortAddress, Integer> schemaIds() {
        return ids;
    }

    @Override
    public WriterSchemas schemas() {
        return Codecs.schemas(registry);
    }

    @Override
    public <V extends IndexedRecord> AvroDecoder<V> decoder(InputPort<V> port) {
        return new AvroDecoder<>(Codecs.type(port.type(), port.reader()), registry);
    }

    @Override
    public <V extends IndexedRecord> AvroEncoder<V> encoder(OutputPort<V> port) {
        return ownedEncoder(port);
    }

    /** Writes the values of any owned port, be it an output or a private source. */
    public <V extends IndexedRecord> AvroEncoder<V> ownedEncoder(OwnedPort<V> port) {
        Integer id = ids.get(port.address());
        if (id == null) {
            throw new IllegalArgumentException("port " + port.address() + ": its schema was not registered here");
        }
        return new AvroEncoder<>(
                Codecs.type(port.contract().type(), port.contract().schema()), id);
    }
}
