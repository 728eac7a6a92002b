package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;

/** A port that a product publishes: {@code sales.orders.v1}. Immutable; two with equal contracts are equal. */
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

    /** Begins the declaration of a table port: the latest value per key. */
    public static <V extends IndexedRecord> PortBuilder<V, OutputPort<V>> table(String address, Class<V> type) {
        return new OutputBuilder<>(address, PortKind.TABLE, type);
    }

    /** Begins the declaration of an event port: keyed facts. */
    public static <V extends IndexedRecord> PortBuilder<V, OutputPort<V>> events(String address, Class<V> type) {
        return new OutputBuilder<>(address, PortKind.EVENTS, type);
    }

    @Override
    public PortContract<V> contract() {
        return contract.get();
    }

    /**
     * The same port, of which the processes that run the serving generation keep the rows, to be asked by key: {@code MeshRuntime.table(…)}.
     * They read the published topic for that, so that it costs them the table's size on disk and the topic's traffic once more, in all.
     * Consumers see no difference. Only a table is queryable; of an event port this is an error of the declaration.
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

    /** Whether its rows are kept to be asked by key, see {@link #queryable()}. */
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
        return contract.found()
                .map(known -> known.address().toString())
                .orElse("output port that is not declared as it should be");
    }
}
