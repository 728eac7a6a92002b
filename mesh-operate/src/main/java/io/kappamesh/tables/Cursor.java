package io.kappamesh.tables;

import java.nio.ByteBuffer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Goes through one partition of a table in the order of its keys, beginning at the first. One thread. Two native buffers serve for all
 * keys and values, because millions of them are only compared.
 */
final class Cursor implements AutoCloseable {
    private static final int KEY_BYTES = 256;
    private static final int VALUE_BYTES = 4096;

    private final RocksIterator at;
    private final int partition;
    private ByteBuffer key = ByteBuffer.allocateDirect(KEY_BYTES);
    private @Nullable ByteBuffer value;
    private boolean isThere;
    private boolean hasValue;

    private Cursor(RocksIterator at, int partition) {
        this.at = at;
        this.partition = partition;
    }

    /** At the first key of a partition. Takes the iterator over, also where it fails. */
    static Cursor over(RocksIterator at, int partition) {
        Cursor cursor = new Cursor(at, partition);
        try {
            at.seek(RecordKey.of(partition, new byte[0]));
            cursor.load();
            return cursor;
        } catch (RuntimeException | Error failed) {
            at.close();
            throw failed;
        }
    }

    /** Whether it stands at a key, and not behind the last one. */
    boolean isThere() {
        return isThere;
    }

    /** A copy. */
    byte[] key() {
        byte[] copy = new byte[key.remaining()];
        key.get(key.position(), copy);
        return copy;
    }

    /** As it stands until {@link #next}; nobody moves its position. */
    ByteBuffer value() {
        ByteBuffer its = value == null ? ByteBuffer.allocateDirect(VALUE_BYTES) : value;
        if (!hasValue) {
            its = filled(its, at::value);
            value = its;
            hasValue = true;
        }
        return its;
    }

    void next() {
        at.next();
        load();
    }

    /** How the keys of two cursors stand to each other, as unsigned bytes; behind the last one is greater than any key. */
    int compareTo(Cursor other) {
        if (!isThere || !other.isThere) {
            return Boolean.compare(!isThere, !other.isThere);
        }
        int differs = key.mismatch(other.key);
        if (differs < 0) {
            return 0;
        }
        if (differs >= key.remaining() || differs >= other.key.remaining()) {
            return Integer.compare(key.remaining(), other.key.remaining());
        }
        return Byte.compareUnsigned(key.get(differs), other.key.get(differs));
    }

    @Override
    public void close() {
        at.close();
    }

    /** A cursor that a failed read stops looks like one that is behind the last key, and must not be taken for it. */
    private void load() {
        hasValue = false;
        isThere = at.isValid();
        if (isThere) {
            key = filled(key, at::key);
            isThere = RecordKey.partition(key) == partition;
            return;
        }
        try {
            at.status();
        } catch (RocksDBException failed) {
            throw DiskTables.failure("a table on disk", failed);
        }
    }

    /** The buffer, or a larger one where that is too small. */
    private static ByteBuffer filled(ByteBuffer buffer, ToIntFunction<ByteBuffer> read) {
        buffer.clear();
        int bytes = read.applyAsInt(buffer);
        if (bytes <= buffer.capacity()) {
            return buffer;
        }
        ByteBuffer larger = ByteBuffer.allocateDirect(2 * bytes);
        int all = read.applyAsInt(larger);
        return larger.limit(all);
    }
}
