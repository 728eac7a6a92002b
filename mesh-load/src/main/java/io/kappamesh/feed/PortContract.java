package io.kappamesh.feed;

import io.kappamesh.columns.Child;
import io.kappamesh.columns.Column;
import io.kappamesh.columns.TableColumns;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/** What the registry says of a port's values, and the columns that follow from it. One thread at a time. */
public final class PortContract {
    private final PortAddress address;
    private final SchemaRegistry registry;
    private final TableColumns columns;
    private final AvroDecoder<Object> decoder;
    private final Set<Integer> known;

    private PortContract(PortAddress address, SchemaRegistry registry, TableColumns columns, Set<Integer> known) {
        this.address = address;
        this.registry = registry;
        this.columns = columns;
        this.decoder = new AvroDecoder<>(columns.readType(), registry);
        this.known = known;
    }

    /**
     * Asks the registry.
     *
     * @param existing columns that the table has
     * @param declared fields whose elements have tables of their own
     */
    public static PortContract read(
            PortAddress address, SchemaRegistry registry, List<Column> existing, List<Child> declared) {
        List<RegisteredSchema> versions = registry.versions(address.valueSubject());
        if (versions.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "port " + address + ": the registry has no schema under " + address.valueSubject()
                            + "; check the port's address and schema.registry.url, or provision its product");
        }
        for (RegisteredSchema version : versions) {
            if (version.schema().getType() != Schema.Type.RECORD) {
                throw new LifecycleException(
                        ExitCode.CONTRACT,
                        "port " + address + ": version " + version.version() + " of its schema is no record but "
                                + version.schema().getType().getName());
            }
        }
        Set<Integer> ids = new HashSet<>();
        versions.forEach(version -> ids.add(version.id()));
        return new PortContract(
                address,
                registry,
                TableColumns.of(versions.stream().map(RegisteredSchema::schema).toList(), existing, declared),
                ids);
    }

    public TableColumns columns() {
        return columns;
    }

    public AvroDecoder<Object> decoder() {
        return decoder;
    }

    /** Whether a record of this schema id says nothing new of the contract. */
    public boolean covers(int schemaId) {
        return known.contains(schemaId);
    }

    /** What the registry says now, where a schema id was met that it had not said. Such an id may be none of the port's versions. */
    public PortContract after(int schemaId) {
        PortContract now = read(address, registry, columns.columns(), columns.declared());
        now.known.addAll(known);
        now.known.add(schemaId);
        return now;
    }
}
