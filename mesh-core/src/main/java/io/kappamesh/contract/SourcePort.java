package io.kappamesh.contract;

import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;

/**
 * A private source of a domain: a topic that the domain owns and that something outside the mesh writes, such as the shop's orders.
 * Nobody but the domain reads it. Immutable; two with equal contracts are equal.
 */
public sealed class SourcePort<V extends IndexedRecord> implements OwnedPort<V> permits EventSource {
    final Declared<PortContract<V>> contract;

    SourcePort(Declared<PortContract<V>> contract) {
        this.contract = contract;
    }

    /** Begins the declaration of a source of keyed facts that are final: nobody takes them back, and a null value is refused. */
    public static <V extends IndexedRecord> PortBuilder<V, EventSource<V>> events(String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.EVENTS, type, EventSource::new);
    }

    /**
     * Begins the declaration of a source of keyed facts that may be taken back: a later value with the key of a fact replaces it, a null
     * retracts it.
     */
    public static <V extends IndexedRecord> PortBuilder<V, SourcePort<V>> retractableEvents(
            String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.EVENTS, type, SourcePort::new);
    }

    /** Begins the declaration of a source that holds the latest value per key; a null value deletes the key. */
    public static <V extends IndexedRecord> PortBuilder<V, SourcePort<V>> table(String address, Class<V> type) {
        return new PortBuilder<>(address, PortKind.TABLE, type, SourcePort::new);
    }

    @Override
    public final PortContract<V> contract() {
        return contract.get();
    }

    @Override
    public InputPort<V> asInput() {
        return InputPort.of(contract(), this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourcePort<?> port
                && getClass() == port.getClass()
                && contract.found().equals(port.contract.found());
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(contract.found());
    }

    @Override
    public String toString() {
        return contract.found()
                .map(known -> known.address().toString())
                .orElse("source port that is not declared as it should be");
    }
}
