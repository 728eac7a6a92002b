package io.kappamesh.platform;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One bound on what all RocksDB stores of a process keep in memory: block cache, indexes, filters and write buffers together.
 * Without it every store of every partition takes its own 50 MB of cache and up to 48 MB of buffers.
 *
 * <p>RocksDB keeps the bound on write buffers by flushing the store that is being written, however little that has, and leaves what
 * others hold. Beside a generation that rests with full buffers a candidate would flush a few records at a time, at a tenth of the
 * rate. So a buffer is a small part of the whole. Thread-safe.
 */
public final class RocksDbMemory implements AutoCloseable {
    private static final String KEY = "mesh.rocksdb.memory";
    /** Into how many write buffers their part of the memory is divided; about as many stores can have full ones at the same time. */
    private static final int WRITE_BUFFERS = 64;

    private static final long LARGEST_WRITE_BUFFER = 16L * 1024 * 1024;
    /** A buffer is taken in so many blocks. A store has three: for its records, for the format before, and for its offsets. */
    private static final int BLOCKS = 16;

    private static final long PAGE = 4 * 1024;

    private final Cache cache;
    private final WriteBufferManager buffers;
    private final long writeBufferBytes;
    private boolean isClosed;

    RocksDbMemory(long bytes) {
        RocksDB.loadLibrary();
        cache = new LRUCache(bytes);
        buffers = new WriteBufferManager(bytes / 3 * 2, cache);
        writeBufferBytes = Math.min(LARGEST_WRITE_BUFFER, bytes / 3 * 2 / WRITE_BUFFERS);
    }

    /** What the configuration of a product needs so that its stores share this memory. */
    public Map<String, Object> config() {
        return Map.of(KEY, this, "rocksdb.config.setter", Setter.class);
    }

    /**
     * To be closed after every product that uses it. Stores that are open keep it; a store that a thread opens later, because a stop did not wait
     * for that thread any more, is refused. Without that it would use memory that is freed, and end the process.
     */
    @Override
    public synchronized void close() {
        isClosed = true;
        buffers.close();
        cache.close();
    }

    private synchronized void configure(String storeName, Options options) {
        if (isClosed) {
            throw new IllegalStateException(
                    "store " + storeName + ": is opened after the process has stopped its products");
        }
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(cache);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(buffers);
        options.setWriteBufferSize(writeBufferBytes);
        options.setArenaBlockSize(Math.max(PAGE, writeBufferBytes / BLOCKS / PAGE * PAGE));
        options.setMaxWriteBufferNumber(3);
        // Many stores share the buffers, so that each flushes small files often; they are merged in peace.
        options.setLevel0SlowdownWritesTrigger(40);
        options.setLevel0StopWritesTrigger(80);
    }

    /** Instantiated by Kafka Streams, once per store. */
    public static final class Setter implements RocksDBConfigSetter {
        @Override
        public void setConfig(String storeName, Options options, Map<String, Object> configs) {
            RocksDbMemory memory = (RocksDbMemory) configs.get(KEY);
            if (memory == null) {
                throw new IllegalStateException("store " + storeName + ": no " + KEY + " in the configuration");
            }
            memory.configure(storeName, options);
        }

        @Override
        public void close(String storeName, Options options) {
            // cache and buffers are shared and outlive the store
        }
    }
}
