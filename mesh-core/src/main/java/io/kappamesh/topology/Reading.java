package io.kappamesh.topology;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortKind;
import io.kappamesh.intake.RecordValidator;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;

/**
 * An input port being opened. First say what else is judged at its intake ({@link #check}, {@link #becomes}), then take what comes in
 * as a stream of facts, a stream of changes, or a table. Each input port is opened once.
 *
 * <p>All functions given here are pure and safe to call from several threads. One that throws costs the record it threw on, which
 * goes to the dead letters, and nothing else; in a table, whatever refuses a row deletes its key.
 *
 * @param <V> the values that come in
 */
public final class Reading<V extends IndexedRecord> {
    private final Ports ports;
    private final RecordValidator<?, V> validator;

    Reading(Ports ports, RecordValidator<?, V> validator) {
        this.ports = ports;
        this.validator = validator;
    }

    /**
     * Adds the domain's own validation.
     *
     * @param objection why a record is refused, in a sentence without any value of the record; empty lets it in
     */
    public Reading<V> check(Function<? super V, Optional<String>> objection) {
        return new Reading<>(ports, validator.check(objection));
    }

    /**
     * Turns each record into a value of an output port while it is still at the intake, so that a result that breaks the port's rules
     * or its size, or has no possible event time, is refused with the original bytes.
     */
    public <R extends IndexedRecord> Reading<R> becomes(OutputPort<R> output, Function<? super V, ? extends R> step) {
        return new Reading<>(ports, validator.becomes(output, ports.sizeOf(output), step));
    }

    /**
     * Facts that are final, keyed as in the topic, with event time as their timestamps. A null value is refused. For private event
     * sources: of the port of another product, retractions would be refused with it, and the linter objects.
     */
    public KStream<String, V> stream() {
        return ports.openFinal(validator);
    }

    /**
     * Changes: a value replaces the earlier one of its key, and null deletes it. A null in a private source of events is refused. In
     * a table, a record that is refused deletes its key as well: compaction takes away what it replaced, so that a replay has nothing
     * else to go by.
     */
    public KStream<String, V> changes() {
        boolean deletions =
                validator.port().source().isEmpty() || validator.port().kind() == PortKind.TABLE;
        return ports.open(deletions ? validator.withDeletions() : validator);
    }

    /**
     * The latest value per key, in a store of this name. Latest is by offset, so that a correction with an older event time replaces
     * what it corrects. The store is not cached: a table of many keys would take the record cache from the aggregates, which
     * profit from it, because Streams evicts only from the store that is being written.
     */
    public KTable<String, V> table(String store) {
        return changes()
                .toTable(
                        Named.as(store + "-table"),
                        ports.materialized(store, validator.type()).withCachingDisabled());
    }
}
