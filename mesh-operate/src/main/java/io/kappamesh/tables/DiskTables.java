package io.kappamesh.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Filter;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * Sorted tables on local disk, in a RocksDB with a directory of its own that goes when they are closed. Nothing is meant to outlive
 * the process, so that no write-ahead log is kept. Files are merged late: most tables are written once, gone through once, and deleted, and
 * to merge them as Kafka Streams does takes four times as long as to write them. Block cache, indexes, filters and write buffers of all tables together take
 * as much as they are given. One thread at a time.
 *
 * <p>A disk that fails is an {@link UncheckedIOException}.
 */
final class DiskTables implements AutoCloseable {
    private static final long LARGEST_WRITE_BUFFER_BYTES = 16L << 20;

    /** Of the memory: how many write buffers it has room for, beside as much for reading. */
    private static final int WRITE_BUFFERS = 4;

    /** Files that wait to be merged. They are of the size of a write buffer, and each costs a look at its filter for a look-up. */
    private static final int FILES_TO_MERGE = 24;

    /** Of each file that is gone through. */
    private static final long READ_AHEAD_BYTES = 256L << 10;

    private static final long MERGED_BYTES = 1L << 30;
    private static final long MERGED_FILE_BYTES = 64L << 20;
    private static final int FILTER_BITS_PER_KEY = 10;

    /** A cache of this size has 64 shards otherwise, too small each to keep the filter of one file: then every look-up reads it. */
    private static final int CACHE_SHARD_BITS = 2;

    /** Of the cache, for indexes and filters before data. */
    private static final double SHARE_OF_FILTERS = 0.4;

    private final ScratchDirectory scratch;
    private final Path directory;
    private final Cache cache;
    private final WriteBufferManager buffers;
    private final Filter filter;
    private final ColumnFamilyOptions tableOptions;
    private final DBOptions options;
    private final WriteOptions unlogged;
    private final ReadOptions onceThrough;
    private final List<ColumnFamilyHandle> open = new ArrayList<>();
    private final RocksDB db;
    private int named;

    private DiskTables(ScratchDirectory scratch, long memoryBytes) throws RocksDBException {
        RocksDB.loadLibrary();
        this.scratch = scratch;
        this.directory = scratch.directory();
        cache = new LRUCache(memoryBytes, CACHE_SHARD_BITS, false, SHARE_OF_FILTERS);
        buffers = new WriteBufferManager(memoryBytes / 2, cache);
        filter = new BloomFilter(FILTER_BITS_PER_KEY);
        tableOptions = new ColumnFamilyOptions()
                .setWriteBufferSize(Math.min(LARGEST_WRITE_BUFFER_BYTES, memoryBytes / 2 / WRITE_BUFFERS))
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevel0FileNumCompactionTrigger(FILES_TO_MERGE)
                .setLevel0SlowdownWritesTrigger(2 * FILES_TO_MERGE)
                .setLevel0StopWritesTrigger(3 * FILES_TO_MERGE)
                .setMaxBytesForLevelBase(MERGED_BYTES)
                .setTargetFileSizeBase(MERGED_FILE_BYTES)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setFilterPolicy(filter));
        options = new DBOptions()
                .setCreateIfMissing(true)
                .setWriteBufferManager(buffers)
                .setMaxBackgroundJobs(2)
                .setStatsDumpPeriodSec(0);
        unlogged = new WriteOptions().setDisableWAL(true);
        onceThrough = new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES);
        db = RocksDB.open(
                options,
                directory.toString(),
                List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tableOptions)),
                open);
    }

    /**
     * Tables in a new directory under another, which is created if need be. What processes left there that are dead is deleted.
     *
     * @param memoryBytes for all tables together
     */
    static DiskTables under(Path parentDirectory, long memoryBytes) {
        try {
            ScratchDirectory scratch = ScratchDirectory.under(parentDirectory);
            try {
                return new DiskTables(scratch, memoryBytes);
            } catch (RocksDBException failed) {
                scratch.close();
                throw failure(scratch.directory(), failed);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "directory %s: cannot keep records there; choose one that is writable".formatted(parentDirectory),
                    failed);
        }
    }

    /** A new and empty table. */
    Table create() {
        byte[] name = ("table-" + named++).getBytes(StandardCharsets.UTF_8);
        try {
            ColumnFamilyHandle handle = db.createColumnFamily(new ColumnFamilyDescriptor(name, tableOptions));
            open.add(handle);
            return new Table(handle);
        } catch (RocksDBException failed) {
            throw failure(directory, failed);
        }
    }

    /** Writes that become visible together. */
    Writes begin() {
        return new Writes();
    }

    @Override
    public void close() {
        open.forEach(ColumnFamilyHandle::close);
        db.close();
        unlogged.close();
        onceThrough.close();
        options.close();
        tableOptions.close();
        filter.close();
        buffers.close();
        cache.close();
        try {
            scratch.close();
        } catch (IOException failed) {
            throw new UncheckedIOException("directory %s: cannot be deleted".formatted(directory), failed);
        }
    }

    static UncheckedIOException failure(Object where, RocksDBException failed) {
        return new UncheckedIOException(
                "records in %s: the disk failed; see that it has room".formatted(where), new IOException(failed));
    }

    /** Bytes to bytes, sorted by key as unsigned bytes. */
    final class Table {
        private final ColumnFamilyHandle handle;

        private Table(ColumnFamilyHandle handle) {
            this.handle = handle;
        }

        byte @Nullable [] get(byte[] key) {
            try {
                return db.get(handle, key);
            } catch (RocksDBException failed) {
                throw failure(directory, failed);
            }
        }

        /** Over what the table holds now of a partition; later writes are not seen. To be closed before the table is dropped. */
        Cursor cursor(int partition) {
            return new Cursor(db.newIterator(handle, onceThrough), partition);
        }

        /** The table and its files are gone. */
        void drop() {
            try {
                db.dropColumnFamily(handle);
            } catch (RocksDBException failed) {
                throw failure(directory, failed);
            }
            open.remove(handle);
            handle.close();
        }
    }

    /** To be committed, or closed without effect. */
    final class Writes implements AutoCloseable {
        private final WriteBatch batch = new WriteBatch();

        void put(Table table, byte[] key, byte[] value) {
            try {
                batch.put(table.handle, key, value);
            } catch (RocksDBException failed) {
                throw failure(directory, failed);
            }
        }

        void commit() {
            try {
                db.write(unlogged, batch);
            } catch (RocksDBException failed) {
                throw failure(directory, failed);
            }
        }

        @Override
        public void close() {
            batch.close();
        }
    }
}
