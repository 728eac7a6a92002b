package io.kappamesh.decoding;

import io.kappamesh.Internal;
import io.kappamesh.format.ValueFormat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a file that are cut here and decoded in Java's common pool, some ahead of the row that is asked for: decoders are thread-safe, and decoding is most of the
 * work. Rows come in their order all the same. Pieces begin with one row and grow, and nothing is read ahead before they have grown up: of a file whose first row is
 * looked at, no other row is decoded. For one thread.
 *
 * @param <R> a row as it is cut
 */
@Internal
public final class DecodedRows<R, V> implements AutoCloseable {
    /** So many rows a piece has once it has grown up. */
    private static final int PIECE_ROWS = 128;

    private static final int PIECE_BYTES = 32 << 10;
    /** A piece more may be taken, and one row always. */
    private static final int MOST_BYTES_AHEAD = 3 * PIECE_BYTES;
    /** What a row takes beside its bytes: objects of what it is decoded to. */
    private static final int ROW_BYTES = 256;

    /** Cuts rows out of a file. */
    @FunctionalInterface
    public interface Cutter<R> {
        /** The row that is next; null = there is none, and it is asked no more. */
        @Nullable
        R next() throws IOException;
    }

    private final Cutter<R> cutter;
    private final ToIntFunction<R> bytes;
    private final Function<R, ValueFormat.Result<V>> decoder;
    private final Deque<RowPiece<R, V>> ahead = new ArrayDeque<>();
    /** Of the next piece. */
    private int pieceRows = 1;

    private long bytesAhead;
    private boolean ended;
    /** What went wrong behind the rows that were cut. */
    private @Nullable Exception broken;

    /**
     * @param bytes how many a row takes, about
     * @param decoder thread-safe
     */
    public DecodedRows(Cutter<R> cutter, ToIntFunction<R> bytes, Function<R, ValueFormat.Result<V>> decoder) {
        this.cutter = cutter;
        this.bytes = bytes;
        this.decoder = decoder;
    }

    /**
     * The row that is next, as it was cut; null = there is none.
     *
     * @throws IOException what the cutter threw, behind all rows that it cut before; so are its other exceptions
     */
    public @Nullable R peek() throws IOException {
        readAhead();
        RowPiece<R, V> piece = ahead.peek();
        if (piece != null) {
            return piece.row();
        }
        if (broken instanceof IOException failed) {
            throw failed;
        }
        if (broken instanceof RuntimeException failed) {
            throw failed;
        }
        return null;
    }

    /** What the row that is next holds; the row behind it is next then. */
    public ValueFormat.Result<V> take() {
        RowPiece<R, V> piece = ahead.element();
        bytesAhead -= held(piece.row());
        ValueFormat.Result<V> result = piece.take();
        if (piece.isTaken()) {
            ahead.remove();
        }
        return result;
    }

    private void readAhead() {
        while (!ended && (ahead.isEmpty() || (pieceRows == PIECE_ROWS && bytesAhead < MOST_BYTES_AHEAD))) {
            List<R> rows = cut();
            if (!rows.isEmpty()) {
                ahead.add(new RowPiece<>(rows, decoder));
            }
            pieceRows = Math.min(2 * pieceRows, PIECE_ROWS);
        }
    }

    private List<R> cut() {
        List<R> rows = new ArrayList<>();
        try {
            int held = 0;
            while (rows.size() < pieceRows && held < PIECE_BYTES) {
                @Nullable R row = cutter.next();
                if (row == null) {
                    ended = true;
                    break;
                }
                rows.add(row);
                held += held(row);
                bytesAhead += held(row);
            }
        } catch (IOException | RuntimeException failed) {
            broken = failed;
            ended = true;
        }
        return rows;
    }

    private int held(R row) {
        return ROW_BYTES + bytes.applyAsInt(row);
    }

    /** How many bytes rows that are ahead may hold, with what they are decoded to. */
    public long heldBytes() {
        return 2 * Math.max(MOST_BYTES_AHEAD + PIECE_BYTES, bytesAhead);
    }

    /** The decoder is called no more afterwards. */
    @Override
    public void close() {
        ended = true;
        ahead.forEach(RowPiece::cancel);
        ahead.forEach(RowPiece::awaitRow);
        ahead.clear();
    }
}
