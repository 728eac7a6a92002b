package io.kappamesh.tables;

import org.rocksdb.Cache;
import org.rocksdb.Env;
import org.rocksdb.LRUCache;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/** Native memory and background threads that several {@link DiskTables} share; to be closed after them. Thread-safe. */
final class TableMemory implements AutoCloseable {
    /** A cache has more of them otherwise, too small each to keep the filter of one file: then every look-up reads it. */
    private static final int CACHE_SHARD_BITS = 2;

    /** Of the cache, for indexes and filters before data. */
    private static final double SHARE_OF_FILTERS = 0.4;

    private final Cache cache;
    private final WriteBufferManager buffers;

    /**
     * @param bytes for block cache, indexes, filters and write buffers together
     * @param tables how many write at once
     */
    TableMemory(long bytes, int tables) {
        RocksDB.loadLibrary();
        Env.getDefault()
                .incBackgroundThreadsIfNeeded(tables, Priority.HIGH)
                .incBackgroundThreadsIfNeeded(tables, Priority.LOW);
        cache = new LRUCache(bytes, CACHE_SHARD_BITS, false, SHARE_OF_FILTERS);
        buffers = new WriteBufferManager(bytes / 2, cache);
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager buffers() {
        return buffers;
    }

    @Override
    public void close() {
        buffers.close();
        cache.close();
    }
}
