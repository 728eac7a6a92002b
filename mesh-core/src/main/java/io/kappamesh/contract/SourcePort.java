package io.kappamesh.contract;

import org.apache.avro.generic.IndexedRecord;

/**
 * A private source of a domain: a topic that the domain owns and that something outside the mesh writes, such as the shop's order
 * events. Nobody but the domain reads it.
 *
 * @param contract what the writer has to keep
 */
public record SourcePort<V extends IndexedRecord>(PortContract<V> contract) implements OwnedPort<V> {

    /** Begins the declaration of a source of keyed facts. */
    public static <V extends IndexedRecord> PortBuilder<V, SourcePort<V>> events(String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.EVENTS, type, SourcePort::new);
    }

    /** Begins the declaration of a source that holds the latest value per key. */
    public static <V extends IndexedRecord> PortBuilder<V, SourcePort<V>> table(String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.TABLE, type, SourcePort::new);
    }

    @Override
    public InputPort<V> asInput() {
        return InputPort.of(this);
    }
}
