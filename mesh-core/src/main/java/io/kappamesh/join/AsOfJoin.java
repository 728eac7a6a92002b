package io.kappamesh.join;

import io.kappamesh.Internal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
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
 *
 * <p>A version may change the results of any number of facts, which would not fit into one transaction. Beyond a first few they are
 * told in slices: where they go on stands in the store, and a record in a repartition topic of the join's own brings the next slice,
 * so that each is a transaction of its own, is not lost in a crash, and the join has more to read until it is done. A slice tells
 * what follows from the versions known by then, whether or not it is new: what was told last is not known.
 *
 * <p>What can change no result any more is forgotten where it is known how late a fact or a version may be: see {@link Forgetting}.
 */
@Internal
public final class AsOfJoin<F, V, R> {
    private final String storeName;
    private final Serde<F> facts;
    private final Serde<V> versions;
    private final Function<? super F, String> id;
    private final BiFunction<? super F, ? super @Nullable V, ? extends @Nullable R> result;
    private final Set<StoreBuilder<?>> stores;
    private final Slices slices;
    private final Optional<Duration> factLateness;
    private final Optional<Duration> versionLateness;

    public AsOfJoin(
            KeyValueBytesStoreSupplier store,
            Serde<F> facts,
            Serde<V> versions,
            Function<? super F, String> id,
            BiFunction<? super F, ? super @Nullable V, ? extends @Nullable R> result,
            Slices slices,
            Optional<Duration> factLateness,
            Optional<Duration> versionLateness) {
        this.slices = slices;
        this.factLateness = factLateness;
        this.versionLateness = versionLateness;
        this.storeName = store.name();
        this.facts = facts;
        this.versions = versions;
        this.id = id;
        this.result = result;
        // One builder for both sides: Streams takes two of one name for two stores.
        this.stores = Set.of(Stores.keyValueStoreBuilder(store, Serdes.Bytes(), Serdes.ByteArray()));
    }

    public ProcessorSupplier<String, F, String, R> factSide() {
        return side(FactSide::new);
    }

    /** Forwards results to one of its children, and what brings the next slice to another. */
    public ProcessorSupplier<String, V, String, Object> versionSide() {
        return side(VersionSide::new);
    }

    /** Tells a slice, to the same two kinds of children. */
    public ProcessorSupplier<String, Resumption, String, Object> backlogSide() {
        return side(BacklogSide::new);
    }

    private <T, O> ProcessorSupplier<String, T, String, O> side(
            Supplier<? extends Processor<String, T, String, O>> processor) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, T, String, O> get() {
                return processor.get();
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return stores;
            }
        };
    }

    private abstract class Side<T, O> extends ContextualProcessor<String, T, String, O> {
        @SuppressWarnings("NullAway.Init") // set by init, before the first record
        Timelines<F, V> timelines;

        @SuppressWarnings("NullAway.Init") // set by init, before the first record
        Forgetting<F, V> forgetting;

        @Override
        public void init(ProcessorContext<String, O> context) {
            super.init(context);
            KeyValueStore<Bytes, byte[]> store = context.getStateStore(storeName);
            timelines = new Timelines<>(storeName, store, facts, versions);
            forgetting = new Forgetting<>(timelines, store, factLateness, versionLateness);
        }
    }

    private final class FactSide extends Side<F, R> {
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
            boolean unknownWhatWasTold = known == null
                    ? forgetting.mayHaveForgottenFacts()
                    : timelines.hasBacklog(key) || forgetting.mayHaveForgottenVersionsAt(known.time());
            Timelines.Fact<F> fact = new Timelines.Fact<>(record.timestamp(), record.value());
            timelines.put(key, factId, known, fact);
            R now = result.apply(record.value(), timelines.versionAt(key, record.timestamp()));
            if (unknownWhatWasTold || !Objects.equals(before, now)) {
                context().forward(new Record<>(factId, now, record.timestamp(), record.headers()));
            }
            forgetting.keptFact(key, factId, fact);
        }
    }

    private final class VersionSide extends Side<V, Object> {
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
                tell(record, before, now);
            }
            forgetting.keptVersion(key, from);
        }

        private void tell(Record<String, V> record, @Nullable V before, V now) {
            String key = record.key();
            long from = record.timestamp();
            timelines
                    .visit(
                            key,
                            Timelines.between(from, timelines.end(key, from)),
                            slices.atOnce(),
                            (factId, fact, version) -> changed(record, factId, fact, before, now))
                    .ifPresent(left -> putOff(record, from, left));
        }

        private void changed(
                Record<String, V> cause, String factId, Timelines.Fact<F> fact, @Nullable V before, V now) {
            @Nullable R is = result.apply(fact.value(), now);
            if (!Objects.equals(result.apply(fact.value(), before), is)) {
                context().forward(new Record<>(factId, (Object) is, fact.time(), cause.headers()), results(false));
            }
        }

        /** What is left of an earlier version of the same time is left of this one too. */
        private void putOff(Record<String, V> cause, long from, Timelines.Backlog left) {
            timelines.keep(
                    cause.key(),
                    from,
                    timelines
                            .backlog(cause.key(), from)
                            .map(earlier -> earlier.and(left))
                            .orElse(left));
            context()
                    .forward(
                            cause.withValue(
                                    (Object) new Resumption(context().taskId().partition(), from)),
                            resumptions(false));
        }
    }

    private final class BacklogSide extends Side<Resumption, Object> {
        @Override
        public void process(Record<String, Resumption> record) {
            String key = record.key();
            long from = record.value().from();
            timelines.backlog(key, from).ifPresent(backlog -> {
                Optional<Timelines.Backlog> left = timelines.visit(
                        key,
                        backlog,
                        slices.then(),
                        (factId, fact, version) -> context()
                                .forward(
                                        new Record<>(
                                                factId,
                                                (Object) result.apply(fact.value(), version),
                                                fact.time(),
                                                record.headers()),
                                        results(true)));
                if (left.isPresent()) {
                    timelines.keep(key, from, left.get());
                    context().forward(record.withValue((Object) record.value()), resumptions(true));
                    context().commit(); // Only then can the next slice be read. When that is changes no result.
                } else {
                    timelines.finish(key, from);
                }
            });
        }
    }

    /** The processor that results are forwarded to: of a version, or of a later slice. */
    public String results(boolean later) {
        return storeName + (later ? "-backlog-results" : "-version-results");
    }

    /** The processor or sink that takes what brings the next slice: the first one after a version, or a later one. */
    public String resumptions(boolean later) {
        return storeName + (later ? "-backlog-goes-on" : "-backlog-begins");
    }
}
