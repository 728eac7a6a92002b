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
 * Forwards the first record with each id, per key. It keeps an id forever, or until the newest forwarded record is newer than the id's record by
 * more than a span of event time. Both depend only on the records and their order, which is the order of the log if a source is read directly.
 * With a clock, a slow replay would forget ids that a fast one still knows.
 */
final class Deduplicator<V> extends ContextualFixedKeyProcessor<String, V, V> {
    private static final byte[] SEEN = new byte[0];
    private static final byte ID = 'I';
    private static final byte BY_TIME = 'T';

    /** After so many new ids, up to twice as many old ones are forgotten. */
    private static final int BATCH = 64;

    private final Config<V> config;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private Memory memory;

    private record Config<V>(
            KeyValueBytesStoreSupplier store, Function<? super V, String> id, Optional<Duration> span) {}

    private Deduplicator(Config<V> config) {
        this.config = config;
    }

    /** @param span for which an id is kept, in event time; empty = forever */
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
            context().forward(record); // It has no id.
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
        /** Whether an id is new; if so, it is kept. */
        boolean isNew(byte[] id, long time);
    }

    private record ForEver(KeyValueStore<Bytes, byte[]> store) implements Memory {
        @Override
        public boolean isNew(byte[] id, long time) {
            return store.putIfAbsent(Bytes.wrap(id), SEEN) == null;
        }
    }

    /** The moment of the actual deletion does not matter: an id that is too old counts as unknown, even if the store still has it. */
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
