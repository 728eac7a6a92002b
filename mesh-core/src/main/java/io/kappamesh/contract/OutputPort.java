package io.kappamesh.contract;

import io.kappamesh.Internal;
import io.kappamesh.declaration.Declared;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A port that a product publishes: {@code sales.orders.v1}. Declare it in a static field; problems are reported by the product that publishes it.
 * Immutable and thread-safe; two ports with equal declarations are equal.
 *
 * @param <V> the class of the values
 */
public final class OutputPort<V extends IndexedRecord> implements OwnedPort<V> {
    private final Declared<PortContract<V>> contract;
    private final Service<V> service;

    private record Conversion<V>(
            OutputPort<?> later, Function<?, ? extends @Nullable V> step, Optional<Function<?, Instant>> time) {}

    /** What the port is besides its contract. */
    private record Service<V>(
            boolean queryable, Optional<Conversion<V>> conversion, Optional<Deprecation> deprecation) {}

    OutputPort(Declared<PortContract<V>> contract) {
        this(contract, new Service<>(false, Optional.empty(), Optional.empty()));
    }

    private OutputPort(Declared<PortContract<V>> contract, Service<V> service) {
        this.contract = contract;
        this.service = service;
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
        Service<V> asked = new Service<>(true, service.conversion, service.deprecation);
        return contract.found()
                .filter(known -> known.kind() != PortKind.TABLE)
                .map(events -> new OutputPort<V>(
                        Declared.wrong(List.of(
                                "port " + events.address() + ": only a table can be queried by key; declare it with"
                                        + " OutputPort.table(…), or leave out queryable()")),
                        asked))
                .orElseGet(() -> new OutputPort<>(contract, asked));
    }

    /** Whether its table can be queried, see {@link #queryable()}. */
    public boolean isQueryable() {
        return service.queryable();
    }

    /**
     * The same port, as an earlier major version of another one: each record of the later port is also published here, under the same key, as the
     * step converts it. A deletion or retraction there is one here. The topology publishes only the later port; the product declares that
     * it publishes both. Both are in every generation, so that they are replayed, compared and promoted together.
     *
     * <p>Partitions, event times and limits of the two may differ; keys are the same. At the intake, {@code becomes(later, …)} also checks what
     * the step makes of the result. Elsewhere, a step that throws, or whose result breaks the contract of this port, is a bug. A null of the step
     * has the value's event time: it may be that of the row only if both have it in fields of one name and the step leaves it as it is.
     *
     * @param later a port of the same name with a greater major version, which the same product publishes
     * @param step a pure function that is safe to call from several threads; null = the value has no form here, and its key is deleted or
     *     its fact retracted
     */
    public <N extends IndexedRecord> OutputPort<V> convertedFrom(
            OutputPort<N> later, Function<? super N, ? extends @Nullable V> step) {
        return converted(later, step, Optional.empty());
    }

    /** The same where the two have different event times: the deletion that a value without a form leads to has the event time of this pure function. */
    public <N extends IndexedRecord> OutputPort<V> convertedFrom(
            OutputPort<N> later, Function<? super N, ? extends @Nullable V> step, Function<? super N, Instant> time) {
        return converted(later, step, Optional.of(time));
    }

    private OutputPort<V> converted(
            OutputPort<?> later, Function<?, ? extends @Nullable V> step, Optional<Function<?, Instant>> time) {
        List<String> problems = contract.found()
                .flatMap(known -> later.contract.found().map(from -> problems(known, from)))
                .orElse(List.of());
        return new OutputPort<>(
                problems.isEmpty() ? contract : Declared.wrong(problems),
                new Service<>(
                        service.queryable, Optional.of(new Conversion<>(later, step, time)), service.deprecation));
    }

    private static List<String> problems(PortContract<?> port, PortContract<?> later) {
        PortAddress from = later.address();
        PortAddress sameMajor =
                new PortAddress(from.domain(), from.name(), port.address().major());
        String it = "port " + port.address() + ": it is converted from " + from;
        if (!sameMajor.equals(port.address()) || from.major() <= sameMajor.major()) {
            return List.of(it + ", which is no later major version of it; derive other ports in the topology");
        }
        return port.kind() == later.kind()
                ? List.of()
                : List.of(it + ", but declared as " + port.kind() + " and not as " + later.kind()
                        + "; declare both alike");
    }

    /** The later major version from which it is {@linkplain #convertedFrom converted}; empty = the topology publishes it itself. */
    public Optional<PortAddress> later() {
        return service.conversion.map(conversion -> conversion.later.address());
    }

    /** The functions that convert values and date deletions; empty = it is not converted. */
    @Internal
    public List<Function<?, ?>> conversion() {
        return service.conversion.stream()
                .flatMap(one -> Stream.concat(Stream.of(one.step), one.time.stream()))
                .toList();
    }

    /** The function that converts values of this later port; empty = it is not converted from that one. */
    @Internal
    @SuppressWarnings("unchecked") // the port with this address has the values that the function takes
    public <N extends IndexedRecord> Optional<Function<? super N, ? extends @Nullable V>> conversionOf(
            OutputPort<N> other) {
        return later().filter(other.address()::equals)
                .flatMap(same -> service.conversion.map(Conversion::step))
                .map(step -> (Function<? super N, ? extends @Nullable V>) step);
    }

    /** The event time of a deletion that a value without a form leads to; empty = that of the later port. */
    @Internal
    public Optional<Function<?, Instant>> deletionTime() {
        return service.conversion.flatMap(Conversion::time);
    }

    /**
     * The same port, as one that is going to end. Its readers are warned when they start and in their builds, and the catalogue shows it. It stays
     * what it is until you publish it no more, and retire it.
     *
     * @param successor the address of the port to read instead, such as {@code sales.orders.v2}
     * @param endOfLife the day from which on it may be retired
     */
    public OutputPort<V> deprecated(String successor, LocalDate endOfLife) {
        List<String> problems = new ArrayList<>();
        @Nullable PortAddress next = Declared.attempt(problems, () -> PortAddress.of(successor));
        if (next == null
                || contract.found()
                        .filter(known -> known.address().equals(next))
                        .isPresent()) {
            problems.add("port " + this + ": deprecated(…) names no other port to read instead, but " + successor);
            return new OutputPort<>(contract.with(problems), service);
        }
        return new OutputPort<>(
                contract,
                new Service<>(service.queryable, service.conversion, Optional.of(new Deprecation(next, endOfLife))));
    }

    /** What comes instead of it and when; empty = it is not {@linkplain #deprecated deprecated}. */
    public Optional<Deprecation> deprecation() {
        return service.deprecation();
    }

    @Override
    public InputPort<V> asInput() {
        return InputPort.of(contract(), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutputPort<?> port
                && service.equals(port.service)
                && contract.found().equals(port.contract.found());
    }

    @Override
    public int hashCode() {
        return Objects.hash(contract.found(), service);
    }

    @Override
    public String toString() {
        return contract.found().map(known -> known.address().toString()).orElse("invalid output port");
    }
}
