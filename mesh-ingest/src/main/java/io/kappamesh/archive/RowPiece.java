package io.kappamesh.archive;

import io.kappamesh.format.ValueFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/**
 * Rows that are decoded together, in Java's common pool, with the context class loader of the thread that made the piece. All methods but those of the pool belong to
 * that thread.
 */
final class RowPiece<V> {
    private final List<Line> lines;
    private final ValueFormat.Decoder<V> decoder;
    private final ClassLoader loader;
    private final ForkJoinTask<List<ValueFormat.Result<V>>> results;
    private int next;
    private volatile boolean closed;

    /**
     * A row as it was cut.
     *
     * @param end where the next one begins in the text
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(byte[] bytes, long end, boolean isWithoutLineEnd) {
        /** What a row takes beside its bytes: objects of what it is decoded to. */
        private static final int ROW_BYTES = 256;

        /** About how much memory it takes. */
        int heldBytes() {
            return ROW_BYTES + bytes.length;
        }
    }

    /** Begins to decode rows, of which there is at least one. */
    RowPiece(List<Line> lines, ValueFormat.Decoder<V> decoder) {
        this.lines = lines;
        this.decoder = decoder;
        this.loader = Thread.currentThread().getContextClassLoader();
        this.results = ForkJoinPool.commonPool().submit(this::decoded);
    }

    /** The row that is next. */
    Line line() {
        return lines.get(next);
    }

    /** What the row that is next holds; the row behind it is next then. Waits for all of the piece. */
    ValueFormat.Result<V> take() {
        return results.join().get(next++);
    }

    boolean isTaken() {
        return next == lines.size();
    }

    /** No other row is decoded. */
    void cancel() {
        closed = true;
        boolean unused = results.cancel(false);
    }

    /** Waits for the row that is being decoded: whoever decodes one holds the lock. */
    synchronized void awaitRow() {}

    /** Decodes a row; false = nobody wants it any more. */
    private synchronized boolean decode(Line line, List<ValueFormat.Result<V>> into) {
        return !closed && into.add(result(line.bytes()));
    }

    private List<ValueFormat.Result<V>> decoded() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            List<ValueFormat.Result<V>> all = new ArrayList<>(lines.size());
            for (Line line : lines) {
                if (!decode(line, all)) {
                    break;
                }
            }
            return all;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private ValueFormat.Result<V> result(byte[] row) {
        try {
            return decoder.decode(row);
        } catch (RuntimeException | StackOverflowError thrown) {
            // Its message may repeat what the row says.
            return ValueFormat.Result.rejected(
                    "its format threw " + thrown.getClass().getName());
        }
    }
}
