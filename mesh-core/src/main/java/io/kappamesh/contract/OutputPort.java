package io.kappamesh.contract;

import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;

/** A port that a product publishes: {@code sales.orders.v1}. Immutable; two with equal contracts are equal. */
public final class OutputPort<V extends IndexedRecord> implements OwnedPort<V> {
    private final Declared<PortContract<V>> contract;

    private OutputPort(Declared<PortContract<V>> contract) {
        this.contract = contract;
    }

    /** Begins the declaration of a table port: the latest value per key. */
    public static <V extends IndexedRecord> PortBuilder<V, OutputPort<V>> table(String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.TABLE, type, OutputPort::new);
    }

    /** Begins the declaration of an event port: keyed facts. */
    public static <V extends IndexedRecord> PortBuilder<V, OutputPort<V>> events(String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.EVENTS, type, OutputPort::new);
    }

    @Override
    public PortContract<V> contract() {
        return contract.get();
    }

    @Override
    public InputPort<V> asInput() {
        return InputPort.of(contract(), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutputPort<?> port && contract.found().equals(port.contract.found());
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(contract.found());
    }

    @Override
    public String toString() {
        return contract.found()
                .map(known -> known.address().toString())
                .orElse("output port that is not declared as it should be");
    }
}
