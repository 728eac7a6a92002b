package io.kappamesh.decoding;

import io.kappamesh.format.ValueFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Function;

/**
 * Rows that are decoded together, in Java's common pool, with the context class loader of the thread that made the piece. All methods but those of the pool belong to
 * that thread.
 */
final class RowPiece<R, V> {
    private final List<R> rows;
    private final Function<R, ValueFormat.Result<V>> decoder;
    private final ClassLoader loader;
    private final ForkJoinTask<List<ValueFormat.Result<V>>> results;
    private int next;
    private volatile boolean closed;

    /** Begins to decode rows, of which there is at least one. */
    RowPiece(List<R> rows, Function<R, ValueFormat.Result<V>> decoder) {
        this.rows = rows;
        this.decoder = decoder;
        this.loader = Thread.currentThread().getContextClassLoader();
        this.results = ForkJoinPool.commonPool().submit(this::decoded);
    }

    /** The row that is next. */
    R row() {
        return rows.get(next);
    }

    /** What the row that is next holds; the row behind it is next then. Waits for all of the piece. */
    ValueFormat.Result<V> take() {
        return results.join().get(next++);
    }

    boolean isTaken() {
        return next == rows.size();
    }

    /** No other row is decoded. */
    void cancel() {
        closed = true;
        boolean unused = results.cancel(false);
    }

    /** Waits for the row that is being decoded: whoever decodes one holds the lock. */
    synchronized void awaitRow() {}

    /** Decodes a row; false = nobody wants it any more. */
    private synchronized boolean decode(R row, List<ValueFormat.Result<V>> into) {
        return !closed && into.add(result(row));
    }

    private List<ValueFormat.Result<V>> decoded() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            List<ValueFormat.Result<V>> all = new ArrayList<>(rows.size());
            for (R row : rows) {
                if (!decode(row, all)) {
                    break;
                }
            }
            return all;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private ValueFormat.Result<V> result(R row) {
        try {
            return decoder.apply(row);
        } catch (RuntimeException | StackOverflowError thrown) {
            // Its message may repeat what the row says.
            return ValueFormat.Result.rejected(
                    "its format threw " + thrown.getClass().getName());
        }
    }
}
