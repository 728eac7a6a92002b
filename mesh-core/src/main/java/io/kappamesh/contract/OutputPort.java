package io.kappamesh.contract;

import org.apache.avro.generic.IndexedRecord;

/**
 * A port that a product publishes: {@code sales.orders.v1}.
 *
 * @param contract what is promised
 */
public record OutputPort<V extends IndexedRecord>(PortContract<V> contract) implements OwnedPort<V> {

    /** Begins the declaration of a table port: the latest value per key. */
    public static <V extends IndexedRecord> PortBuilder<V, OutputPort<V>> table(String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.TABLE, type, OutputPort::new);
    }

    /** Begins the declaration of an event port: keyed facts. */
    public static <V extends IndexedRecord> PortBuilder<V, OutputPort<V>> events(String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.EVENTS, type, OutputPort::new);
    }

    @Override
    public InputPort<V> asInput() {
        return InputPort.of(this);
    }
}
