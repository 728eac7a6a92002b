package io.kappamesh.row;

import static java.util.Objects.requireNonNull;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.failure.LifecycleException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several files in one order: by event time, where each file is sorted by it; else file after file. A file is open while its rows have their
 * turn, so that memory and open files grow with the number of files that overlap in time. The order is a function of the files alone. For one thread.
 */
public final class MergedRows<V> implements AutoCloseable {
    /** Fewer than any system allows by default. */
    static final int MOST_OPEN = 500;

    /** So many are left open after the first look, if they hold little memory; the others are opened again when it is their turn. */
    private static final int LEFT_OPEN = 64;

    private static final long LEFT_HELD_BYTES = 64L << 20;

    /**
     * What comes next.
     *
     * @param file where it is
     * @param row null = the file has no more rows
     */
    public record Next(PlannedFile file, @Nullable JudgedRow row) {}

    /** A file that has a next row. */
    private final class Cursor implements Comparable<Cursor>, AutoCloseable {
        private final PlannedFile file;
        private @Nullable ArchiveRows<V> rows;
        private @Nullable JudgedRow head;
        private long newest = -1;
        private long turn;
        private RowPosition place;

        Cursor(PlannedFile file) {
            this.file = file;
            this.place = file.begun().position();
            this.newest = file.begun().counts().newest();
        }

        /** Reads the next row; false = there is none. */
        boolean advance() {
            ArchiveRows<V> opened = opened();
            @Nullable ArchiveRow<V> row = opened.next();
            if (row == null) {
                head = null;
                return false;
            }
            JudgedRow judged = judge.apply(row);
            if (byTime && judged.refusal() == null) {
                if (judged.time() < newest) {
                    throw file.file()
                            .wrong("row " + judged.number()
                                    + " has an earlier event time than a row before it, so that the"
                                    + " file is not sorted by event time; sort it, or declare with inFileOrder()"
                                    + " (--in-file-order) that rows are written as they stand. What was ingested"
                                    + " before stays, and is not written again");
                }
                newest = judged.time();
            }
            head = judged;
            place = judged.end();
            turn = byTime ? newest : file.index();
            return true;
        }

        private ArchiveRows<V> opened() {
            ArchiveRows<V> known = rows;
            if (known == null) {
                if (open >= MOST_OPEN) {
                    throw file.file()
                            .wrong("more than " + MOST_OPEN
                                    + " files have rows of the same time; ingest fewer files at once,"
                                    + " or declare inFileOrder() (--in-file-order)");
                }
                known = opener.apply(file, file.begun().position());
                rows = known;
                open++;
            }
            return known;
        }

        /** Closes the file, to be opened again where it was begun. */
        void putAside() {
            close();
            head = null;
            newest = file.begun().counts().newest();
            place = file.begun().position();
        }

        void requireUnchanged() {
            ArchiveRows<V> read = opened();
            if (!read.digest().equals(file.begun().digest())) {
                throw new ChangedFileException(file.file()
                        .wrong("it was changed while it was read; rows up to " + place.rows()
                                + " were read from what it is now, and may be written. Put the file back as it was when the"
                                + " ingest began"));
            }
        }

        @Override
        public int compareTo(Cursor other) {
            int byTurn = Long.compare(turn, other.turn);
            return byTurn != 0 ? byTurn : Integer.compare(file.index(), other.file.index());
        }

        @Override
        public void close() {
            if (rows != null) {
                rows.close();
                rows = null;
                open--;
            }
        }
    }

    private final BiFunction<PlannedFile, RowPosition, ArchiveRows<V>> opener;
    private final Function<ArchiveRow<V>, JudgedRow> judge;
    private final boolean byTime;
    private final List<Cursor> all = new ArrayList<>();
    private final PriorityQueue<Cursor> queue = new PriorityQueue<>();
    private final Deque<Cursor> ended = new ArrayDeque<>();
    private @Nullable Cursor current;
    private int open;
    private long leftHeld;
    private long readOfClosed;

    /**
     * Looks at the first row of each file.
     *
     * @param opener opens a file at a place
     * @throws LifecycleException when a file cannot be read
     */
    public MergedRows(
            List<PlannedFile> files,
            BiFunction<PlannedFile, RowPosition, ArchiveRows<V>> opener,
            Function<ArchiveRow<V>, JudgedRow> judge,
            boolean byTime) {
        this.opener = opener;
        this.judge = judge;
        this.byTime = byTime;
        try {
            files.forEach(file -> begin(new Cursor(file)));
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private void begin(Cursor cursor) {
        all.add(cursor);
        if (!byTime) {
            cursor.turn = cursor.file.index();
            queue.add(cursor);
            return;
        }
        if (!cursor.advance()) {
            // Opened again for its digest: many files may have no rows, or none that are left.
            cursor.putAside();
            ended.add(cursor);
            return;
        }
        queue.add(cursor);
        leftHeld += requireNonNull(cursor.rows).heldBytes();
        if (open > LEFT_OPEN || (open > 1 && leftHeld > LEFT_HELD_BYTES)) {
            leftHeld -= requireNonNull(cursor.rows).heldBytes();
            cursor.putAside();
        }
    }

    /**
     * The next row, or the end of a file; null = all files have ended.
     *
     * @throws LifecycleException when a file breaks off, or is not sorted
     * @throws ChangedFileException when a file was changed meanwhile
     */
    public @Nullable Next next() {
        Cursor last = current;
        current = null;
        if (last != null) {
            if (last.advance()) {
                queue.add(last);
            } else {
                ended.add(last);
            }
        }
        Cursor over = ended.poll();
        if (over != null) {
            over.requireUnchanged();
            readOfClosed += over.file.file().bytes();
            over.close();
            return new Next(over.file, null);
        }
        Cursor next = queue.poll();
        if (next == null) {
            return null;
        }
        if (next.head == null && !next.advance()) {
            ended.add(next);
            return next();
        }
        current = next;
        return new Next(next.file, next.head);
    }

    /** How many bytes of all files were read so far. */
    public long bytesRead() {
        return readOfClosed
                + all.stream()
                        .mapToLong(one -> one.rows == null ? 0 : one.rows.bytesRead())
                        .sum();
    }

    @Override
    public void close() {
        all.forEach(Cursor::close);
    }
}
