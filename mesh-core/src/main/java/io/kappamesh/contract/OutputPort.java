package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;

/**
 * A port that a product publishes: {@code sales.orders.v1}. Declare it in a static field; problems are reported by the product that publishes it.
 * Immutable and thread-safe; two ports with equal contracts are equal.
 *
 * @param <V> the class of the values
 */
public final class OutputPort<V extends IndexedRecord> implements OwnedPort<V> {
    private final Declared<PortContract<V>> contract;
    private final boolean queryable;

    OutputPort(Declared<PortContract<V>> contract) {
        this(contract, false);
    }

    private OutputPort(Declared<PortContract<V>> contract, boolean queryable) {
        this.contract = contract;
        this.queryable = queryable;
    }

    /**
     * Begins the declaration of a table port: the latest value of each key, in a compacted topic.
     *
     * @param address domain, name and major version, such as {@code sales.orders.v1}; also the name of the topic
     * @param type a generated Avro class; for generic records, also give the {@linkplain PortBuilder#schema schema}
     */
    public static <V extends IndexedRecord> PortBuilder<V, OutputPort<V>> table(String address, Class<V> type) {
        return new OutputBuilder<>(address, PortKind.TABLE, type);
    }

    /**
     * Begins the declaration of an event port: facts by key, all of which are kept. A later value with the key of a fact replaces it.
     *
     * @param address domain, name and major version, such as {@code sales.orders.v1}; also the name of the topic
     * @param type a generated Avro class; for generic records, also give the {@linkplain PortBuilder#schema schema}
     */
    public static <V extends IndexedRecord> PortBuilder<V, OutputPort<V>> events(String address, Class<V> type) {
        return new OutputBuilder<>(address, PortKind.EVENTS, type);
    }

    @Override
    public PortContract<V> contract() {
        return contract.get();
    }

    /**
     * The same port, as a queryable table: the processes that run the serving generation keep its rows and answer {@code MeshRuntime.table(…)}.
     * They read the published topic for this, which costs, over all processes, the topic's traffic once more and the table's size on disk.
     * Consumers see no difference. Only a table port can be queryable; for an event port, the declaration is refused.
     */
    public OutputPort<V> queryable() {
        return contract.found()
                .filter(known -> known.kind() != PortKind.TABLE)
                .map(events -> new OutputPort<V>(
                        Declared.wrong(List.of(
                                "port " + events.address() + ": only a table can be queried by key; declare it with"
                                        + " OutputPort.table(…), or leave out queryable()")),
                        true))
                .orElseGet(() -> new OutputPort<>(contract, true));
    }

    /** Whether its table can be queried, see {@link #queryable()}. */
    public boolean isQueryable() {
        return queryable;
    }

    @Override
    public InputPort<V> asInput() {
        return InputPort.of(contract(), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutputPort<?> port
                && queryable == port.queryable
                && contract.found().equals(port.contract.found());
    }

    @Override
    public int hashCode() {
        return Objects.hash(contract.found(), queryable);
    }

    @Override
    public String toString() {
        return contract.found().map(known -> known.address().toString()).orElse("invalid output port");
    }
}
