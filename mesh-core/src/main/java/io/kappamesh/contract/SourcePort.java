package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;

/**
 * A private source of a domain: a topic that something outside the mesh writes, such as the shop's orders. The library creates the topic, unless
 * {@link SourceBuilder#topic} names an existing one. Only products of the domain may read it. Declare it in a static field; problems are
 * reported by the product that reads it. Immutable and thread-safe; two ports with equal contracts are equal.
 *
 * @param <V> the class of the values
 */
public sealed class SourcePort<V extends IndexedRecord> implements OwnedPort<V> permits EventSource {
    final Declared<PortContract<V>> contract;
    final Origin origin;

    SourcePort(Declared<PortContract<V>> contract, Origin origin) {
        this.contract = contract;
        this.origin = origin;
    }

    /**
     * Begins the declaration of a source of final facts: nobody takes them back, and the intake rejects a null value.
     *
     * @param address domain, name and major version, such as {@code billing.payments.v1}; also the topic, unless the builder names another
     * @param type a generated Avro class; for generic records, also give the {@linkplain PortBuilder#schema schema}
     */
    public static <V extends IndexedRecord> SourceBuilder<V, EventSource<V>> events(String address, Class<V> type) {
        return new SourceBuilder<>(address, PortKind.EVENTS, type, true, EventSource::new);
    }

    /**
     * Begins the declaration of a source of facts that may be taken back: a later value with the key of a fact replaces it, and a null value
     * retracts it. Parameters as for {@link #events}.
     */
    public static <V extends IndexedRecord> SourceBuilder<V, SourcePort<V>> retractableEvents(
            String address, Class<V> type) {
        return new SourceBuilder<>(address, PortKind.EVENTS, type, false, SourcePort::new);
    }

    /** Begins the declaration of a source with the latest value of each key; a null value deletes the key. Parameters as for {@link #events}. */
    public static <V extends IndexedRecord> SourceBuilder<V, SourcePort<V>> table(String address, Class<V> type) {
        return new SourceBuilder<>(address, PortKind.TABLE, type, false, SourcePort::new);
    }

    @Override
    public final PortContract<V> contract() {
        return contract.get();
    }

    /** Whether the topic belongs to somebody else: the library never creates it, and does not compare its settings. */
    public final boolean isExternal() {
        return !origin.topics().isEmpty();
    }

    /** The topic, or the first of several: the port's address, unless {@link SourceBuilder#topic} names another one. */
    @Override
    public final String topic() {
        return topics().get(0);
    }

    /** All topics of the source: one, unless {@link SourceBuilder#topics} names several. */
    public final List<String> topics() {
        return isExternal() ? origin.topics() : List.of(address().topic());
    }

    /** The format of its values; empty = that of published ports: Avro in the Confluent wire format. */
    public final Optional<ValueFormat> format() {
        return origin.values();
    }

    /** The format of its keys; empty = that of published ports: text in UTF-8. */
    public final Optional<KeyFormat> keys() {
        return origin.keys();
    }

    /** Whether a fact's key is computed from its value, see {@link EventSource#keyedBy}. */
    public final boolean isKeyedByValue() {
        return origin.keyedByValue();
    }

    /** Which records of the topic the source selects, see {@link EventSource#ofRecord} and {@link EventSource#withHeader}. */
    public final RecordFilter filter() {
        return origin.filter();
    }

    /** How far an event time may be ahead of the record's timestamp; empty = unlimited. */
    public final Optional<Duration> furthestAhead() {
        return origin.furthestAhead();
    }

    @Override
    public InputPort<V> asInput() {
        return InputPort.of(contract(), this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourcePort<?> port
                && getClass() == port.getClass()
                && contract.found().equals(port.contract.found())
                && origin.equals(port.origin);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(contract.found());
    }

    @Override
    public String toString() {
        return contract.found().map(known -> known.address().toString()).orElse("invalid source port");
    }
}
