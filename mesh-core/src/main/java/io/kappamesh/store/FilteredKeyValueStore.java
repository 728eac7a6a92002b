package io.kappamesh.store;

import java.util.List;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.TimestampedBytesStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A store that answers for keys which it never held without asking the store inside. Most keys of a replay are such keys, and RocksDB would
 * look for each of them in its write buffers and files, behind the writes that are not committed yet.
 *
 * <p>It knows all keys only if it has seen all of them: a store that has records when it is opened has no filter until it is opened empty.
 * Whatever is written or restored from then on passes through here, also while the task is a standby. As thread-safe as the store inside.
 */
class FilteredKeyValueStore extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]>
        implements KeyValueStore<Bytes, byte[]> {
    private volatile @Nullable KeyFilter filter;
    private volatile @Nullable Thread writer;
    private volatile long uncommitted;

    FilteredKeyValueStore(KeyValueStore<Bytes, byte[]> inside) {
        super(inside);
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        forget();
        writer = null;
        uncommitted = 0;
        wrapped().init(new ObservedRestoration(context, this::isWritten), root);
        try (KeyValueIterator<Bytes, byte[]> records = wrapped().all()) {
            filter = records.hasNext() ? null : new KeyFilter(KeyFilterMemory.of(context.appConfigs()));
        }
    }

    @Override
    public void close() {
        forget();
        super.close();
    }

    private void forget() {
        KeyFilter known = filter;
        filter = null;
        if (known != null) {
            known.close();
        }
    }

    private void isWritten(byte[] key) {
        isWrittenHere();
        KeyFilter known = filter;
        if (known != null && !known.add(key)) {
            forget();
        }
    }

    private void isWrittenHere() {
        if (writer != Thread.currentThread()) {
            writer = Thread.currentThread();
        }
    }

    /**
     * Asked of the store inside only by the thread that writes, which also commits and closes: for another one, RocksDB's batch may be freed memory. Others,
     * such as those that read metrics, get the last answer.
     */
    @Override
    public long approximateNumUncommittedBytes() {
        if (writer == Thread.currentThread()) {
            uncommitted = wrapped().approximateNumUncommittedBytes();
        }
        return uncommitted;
    }

    private boolean lacks(Bytes key) {
        KeyFilter known = filter;
        return known != null && known.lacks(key.get());
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return lacks(key) ? null : wrapped().get(key);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        isWritten(key.get());
        wrapped().put(key, value);
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
        if (lacks(key)) {
            put(key, value);
            return null;
        }
        return wrapped().putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        entries.forEach(entry -> isWritten(entry.key.get()));
        wrapped().putAll(entries);
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        isWrittenHere();
        return wrapped().delete(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
        return wrapped().range(from, to);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseRange(@Nullable Bytes from, @Nullable Bytes to) {
        return wrapped().reverseRange(from, to);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return wrapped().all();
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseAll() {
        return wrapped().reverseAll();
    }

    @Override
    public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, S serializer) {
        return wrapped().prefixScan(prefix, serializer);
    }

    @Override
    public long approximateNumEntries() {
        return wrapped().approximateNumEntries();
    }

    @Override
    public ReadOnlyKeyValueStore<Bytes, byte[]> readOnly(IsolationLevel isolation) {
        return wrapped().readOnly(isolation);
    }

    /** Where the store inside keeps values with their timestamps: Kafka Streams tells by the interface. */
    static final class Timestamped extends FilteredKeyValueStore implements TimestampedBytesStore {
        Timestamped(KeyValueStore<Bytes, byte[]> inside) {
            super(inside);
        }
    }
}
