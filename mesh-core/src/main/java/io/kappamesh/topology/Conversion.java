package io.kappamesh.topology;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortContract;
import io.kappamesh.time.EventTime;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of an earlier major version of a port. A value without a form there becomes a deletion, at the time that the port says, or else at the event time
 * of the value, which is that of the row where both have it in the same field. A deletion of the later version keeps its own time.
 */
final class Conversion<N, V> extends ContextualFixedKeyProcessor<String, N, V> {
    private final Function<? super N, ? extends @Nullable V> step;
    private final ToLongFunction<N> time;

    /** @param time in milliseconds since the epoch, of the deletion that a value without a form leads to */
    Conversion(Function<? super N, ? extends @Nullable V> step, ToLongFunction<N> time) {
        this.step = step;
        this.time = time;
    }

    /** What a port says of the time of a deletion, or else the event time that both versions have in common. See {@link #problem}. */
    @SuppressWarnings("unchecked") // it takes what the step takes
    static <N extends IndexedRecord> ToLongFunction<N> deletionTime(OutputPort<?> earlier, PortContract<N> later) {
        return earlier.deletionTime()
                .map(any -> (Function<? super N, Instant>) any)
                .<ToLongFunction<N>>map(given -> value -> given.apply(value).toEpochMilli())
                .orElse(later.eventTime()::stamp);
    }

    /**
     * Why it is not known at what time a port deletes a value without a form; empty = it is. The event time of the later version may lie before
     * that of the row, and a deletion must not be older than the row that it deletes. Rows without event time are of the beginning of 1970.
     */
    static Optional<String> problem(OutputPort<?> earlier, PortContract<?> later) {
        EventTime here = earlier.contract().eventTime();
        return here.isAbsent()
                        || here.field().equals(later.eventTime().field())
                        || earlier.deletionTime().isPresent()
                ? Optional.empty()
                : Optional.of("port " + earlier.address() + ": its event time is "
                        + here.field().orElse("")
                        + ", and that of " + later.address() + ", from which it is converted, is "
                        + later.eventTime().field().orElse("none")
                        + "; a deletion would have that one, and might be older than the row that it deletes. Give convertedFrom(…) a third"
                        + " argument, the event time that a value has here, also where each value has a form");
    }

    @Override
    @SuppressWarnings("NullAway") // null deletes, in and out
    public void process(FixedKeyRecord<String, N> record) {
        @Nullable N value = record.value();
        @Nullable V converted = value == null ? null : step.apply(value);
        FixedKeyRecord<String, V> forwarded = record.withValue(converted);
        context()
                .forward(
                        value == null || converted != null
                                ? forwarded
                                : forwarded.withTimestamp(time.applyAsLong(value)));
    }
}
