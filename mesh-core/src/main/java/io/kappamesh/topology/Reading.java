package io.kappamesh.topology;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.intake.RecordValidator;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;

/**
 * A port being opened. First say what else is judged at its intake ({@link #check}, {@link #becomes}), then take what comes in as a
 * table or as a stream of changes; of an {@linkplain EventReading event source}, as a stream of facts too. Each port is opened once.
 *
 * <p>All functions given here are pure and safe to call from several threads. One that throws costs the record it threw on, which
 * goes to the dead letters, and nothing else; in a table, whatever refuses a row deletes its key.
 *
 * @param <V> the values that come in
 */
public sealed class Reading<V extends IndexedRecord> permits EventReading {
    final Ports ports;
    final RecordValidator<?, V> validator;

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
     * Changes: a value replaces the earlier one of its key, and null deletes it. A null of an event source is refused. In
     * a table, a record that is refused deletes its key as well: compaction takes away what it replaced, so that a replay has nothing
     * else to go by.
     */
    public final KStream<String, V> changes() {
        return ports.open(validator.port().isCorrectable() ? validator.withDeletions() : validator);
    }

    /**
     * The latest value per key, in a store of this name. Latest is by offset, so that a correction with an older event time replaces
     * what it corrects. The store is not cached: a table of many keys would take the record cache from the aggregates, which
     * profit from it, because Streams evicts only from the store that is being written.
     */
    public final KTable<String, V> table(String store) {
        return changes()
                .toTable(
                        Named.as(store + "-table"),
                        ports.materialized(store, validator.type()).withCachingDisabled());
    }
}
