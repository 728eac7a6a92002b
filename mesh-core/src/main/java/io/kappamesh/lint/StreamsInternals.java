package io.kappamesh.lint;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.UnlimitedWindows;
import org.apache.kafka.streams.kstream.Windows;
import org.apache.kafka.streams.processor.internals.StoreFactory.FactoryWrappingStoreBuilder;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.VersionedKeyValueStoreBuilder;

/**
 * All that the rules know about classes and fields which Kafka Streams does not publish: a supplier's class tells the operator, and
 * private fields what it was given. With another version the tests of the rules tell whether that still holds. What is gone is never
 * passed over: every method throws {@link UnknownInternalsException} then.
 */
final class StreamsInternals {
    /** The versions with which the tests of the rules have passed. */
    static final Set<String> TESTED_WITH = Set.of("4.4.0");

    private static final String OPERATORS = "org.apache.kafka.streams.kstream.internals.";

    private StreamsInternals() {}

    /** The version of Kafka Streams that is here. */
    static String version() {
        try (InputStream resource =
                StreamsConfig.class.getResourceAsStream("/kafka/kafka-streams-version.properties")) {
            Properties properties = new Properties();
            if (resource != null) {
                properties.load(resource);
            }
            return properties.getProperty("version", "of an unknown version");
        } catch (IOException unreadable) {
            return "of an unknown version";
        }
    }

    /** Of the operators that rules look at, the classes that are not here: a topology that uses them would pass unseen. */
    static List<String> missingOperators() {
        return Stream.of(Operator.values())
                .filter(operator -> operator != Operator.OTHER)
                .map(operator -> OPERATORS + operator.className)
                .filter(name -> !isHere(name))
                .toList();
    }

    private static boolean isHere(String name) {
        try {
            Class.forName(name, false, StreamsConfig.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError gone) {
            return false;
        }
    }

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
        SUPPRESS("suppress.KTableSuppressProcessorSupplier"),
        OTHER("");

        private final String className;

        Operator(String className) {
            this.className = className;
        }
    }

    static Operator operator(Object supplier) {
        String name = supplier.getClass().getName();
        return Stream.of(Operator.values())
                .filter(operator -> name.equals(OPERATORS + operator.className))
                .findFirst()
                .orElse(Operator.OTHER);
    }

    /** The grace of a stream-table join; empty = it has none and joins with what is there. */
    static Optional<Duration> joinGrace(Object streamTableJoin) {
        Optional<?> grace = read(streamTableJoin, "gracePeriod", Optional.class);
        return grace.map(Duration.class::cast);
    }

    static boolean isVersioned(StoreBuilder<?> store) {
        try {
            return store instanceof FactoryWrappingStoreBuilder<?> wrapped
                    ? wrapped.storeFactory().isVersionedStore()
                    : store instanceof VersionedKeyValueStoreBuilder<?, ?>;
        } catch (LinkageError changed) {
            throw new UnknownInternalsException("store " + store.name() + ": " + changed);
        }
    }

    /** How long after its end a window takes records in, in milliseconds; empty = it has no end. */
    static Optional<Long> windowGraceMillis(Object supplier) {
        return switch (operator(supplier)) {
            case WINDOW_AGGREGATE -> {
                Windows<?> windows = read(supplier, "windows", Windows.class);
                yield windows instanceof UnlimitedWindows ? Optional.empty() : Optional.of(windows.gracePeriodMs());
            }
            case SESSION_AGGREGATE ->
                Optional.of(read(supplier, "windows", SessionWindows.class).gracePeriodMs());
            case SLIDING_AGGREGATE ->
                Optional.of(read(supplier, "windows", SlidingWindows.class).gracePeriodMs());
            case STREAM_JOIN -> Optional.of(read(supplier, "joinGraceMs", Long.class));
            case STREAM_SELF_JOIN ->
                Optional.of(read(supplier, "retentionPeriod", Long.class)
                        - read(supplier, "joinThisBeforeMs", Long.class)
                        - read(supplier, "joinThisAfterMs", Long.class));
            default -> Optional.empty();
        };
    }

    static boolean emitsOnClose(Object supplier) {
        return switch (operator(supplier)) {
            case WINDOW_AGGREGATE, SESSION_AGGREGATE, SLIDING_AGGREGATE ->
                read(supplier, "emitStrategy", EmitStrategy.class).type() == EmitStrategy.StrategyType.ON_WINDOW_CLOSE;
            default -> false;
        };
    }

    private static <T> T read(Object from, String name, Class<T> expected) {
        for (Class<?> type = from.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                Object value = field.get(from);
                if (expected.isInstance(value)) {
                    return expected.cast(value);
                }
                break;
            } catch (NoSuchFieldException inherited) {
                // looked for in the superclass
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        throw new UnknownInternalsException(
                from.getClass().getSimpleName() + " has no field " + name + " of type " + expected.getSimpleName());
    }
}
