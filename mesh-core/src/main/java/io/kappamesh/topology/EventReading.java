package io.kappamesh.topology;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.intake.RecordValidator;
import io.kappamesh.join.Facts;
import io.kappamesh.join.Versions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.streams.kstream.KStream;

/**
 * An {@linkplain EventSource event source} being opened: a {@link Reading} whose facts nobody takes back, so that
 * they can be read as a stream too.
 *
 * @param <V> the values that come in
 */
public final class EventReading<V extends IndexedRecord> extends Reading<V> {
    EventReading(Ports ports, RecordValidator<?, V> validator) {
        super(ports, validator);
    }

    @Override
    public EventReading<V> check(Function<? super V, Optional<String>> objection) {
        return new EventReading<>(ports, validator.check(objection));
    }

    @Override
    public <R extends IndexedRecord> EventReading<R> becomes(
            OutputPort<R> output, Function<? super V, ? extends R> step) {
        return new EventReading<>(ports, validator.becomes(output, ports.sizeOf(output), step));
    }

    /**
     * Facts of which each comes once: the first of each id passes, per key, and those that are delivered again are dropped. Where the source
     * {@linkplain EventSource#allowingLateness declares how late} a record may be, an id is forgotten once the newest fact is newer
     * than its own by more than that, since its record would then be refused as late: the state does not grow for ever. The span is in event
     * time and judged in the order of the log, so that a replay forgets the same ids. Of a source that is
     * {@linkplain EventSource#keyedBy keyed by its values}, or in several topics, they are kept for ever, since its records are read in no such
     * order.
     *
     * @param store the name of the store that keeps the ids
     */
    public KStream<String, V> distinct(String store, Function<? super V, String> id) {
        return ports.distinct(store, stream(), id, lateness());
    }

    /**
     * Facts for {@link Ports#asOf}. Where the source {@linkplain EventSource#allowingLateness declares how late} a record may be, versions
     * that no fact can ask for any more are forgotten.
     *
     * @param type the class of the values
     * @param id what a fact is called: the key of its result, unique among the facts of all keys
     */
    public Facts<V> facts(Class<V> type, Function<? super V, String> id) {
        return new Facts<>(stream(), type, id, lateness());
    }

    /**
     * Versions for {@link Ports#asOf}. Where the source {@linkplain EventSource#allowingLateness declares how late} a record may be, facts
     * that no version can change any more are forgotten.
     *
     * @param type the class of the values
     */
    public Versions<V> versions(Class<V> type) {
        return new Versions<>(stream(), type, lateness());
    }

    /** By how much a record that comes out of this may be older than the newest one before it; empty if by any time. */
    private Optional<Duration> lateness() {
        boolean inOrder =
                !validator.port().isRekeyed() && validator.port().topics().size() == 1;
        return inOrder ? validator.port().lateness() : Optional.empty();
    }

    /** Facts that are final, keyed as in the topic, with event time as their timestamps. A null value is refused. */
    public KStream<String, V> stream() {
        return ports.open(validator);
    }
}
