package io.kappamesh.join;

import io.kappamesh.Internal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A total order of events: by event time, and where that is equal by their serialized bytes (unsigned). Which of two events comes
 * first never depends on which of them arrived first.
 */
@Internal
public final class ByEventTime<V> implements Comparator<V> {
    private final Function<? super V, Instant> time;
    private final Serializer<V> bytes;

    public ByEventTime(Function<? super V, Instant> time, Serializer<V> bytes) {
        this.time = time;
        this.bytes = bytes;
    }

    @Override
    public int compare(V one, V other) {
        int byTime = time.apply(one).compareTo(time.apply(other));
        return byTime != 0
                ? byTime
                : Arrays.compareUnsigned(bytes.serialize("order", one), bytes.serialize("order", other));
    }
}
