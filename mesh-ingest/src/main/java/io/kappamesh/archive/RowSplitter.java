package io.kappamesh.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into rows at its line ends, those in quoted columns aside. A quote that is never closed, or not within 1 MiB, or by a quote that
 * stands in front of something else than a delimiter or a line end, costs the line in which it stands and no other. For one thread.
 */
final class RowSplitter {
    /** Longer than any value that a port takes. */
    static final int LONGEST = 80 << 20;

    /** How far a row with line ends in quotes may go. */
    static final int LONGEST_QUOTED = 1 << 20;

    private static final int CHUNK = 1 << 16;
    private static final int NONE = -1;

    /**
     * What may hide a line end, each a single byte; -1 = there is no such character.
     *
     * @param delimiter behind which a quote opens a column
     */
    record Quoting(int delimiter, int quote, int escape) {
        static final Quoting ABSENT = new Quoting(NONE, NONE, NONE);
    }

    private enum State {
        COLUMN_BEGINS,
        PLAIN,
        QUOTED,
        QUOTE_IN_QUOTED
    }

    /** A row is longer than any may be. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("a row is longer than " + (LONGEST >> 20) + " MiB");
        }
    }

    private final InputStream in;
    private final Quoting quoting;
    private final boolean plain;
    private final byte quote;
    private final byte escape;
    private byte[] buffer = new byte[2 * CHUNK];
    private int start;
    private int limit;
    private boolean ended;
    private long offsetOfStart;
    private boolean withoutLineEnd;

    /** @param offset where the stream stands in the text */
    RowSplitter(InputStream in, Quoting quoting, long offset) {
        this.in = in;
        this.quoting = quoting;
        this.plain = quoting.quote() == NONE && quoting.escape() == NONE;
        this.quote = (byte) quoting.quote();
        this.escape = (byte) quoting.escape();
        this.offsetOfStart = offset;
    }

    /** Where the next row begins in the text. */
    long offset() {
        return offsetOfStart;
    }

    /** How much memory its buffer takes: as much as the longest row asked for. */
    long heldBytes() {
        return buffer.length;
    }

    /** Whether the row that was read last was ended by the end of the text. */
    boolean isWithoutLineEnd() {
        return withoutLineEnd;
    }

    /** The next row without its line end, which may be empty; null = the text has ended. */
    byte @Nullable [] next() throws IOException {
        if (plain) {
            return line();
        }
        byte @Nullable [] unquoted = unquotedRow();
        return unquoted == null ? quotedRow() : unquoted;
    }

    /** A row without quotes and escapes, as most are; null = it has some, or goes on behind what is read. */
    private byte @Nullable [] unquotedRow() {
        for (int at = start; at < limit; at++) {
            byte one = buffer[at];
            if (one == '\n') {
                return cut(at - start, 1);
            }
            if (one == quote || one == escape) {
                return null;
            }
        }
        return null;
    }

    private byte @Nullable [] line() throws IOException {
        int at = 0;
        while (true) {
            for (; start + at < limit; at++) {
                if (buffer[start + at] == '\n') {
                    return cut(at, 1);
                }
            }
            if (!fill()) {
                return at == 0 ? null : cut(at, 0);
            }
        }
    }

    private byte @Nullable [] quotedRow() throws IOException {
        State state = State.COLUMN_BEGINS;
        int firstLineEnd = NONE;
        int at = 0;
        while (true) {
            if (start + at >= limit && !fill()) {
                return at == 0
                        ? null
                        : state == State.QUOTED && firstLineEnd != NONE ? cut(firstLineEnd, 1) : cut(at, 0);
            }
            int one = buffer[start + at] & 0xff;
            if (one == quoting.escape() && state != State.QUOTE_IN_QUOTED) {
                if (start + at + 1 < limit || fill()) {
                    at++;
                }
                state = state == State.QUOTED ? State.QUOTED : State.PLAIN;
            } else if (state == State.QUOTED) {
                if (one == quoting.quote()) {
                    state = State.QUOTE_IN_QUOTED;
                } else if (one == '\n' && firstLineEnd == NONE) {
                    firstLineEnd = at;
                }
            } else if (one == '\n') {
                return cut(at, 1);
            } else if (one == quoting.quote() && state != State.PLAIN) {
                state = State.QUOTED;
            } else if (one == quoting.delimiter()) {
                state = State.COLUMN_BEGINS;
                firstLineEnd = NONE;
            } else {
                if (state == State.QUOTE_IN_QUOTED && one != '\r' && firstLineEnd != NONE) {
                    // What seemed to close the column opens another one, some lines on: the column's own quote never
                    // closes.
                    return cut(firstLineEnd, 1);
                }
                state = State.PLAIN;
            }
            at++;
            if (firstLineEnd != NONE && at > LONGEST_QUOTED) {
                return cut(firstLineEnd, 1);
            }
        }
    }

    /** @param lineEnd how many bytes behind the row end it */
    private byte[] cut(int length, int lineEnd) {
        int end = length > 0 && lineEnd > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length;
        byte[] row = Arrays.copyOfRange(buffer, start, start + end);
        start += length + lineEnd;
        offsetOfStart += length + lineEnd;
        withoutLineEnd = lineEnd == 0;
        return row;
    }

    /** Whether there is more. What was read is kept, and may stand elsewhere in the buffer. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (limit - start > LONGEST) {
            throw new TooLongException();
        }
        if (buffer.length - limit < CHUNK) {
            byte[] into = limit - start > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
            System.arraycopy(buffer, start, into, 0, limit - start);
            buffer = into;
            limit -= start;
            start = 0;
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            ended = true;
            return false;
        }
        limit += read;
        return true;
    }
}
