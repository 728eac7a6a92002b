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
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Filter;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
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
    private static final long WRITE_BUFFER_BYTES = 8L << 20;

    /** Files that wait to be merged. They are of the size of a write buffer, and each costs a look at its filter for a look-up. */
    private static final int FILES_TO_MERGE = 24;

    /** Of each file that is gone through, beside the memory of all tables. */
    private static final long READ_AHEAD_BYTES = 128L << 10;

    private static final int MOST_OPEN_FILES = 256;

    private static final long MERGED_BYTES = 1L << 30;
    private static final long MERGED_FILE_BYTES = 64L << 20;
    private static final int FILTER_BITS_PER_KEY = 10;

    private final ScratchDirectory scratch;
    private final Path directory;
    private final Filter filter;
    private final ColumnFamilyOptions tableOptions;
    private final DBOptions options;
    private final WriteOptions unlogged;
    private final ReadOptions onceThrough;
    private final List<ColumnFamilyHandle> open = new ArrayList<>();
    private final RocksDB db;
    private int named;

    private DiskTables(ScratchDirectory scratch, TableMemory memory) throws RocksDBException {
        RocksDB.loadLibrary();
        this.scratch = scratch;
        this.directory = scratch.directory();
        filter = new BloomFilter(FILTER_BITS_PER_KEY);
        tableOptions = new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevel0FileNumCompactionTrigger(FILES_TO_MERGE)
                .setLevel0SlowdownWritesTrigger(2 * FILES_TO_MERGE)
                .setLevel0StopWritesTrigger(3 * FILES_TO_MERGE)
                .setMaxBytesForLevelBase(MERGED_BYTES)
                .setTargetFileSizeBase(MERGED_FILE_BYTES)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(memory.cache())
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setFilterPolicy(filter));
        options = new DBOptions()
                .setCreateIfMissing(true)
                .setWriteBufferManager(memory.buffers())
                .setMaxOpenFiles(MOST_OPEN_FILES)
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
     * @param memory is not closed with them
     */
    static DiskTables under(Path parentDirectory, TableMemory memory) {
        try {
            ScratchDirectory scratch = ScratchDirectory.under(parentDirectory);
            try {
                return new DiskTables(scratch, memory);
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
            return Cursor.over(db.newIterator(handle, onceThrough), partition);
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
