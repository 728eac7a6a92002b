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
 * Opens an {@linkplain EventSource event source}: a {@link Reading} whose facts are final, so that you can also read them as a stream.
 * Immutable; not thread-safe, like {@link Ports}.
 *
 * @param <V> the class of the values that the topology receives
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
        return new EventReading<>(ports, ports.becoming(validator, output, step));
    }

    /**
     * Facts without repetitions: the first fact with each id passes, per key, and later ones are dropped.
     *
     * <p>If the source {@linkplain EventSource#allowingLateness declares how late} a record may be, the state stays bounded: an id is forgotten
     * once the newest fact is newer than the id's fact by more than that, because a repetition would then be rejected as late. The span counts
     * in event time, in the order of the log, so that a replay forgets the same ids. The ids of a source that is
     * {@linkplain EventSource#keyedBy keyed by its values}, or has several topics, are kept forever, because its records have no such order.
     *
     * @param store the name of the store that keeps the ids
     * @param id a pure function from a fact to its id, never null
     */
    public KStream<String, V> distinct(String store, Function<? super V, String> id) {
        return ports.distinct(store, stream(), id, lateness());
    }

    /**
     * Facts for {@link Ports#asOf}. If this source and that of the versions {@linkplain EventSource#allowingLateness declare how late} a record
     * may be, the join forgets versions that no fact can need any more.
     *
     * @param type the class of the values
     * @param id a pure function from a fact to its id: the key of its result, unique among the facts of all keys
     */
    public Facts<V> facts(Class<V> type, Function<? super V, String> id) {
        return new Facts<>(stream(), type, id, lateness());
    }

    /**
     * Versions for {@link Ports#asOf}. If the source {@linkplain EventSource#allowingLateness declares how late} a record may be, the join
     * forgets facts that no version can change any more.
     *
     * @param type the class of the values
     */
    public Versions<V> versions(Class<V> type) {
        return new Versions<>(stream(), type, lateness());
    }

    /** How much older than the newest record before it an admitted record may be; empty = unlimited. */
    private Optional<Duration> lateness() {
        boolean inOrder =
                !validator.port().isRekeyed() && validator.port().topics().size() == 1;
        return inOrder ? validator.port().lateness() : Optional.empty();
    }

    /** The facts, keyed as in the topic, with event time as their timestamps. A null value is rejected. */
    public KStream<String, V> stream() {
        return ports.open(validator);
    }
}
