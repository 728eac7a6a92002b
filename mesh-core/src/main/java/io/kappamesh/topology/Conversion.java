package io.kappamesh.topology;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.jspecify.annotations.Nullable;

/** Makes values of an earlier major version of a port. A value without a form there becomes a deletion, at the event time that it would have there if that is known. */
final class Conversion<N, V> extends ContextualFixedKeyProcessor<String, N, V> {
    private final Function<? super N, ? extends @Nullable V> step;
    private final Optional<Function<? super N, Instant>> time;

    /** @param time of deletions; empty = that of the record */
    @SuppressWarnings("unchecked") // it takes what the step takes
    Conversion(Function<? super N, ? extends @Nullable V> step, Optional<Function<?, Instant>> time) {
        this.step = step;
        this.time = time.map(any -> (Function<? super N, Instant>) any);
    }

    @Override
    @SuppressWarnings("NullAway") // null deletes, in and out
    public void process(FixedKeyRecord<String, N> record) {
        @Nullable N value = record.value();
        @Nullable V converted = value == null ? null : step.apply(value);
        FixedKeyRecord<String, V> forwarded = record.withValue(converted);
        context()
                .forward(
                        value == null || converted != null || time.isEmpty()
                                ? forwarded
                                : forwarded.withTimestamp(
                                        time.get().apply(value).toEpochMilli()));
    }
}
