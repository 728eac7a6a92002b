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
 * Opens an input port. Add your own checks and steps at the intake ({@link #check}, {@link #becomes}), then read the port once: as a table or
 * as a stream of changes, or from an {@linkplain EventReading event source} as a stream of facts. Immutable; not thread-safe, like
 * {@link Ports}.
 *
 * <p>Functions that you pass are pure and safe to call from several threads. If one throws, its record becomes a dead letter and processing
 * continues. In a table, a rejected row deletes its key.
 *
 * @param <V> the class of the values that the topology receives
 */
public sealed class Reading<V extends IndexedRecord> permits EventReading {
    final Ports ports;
    final RecordValidator<?, V> validator;

    Reading(Ports ports, RecordValidator<?, V> validator) {
        this.ports = ports;
        this.validator = validator;
    }

    /**
     * Rejects records by a rule of the domain, with the reason {@code invalid} in the dead letter.
     *
     * @param objection why a record is rejected, in a sentence without values of the record; empty admits it
     */
    public Reading<V> check(Function<? super V, Optional<String>> objection) {
        return new Reading<>(ports, validator.check(objection));
    }

    /**
     * Turns each record into a value of an output port at the intake, before any state. If the result breaks the port's rules or size, or has
     * no valid event time, the record becomes a dead letter with its original bytes. The same holds for what a port makes of the result that is
     * {@linkplain OutputPort#convertedFrom converted from} this one.
     *
     * @param step from a record to a value of the output port, never null
     */
    public <R extends IndexedRecord> Reading<R> becomes(OutputPort<R> output, Function<? super V, ? extends R> step) {
        return new Reading<>(ports, ports.becoming(validator, output, step));
    }

    /**
     * The port's records as changes, keyed as in the topic: a value replaces the earlier value of its key, and null deletes the key. The
     * timestamp is the event time. In an event source, a null value is rejected. In a table, a rejected record deletes its key: compaction may
     * remove the earlier row, and a replay could not restore it.
     */
    public final KStream<String, V> changes() {
        return ports.open(validator.port().isCorrectable() ? validator.withDeletions() : validator);
    }

    /**
     * The latest value of each key, in a store with this name. The latest is the one with the highest offset, so that a correction with an
     * older event time replaces the value that it corrects. The store is not cached, because a table with many keys would take the record
     * cache from the aggregates, which profit more from it.
     *
     * @param store a name that is unique in the product
     */
    public final KTable<String, V> table(String store) {
        return changes()
                .toTable(
                        Named.as(store + "-table"),
                        ports.materialized(store, validator.type()).withCachingDisabled());
    }
}
