package io.kappamesh.topology;

import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * An as-of join whose results converge: a fact gets its result at once, from the version that is known for its event time, and a new
 * one when a version arrives that should have been known. The last result of every fact is therefore a function of what both
 * topics hold, in whatever order they were read.
 *
 * <p>Kafka Streams has a join of a stream with a versioned table and a grace period (KIP-914, KIP-923). It waits as long as its own
 * stream time needs to pass the grace, and then decides for good: a version that is later than that, because its topic was held up,
 * is missed by who ran live and seen by who replays.
 */
final class AsOfJoin<F, V, R> {
    private final String storeName;
    private final Serde<F> facts;
    private final Serde<V> versions;
    private final Function<? super F, String> id;
    private final BiFunction<? super F, ? super @Nullable V, ? extends @Nullable R> result;
    private final Set<StoreBuilder<?>> stores;

    AsOfJoin(
            KeyValueBytesStoreSupplier store,
            Serde<F> facts,
            Serde<V> versions,
            Function<? super F, String> id,
            BiFunction<? super F, ? super @Nullable V, ? extends @Nullable R> result) {
        this.storeName = store.name();
        this.facts = facts;
        this.versions = versions;
        this.id = id;
        this.result = result;
        // One builder for both sides: Streams takes two of one name for two stores.
        this.stores = Set.of(Stores.keyValueStoreBuilder(store, Serdes.Bytes(), Serdes.ByteArray()));
    }

    ProcessorSupplier<String, F, String, R> factSide() {
        return side(FactSide::new);
    }

    ProcessorSupplier<String, V, String, R> versionSide() {
        return side(VersionSide::new);
    }

    private <T> ProcessorSupplier<String, T, String, R> side(
            Supplier<? extends Processor<String, T, String, R>> processor) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, T, String, R> get() {
                return processor.get();
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return stores;
            }
        };
    }

    private abstract class Side<T> extends ContextualProcessor<String, T, String, R> {
        @SuppressWarnings("NullAway.Init") // set by init, before the first record
        Timelines<F, V> timelines;

        @Override
        public void init(ProcessorContext<String, R> context) {
            super.init(context);
            KeyValueStore<Bytes, byte[]> store = context.getStateStore(storeName);
            timelines = new Timelines<>(storeName, store, facts, versions);
        }

        /** Forwards what follows from a fact now, if it is not what followed before. */
        void forward(Record<?, ?> cause, String factId, long time, @Nullable R before, @Nullable R now) {
            if (!Objects.equals(before, now)) {
                context().forward(new Record<>(factId, now, time, cause.headers()));
            }
        }
    }

    private final class FactSide extends Side<F> {
        @Override
        public void process(Record<String, F> record) {
            if (record.value() == null) {
                return; // It names no fact. Sources have none, and what is read besides them is exempt from following.
            }
            String key = record.key();
            String factId = id.apply(record.value());
            Timelines.@Nullable Fact<F> known = timelines.fact(key, factId);
            @Nullable
            R before = known == null ? null : result.apply(known.value(), timelines.versionAt(key, known.time()));
            timelines.put(key, factId, known, new Timelines.Fact<>(record.timestamp(), record.value()));
            R now = result.apply(record.value(), timelines.versionAt(key, record.timestamp()));
            forward(record, factId, record.timestamp(), before, now);
        }
    }

    private final class VersionSide extends Side<V> {
        @Override
        public void process(Record<String, V> record) {
            if (record.value() == null) {
                return; // Nor does it name a version.
            }
            String key = record.key();
            long from = record.timestamp();
            V now = record.value();
            @Nullable V before = timelines.versionAt(key, from);
            timelines.put(key, from, now);
            if (!now.equals(before)) {
                timelines.factsUnder(
                        key,
                        from,
                        (factId, fact) -> forward(
                                record,
                                factId,
                                fact.time(),
                                result.apply(fact.value(), before),
                                result.apply(fact.value(), now)));
            }
        }
    }
}
