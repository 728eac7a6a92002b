package io.kappamesh.row;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import org.jspecify.annotations.Nullable;

/** The rows of a file up to one of them, as if there were no more. For one thread. */
public final class FirstRows<V> implements ArchiveRows<V> {
    private final ArchiveRows<V> rows;
    private final long last;
    private long read;

    /**
     * @param rows of the file, from where it is begun
     * @param last the number of the last row
     */
    public FirstRows(ArchiveRows<V> rows, PlannedFile file, long last) {
        this.rows = rows;
        this.last = last;
        this.read = file.begun().rows();
    }

    @Override
    public @Nullable ArchiveRow<V> next() {
        if (read >= last) {
            return null;
        }
        ArchiveRow<V> row = rows.next();
        if (row != null) {
            read = row.end().rows();
        }
        return row;
    }

    @Override
    public void drain() {
        rows.drain();
    }

    @Override
    public long heldBytes() {
        return rows.heldBytes();
    }

    @Override
    public long bytesRead() {
        return rows.bytesRead();
    }

    /** Of the whole file: these rows may be all that is read of it, and were to be read from what it was. */
    @Override
    public String digest() {
        return rows.digest();
    }

    @Override
    public void close() {
        rows.close();
    }
}
