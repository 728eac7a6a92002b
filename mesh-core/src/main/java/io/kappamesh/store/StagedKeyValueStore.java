package io.kappamesh.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.internals.RocksDBStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A transactional store (KIP-892) of RocksDB whose writes wait in a hash map. Kafka Streams has them wait in a sorted one and in a batch beside it, which is a
 * fifth of what a replay with state does; the order is needed by those only who scan what is not committed.
 *
 * <p>A commit writes what waits into RocksDB in one batch, the way that restored records take, and then has the store inside commit its offsets. Kafka Streams
 * commits a store after the transaction in Kafka, so that records without offsets, which a killed process may leave, are read again from the changelog. Who scans
 * before the commit makes the store inside take what waits, and all writes until the next commit: what both hold of a key could be written in the wrong order. For the same reason
 * the store inside takes what waits if it has staged something by itself, as one does that still converts rows of an older form when they are read.
 *
 * <p>One thread writes, reads its own writes and commits. Others do not see what waits, and get committed rows only by {@link #readOnly}. Keys and values are not copied: who puts them must not
 * change them.
 */
final class StagedKeyValueStore extends WrappedStateStore<RocksDBStore, Bytes, byte[]>
        implements KeyValueStore<Bytes, byte[]> {
    /** A key and a value on the heap, beside their bytes: an entry, its slot and two arrays. */
    private static final int ENTRY_BYTES = 96;

    private static final byte[] DELETED = {};
    /** A map keeps the slots that it once had: one is given up that is this many times as large as needed. */
    private static final int SPARE = 8;

    private Map<Bytes, byte[]> waiting = new HashMap<>();
    private int mostWaiting;
    private boolean isStaging;
    private boolean isPassing;
    private long bytes;
    /** What the store inside counts while it has staged nothing. */
    private long emptyInside;

    private @Nullable WritePositions positions;
    /** Who wrote what waits. Others must not look into it. */
    private volatile @Nullable Thread owner;

    StagedKeyValueStore(RocksDBStore inside) {
        super(inside);
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        forget();
        // A global store is read by other threads than the one that writes it, before it is committed.
        isStaging = context.taskId().subtopology() >= 0
                && Boolean.parseBoolean(
                        String.valueOf(context.appConfigs().get(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG)));
        WritePositions known = new WritePositions(context);
        positions = known;
        wrapped().init(known, root);
        emptyInside = wrapped().approximateNumUncommittedBytes();
    }

    @Override
    public void close() {
        forget();
        super.close();
    }

    private void forget() {
        nothingWaits();
        isPassing = false;
        owner = null;
        positions = null;
    }

    private void nothingWaits() {
        mostWaiting = Math.max(mostWaiting, waiting.size());
        if (waiting.size() < mostWaiting / SPARE) {
            mostWaiting = waiting.size();
            waiting = new HashMap<>();
        } else {
            waiting.clear();
        }
        bytes = 0;
    }

    private boolean isPassing() {
        return !isStaging || isPassing;
    }

    private boolean isOwn() {
        return owner == Thread.currentThread();
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        byte[] own = isOwn() ? waiting.get(key) : null;
        return own == null ? wrapped().get(key) : unlessDeleted(own);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        if (isPassing() || !isOpen()) {
            wrapped().put(key, value);
            return;
        }
        if (!isOwn()) {
            owner = Thread.currentThread();
        }
        byte[] written = value == null ? DELETED : value;
        byte[] earlier = waiting.put(key, written);
        bytes += written.length - (earlier == null ? -(ENTRY_BYTES + key.get().length) : earlier.length);
        if (positions != null) {
            positions.isWritten();
        }
    }

    @SuppressWarnings("ReferenceEquality") // a value may be empty, too
    private static byte @Nullable [] unlessDeleted(byte[] written) {
        return written == DELETED ? null : written;
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
        if (isPassing()) {
            return wrapped().putIfAbsent(key, value);
        }
        byte[] earlier = get(key);
        if (earlier == null && value != null) {
            put(key, value);
        }
        return earlier;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        if (isPassing()) {
            wrapped().putAll(entries);
        } else {
            entries.forEach(entry -> put(entry.key, entry.value));
        }
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        if (isPassing()) {
            return wrapped().delete(key);
        }
        byte[] earlier = get(key);
        put(key, null);
        return earlier;
    }

    /** @param changelogOffsets empty if the task is corrupted, and its store is about to be thrown away */
    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        RocksDBStore inside = wrapped();
        // A query on another thread may have the store inside stage what it converts.
        synchronized (inside) {
            if (changelogOffsets.isEmpty() || inside.approximateNumUncommittedBytes() > emptyInside) {
                forward();
            } else {
                write();
            }
            inside.commit(changelogOffsets);
        }
        isPassing = false;
    }

    private void write() {
        if (waiting.isEmpty()) {
            nothingWaits();
            return;
        }
        try (WriteBatch batch = new WriteBatch()) {
            for (Map.Entry<Bytes, byte[]> entry : waiting.entrySet()) {
                wrapped().addToBatch(KeyValue.pair(entry.getKey().get(), unlessDeleted(entry.getValue())), batch);
            }
            wrapped().write(batch);
        } catch (RocksDBException refused) {
            throw new ProcessorStateException("Cannot write what is committed into store " + name(), refused);
        }
        tellPositions();
        nothingWaits();
    }

    private void tellPositions() {
        if (positions != null && !waiting.isEmpty()) {
            Map.Entry<Bytes, byte[]> any = waiting.entrySet().iterator().next();
            positions.tell(() -> wrapped().put(any.getKey(), unlessDeleted(any.getValue())));
        }
    }

    /** Has the store inside take what waits. */
    private void forward() {
        waiting.forEach((key, written) -> wrapped().put(key, unlessDeleted(written)));
        tellPositions();
        nothingWaits();
    }

    /** Somebody scans: the store inside can merge what waits with what it holds. */
    private void pass() {
        if (isOwn() && !isPassing()) {
            forward();
            isPassing = true;
        }
    }

    @Override
    public ReadOnlyKeyValueStore<Bytes, byte[]> readOnly(IsolationLevel isolation) {
        return wrapped().readOnly(isolation);
    }

    @Override
    public long approximateNumUncommittedBytes() {
        return bytes + wrapped().approximateNumUncommittedBytes();
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
        pass();
        return wrapped().range(from, to);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseRange(@Nullable Bytes from, @Nullable Bytes to) {
        pass();
        return wrapped().reverseRange(from, to);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        pass();
        return wrapped().all();
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseAll() {
        pass();
        return wrapped().reverseAll();
    }

    @Override
    public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, S serializer) {
        pass();
        return wrapped().prefixScan(prefix, serializer);
    }

    @Override
    public long approximateNumEntries() {
        return wrapped().approximateNumEntries();
    }
}
