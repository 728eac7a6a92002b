package io.kappamesh.tables;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Goes through a table in the order of its keys, beginning at the first. One thread. */
final class Cursor implements AutoCloseable {
    private final RocksIterator at;
    private byte @Nullable [] key;

    Cursor(RocksIterator at) {
        this.at = at;
        at.seekToFirst();
        load();
    }

    /** Null = it is behind the last one. */
    byte @Nullable [] key() {
        return key;
    }

    byte[] value() {
        return at.value();
    }

    void next() {
        at.next();
        load();
    }

    /** How the keys of two cursors stand to each other; behind the last one is greater than any key. */
    int compareTo(Cursor other) {
        byte[] mine = key;
        byte[] its = other.key;
        if (mine == null || its == null) {
            return Boolean.compare(mine == null, its == null);
        }
        return Arrays.compareUnsigned(mine, its);
    }

    @Override
    public void close() {
        at.close();
    }

    /** A cursor that a failed read stops looks like one that is behind the last key, and must not be taken for it. */
    private void load() {
        if (at.isValid()) {
            key = at.key();
            return;
        }
        key = null;
        try {
            at.status();
        } catch (RocksDBException failed) {
            throw DiskTables.failure("a table on disk", failed);
        }
    }
}
