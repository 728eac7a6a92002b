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
 * A private source of a domain: a topic that something outside the mesh writes, such as the shop's orders. The domain owns it, unless it
 * {@linkplain SourceBuilder#topic exists already}.
 * Nobody but the domain reads it. Immutable; two with equal contracts are equal.
 */
public sealed class SourcePort<V extends IndexedRecord> implements OwnedPort<V> permits EventSource {
    final Declared<PortContract<V>> contract;
    final Origin origin;

    SourcePort(Declared<PortContract<V>> contract, Origin origin) {
        this.contract = contract;
        this.origin = origin;
    }

    /** Begins the declaration of a source of keyed facts that are final: nobody takes them back, and a null value is refused. */
    public static <V extends IndexedRecord> SourceBuilder<V, EventSource<V>> events(String address, Class<V> type) {
        return new SourceBuilder<>(address, PortKind.EVENTS, type, true, EventSource::new);
    }

    /**
     * Begins the declaration of a source of keyed facts that may be taken back: a later value with the key of a fact replaces it, a null
     * retracts it.
     */
    public static <V extends IndexedRecord> SourceBuilder<V, SourcePort<V>> retractableEvents(
            String address, Class<V> type) {
        return new SourceBuilder<>(address, PortKind.EVENTS, type, false, SourcePort::new);
    }

    /** Begins the declaration of a source that holds the latest value per key; a null value deletes the key. */
    public static <V extends IndexedRecord> SourceBuilder<V, SourcePort<V>> table(String address, Class<V> type) {
        return new SourceBuilder<>(address, PortKind.TABLE, type, false, SourcePort::new);
    }

    @Override
    public final PortContract<V> contract() {
        return contract.get();
    }

    /** Whether the topic is somebody else's: never created, and not compared with anything. */
    public final boolean isExternal() {
        return !origin.topics().isEmpty();
    }

    /** The topic that holds it, or the first of several: the port's address, unless another one {@linkplain SourceBuilder#topic is declared}. */
    @Override
    public final String topic() {
        return topics().get(0);
    }

    /** The topics that hold it: one, unless {@linkplain SourceBuilder#topics several are declared}. */
    public final List<String> topics() {
        return isExternal() ? origin.topics() : List.of(address().topic());
    }

    /** How its values are written; empty = as those of published ports: Avro in the Confluent wire format. */
    public final Optional<ValueFormat> format() {
        return origin.values();
    }

    /** How its keys are written; empty = as those of published ports: text in UTF-8. */
    public final Optional<KeyFormat> keys() {
        return origin.keys();
    }

    /** Whether a fact's key follows from its value, as {@link EventSource#keyedBy} says. */
    public final boolean isKeyedByValue() {
        return origin.keyedByValue();
    }

    /** Which records of the topic are meant, as {@link EventSource#ofRecord} and {@link EventSource#withHeader} say. */
    public final RecordFilter filter() {
        return origin.filter();
    }

    /** How far an event's time may lie ahead of its record's timestamp; empty = any. */
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
        return contract.found()
                .map(known -> known.address().toString())
                .orElse("source port that is not declared as it should be");
    }
}
