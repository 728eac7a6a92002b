package io.kappamesh.lint;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.UnlimitedWindows;
import org.apache.kafka.streams.kstream.Windows;
import org.apache.kafka.streams.processor.internals.StoreFactory.FactoryWrappingStoreBuilder;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.VersionedKeyValueStoreBuilder;

/**
 * All that the rules know about classes and fields which Kafka Streams does not publish, as read in 4.3.1: a supplier's simple
 * class name tells the operator, and private fields what it was given. With another version the tests of the rules tell whether
 * that still holds; a field that is gone is refused rather than passed over.
 */
final class StreamsInternals {
    private StreamsInternals() {}

    /** The operators that rules look at. */
    enum Operator {
        STREAM_TABLE_JOIN("KStreamKTableJoin"),
        GLOBAL_TABLE_JOIN("KStreamGlobalKTableJoin"),
        STREAM_AGGREGATE("KStreamAggregate"),
        STREAM_REDUCE("KStreamReduce"),
        WINDOW_AGGREGATE("KStreamWindowAggregate"),
        SESSION_AGGREGATE("KStreamSessionWindowAggregate"),
        SLIDING_AGGREGATE("KStreamSlidingWindowAggregate"),
        STREAM_JOIN("KStreamKStreamJoinLeftSide"),
        /** The other side of a {@link #STREAM_JOIN}; it has the same windows. */
        STREAM_JOIN_RIGHT("KStreamKStreamJoinRightSide"),
        STREAM_SELF_JOIN("KStreamKStreamSelfJoin"),
        SUPPRESS("KTableSuppressProcessorSupplier"),
        OTHER("");

        private final String className;

        Operator(String className) {
            this.className = className;
        }
    }

    static Operator operator(Object supplier) {
        String name = supplier.getClass().getSimpleName();
        if (supplier.getClass().getName().startsWith("org.apache.kafka.streams.")) {
            for (Operator operator : Operator.values()) {
                if (operator.className.equals(name)) {
                    return operator;
                }
            }
        }
        return Operator.OTHER;
    }

    /** The grace of a stream-table join; empty = it has none and joins with what is there. */
    static Optional<Duration> joinGrace(Object streamTableJoin) {
        return ((Optional<?>) read(streamTableJoin, "gracePeriod")).map(Duration.class::cast);
    }

    static boolean isVersioned(StoreBuilder<?> store) {
        return store instanceof FactoryWrappingStoreBuilder<?> wrapped
                ? wrapped.storeFactory().isVersionedStore()
                : store instanceof VersionedKeyValueStoreBuilder<?, ?>;
    }

    /** How long after its end a window takes records in, in milliseconds; empty = it has no end. */
    static Optional<Long> windowGraceMillis(Object supplier) {
        return switch (operator(supplier)) {
            case WINDOW_AGGREGATE -> {
                Windows<?> windows = (Windows<?>) read(supplier, "windows");
                yield windows instanceof UnlimitedWindows ? Optional.empty() : Optional.of(windows.gracePeriodMs());
            }
            case SESSION_AGGREGATE -> Optional.of(((SessionWindows) read(supplier, "windows")).gracePeriodMs());
            case SLIDING_AGGREGATE -> Optional.of(((SlidingWindows) read(supplier, "windows")).gracePeriodMs());
            case STREAM_JOIN -> Optional.of((Long) read(supplier, "joinGraceMs"));
            case STREAM_SELF_JOIN ->
                Optional.of((Long) read(supplier, "retentionPeriod")
                        - (Long) read(supplier, "joinThisBeforeMs")
                        - (Long) read(supplier, "joinThisAfterMs"));
            default -> Optional.empty();
        };
    }

    static boolean emitsOnClose(Object supplier) {
        return switch (operator(supplier)) {
            case WINDOW_AGGREGATE, SESSION_AGGREGATE, SLIDING_AGGREGATE ->
                ((EmitStrategy) read(supplier, "emitStrategy")).type() == EmitStrategy.StrategyType.ON_WINDOW_CLOSE;
            default -> false;
        };
    }

    private static Object read(Object from, String name) {
        for (Class<?> type = from.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(from);
            } catch (NoSuchFieldException inherited) {
                // looked for in the superclass
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        throw new IllegalStateException(from.getClass().getName() + " has no field " + name
                + " in this version of Kafka Streams; the rules were written for 4.3.1");
    }
}
