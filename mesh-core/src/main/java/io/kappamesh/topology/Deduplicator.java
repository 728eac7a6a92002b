package io.kappamesh.topology;

import io.kappamesh.join.Expiry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first record of each id pass, per key. An id is kept for ever, or while the newest of the records that passed is not newer than
 * its own by more than a span of event time. Both are functions of what comes in and its order, which for a source that is read directly
 * is the order of the log. Some clock would forget an id for who replays slowly, and know it for who replays fast.
 */
final class Deduplicator<V> extends ContextualFixedKeyProcessor<String, V, V> {
    private static final byte[] SEEN = new byte[0];
    private static final byte ID = 'I';
    private static final byte BY_TIME = 'T';

    /** So many ids are forgotten together, twice as many as are new since the last time. */
    private static final int BATCH = 64;

    private final Config<V> config;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private Memory memory;

    private record Config<V>(
            KeyValueBytesStoreSupplier store, Function<? super V, String> id, Optional<Duration> span) {}

    private Deduplicator(Config<V> config) {
        this.config = config;
    }

    /** @param span in event time; empty = for ever */
    static <V> FixedKeyProcessorSupplier<String, V, V> supplier(
            KeyValueBytesStoreSupplier store, Function<? super V, String> id, Optional<Duration> span) {
        Config<V> config = new Config<>(store, id, span);
        return new FixedKeyProcessorSupplier<>() {
            @Override
            public FixedKeyProcessor<String, V, V> get() {
                return new Deduplicator<>(config);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.keyValueStoreBuilder(store, Serdes.Bytes(), Serdes.ByteArray()));
            }
        };
    }

    @Override
    public void init(FixedKeyProcessorContext<String, V> context) {
        super.init(context);
        KeyValueStore<Bytes, byte[]> store =
                context.getStateStore(config.store().name());
        memory = config.span()
                .<Memory>map(span -> new SomeTime(store, span.toMillis()))
                .orElseGet(() -> new ForEver(store));
    }

    @Override
    public void process(FixedKeyRecord<String, V> record) {
        if (record.value() == null) {
            context().forward(record); // It has no id to be known by.
            return;
        }
        byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
        byte[] name = config.id().apply(record.value()).getBytes(StandardCharsets.UTF_8);
        byte[] both = ByteBuffer.allocate(Integer.BYTES + key.length + name.length)
                .putInt(key.length)
                .put(key)
                .put(name)
                .array();
        if (memory.isNew(both, record.timestamp())) {
            context().forward(record);
        }
    }

    private interface Memory {
        /** Keeps it if it is. */
        boolean isNew(byte[] id, long time);
    }

    private record ForEver(KeyValueStore<Bytes, byte[]> store) implements Memory {
        @Override
        public boolean isNew(byte[] id, long time) {
            return store.putIfAbsent(Bytes.wrap(id), SEEN) == null;
        }
    }

    /** When an id is really deleted changes nothing: what is too old is not known, whether or not it is still there. */
    private static final class SomeTime implements Memory {
        private final KeyValueStore<Bytes, byte[]> store;
        private final long span;
        private final Expiry byTime;
        private long newest;
        private int added;

        SomeTime(KeyValueStore<Bytes, byte[]> store, long span) {
            this.store = store;
            this.span = span;
            this.byTime = new Expiry(store, BY_TIME);
            this.newest = byTime.latest(); // It is never forgotten.
        }

        @Override
        public boolean isNew(byte[] id, long time) {
            byte @Nullable [] first = store.get(idKey(id));
            if (first != null) {
                long firstTime = ByteBuffer.wrap(first).getLong();
                if (firstTime >= newest - span) {
                    return false;
                }
                byTime.remove(firstTime, id);
            }
            store.put(idKey(id), ByteBuffer.allocate(Long.BYTES).putLong(time).array());
            byTime.add(time, id);
            newest = Math.max(newest, time);
            if (++added == BATCH) {
                added = 0;
                byTime.expire(newest - span, 2 * BATCH, (then, old) -> {
                    store.delete(idKey(old));
                    return true;
                });
            }
            return true;
        }

        private static Bytes idKey(byte[] id) {
            return Bytes.wrap(ByteBuffer.allocate(1 + id.length).put(ID).put(id).array());
        }
    }
}
