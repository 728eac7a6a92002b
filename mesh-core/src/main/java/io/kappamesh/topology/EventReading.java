package io.kappamesh.topology;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.intake.RecordValidator;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.streams.kstream.KStream;

/**
 * An {@linkplain io.kappamesh.contract.EventSource event source} being opened: a {@link Reading} whose facts nobody takes back, so that
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

    /** Facts that are final, keyed as in the topic, with event time as their timestamps. A null value is refused. */
    public KStream<String, V> stream() {
        return ports.open(validator);
    }
}
