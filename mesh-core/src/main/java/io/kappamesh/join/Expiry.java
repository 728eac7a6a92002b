package io.kappamesh.join;

import io.kappamesh.Internal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The entries of a store by their event times, so that those can be found that nobody needs any more. It is kept in the store itself,
 * under a byte of its own: kind, event time (big-endian and never negative, so that bytes sort as time does), entry. Confined to the
 * stream thread.
 */
@Internal
public final class Expiry {
    private static final byte[] NOTHING = new byte[0];
    private static final int ENTRY_AT = 1 + Long.BYTES;

    private final KeyValueStore<Bytes, byte[]> store;
    private final byte kind;

    /** Nothing is older. Without it each look would pass over all that was deleted before, until the store is compacted. */
    private long oldest;

    /** @param kind the first byte of its keys, which no others in the store have */
    public Expiry(KeyValueStore<Bytes, byte[]> store, byte kind) {
        this.store = store;
        this.kind = kind;
    }

    /** Forgets an entry of some event time, or says that it cannot yet be forgotten. */
    @FunctionalInterface
    public interface Forgetting {
        boolean forget(long time, byte[] entry);
    }

    /** @param time in milliseconds since the epoch */
    public void add(long time, byte[] entry) {
        store.put(key(time, entry), NOTHING);
        oldest = Math.min(oldest, time);
    }

    public void remove(long time, byte[] entry) {
        store.delete(key(time, entry));
    }

    /** The latest event time; {@link Long#MIN_VALUE} if there is none. */
    public long latest() {
        try (KeyValueIterator<Bytes, byte[]> latestFirst =
                store.reverseRange(key(0, NOTHING), key(Long.MAX_VALUE, NOTHING))) {
            return latestFirst.hasNext() ? time(latestFirst.next().key.get()) : Long.MIN_VALUE;
        }
    }

    /**
     * Forgets entries that are older than a time, the oldest first, until one cannot be forgotten.
     *
     * @param most how many at once
     */
    public void expire(long before, int most, Forgetting forgetting) {
        if (before <= oldest) {
            return;
        }
        List<byte[]> old = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> oldestFirst = store.range(key(oldest, NOTHING), key(before, NOTHING))) {
            while (oldestFirst.hasNext() && old.size() < most) {
                byte[] key = oldestFirst.next().key.get();
                if (time(key) >= before) {
                    break;
                }
                old.add(key);
            }
        }
        for (byte[] key : old) {
            long time = time(key);
            oldest = time;
            if (!forgetting.forget(time, Arrays.copyOfRange(key, ENTRY_AT, key.length))) {
                return;
            }
            store.delete(Bytes.wrap(key));
        }
        if (old.size() < most) {
            oldest = before;
        }
    }

    private Bytes key(long time, byte[] entry) {
        return Bytes.wrap(ByteBuffer.allocate(ENTRY_AT + entry.length)
                .put(kind)
                .putLong(time)
                .put(entry)
                .array());
    }

    private static long time(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }
}
