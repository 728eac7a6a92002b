package io.kappamesh.archive;

import io.kappamesh.decoding.DecodedRows;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.file.Unpacked;
import io.kappamesh.format.ValueFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows that are lines of text. Blank lines are none. For one thread. */
final class TextRows<V> implements ArchiveRows<V> {
    private static final byte[] BYTE_ORDER_MARK = HexFormat.of().parseHex("efbbbf");
    private static final byte[] UTF_16_BIG = HexFormat.of().parseHex("feff");
    private static final byte[] UTF_16_LITTLE = HexFormat.of().parseHex("fffe");

    /**
     * A row as it was cut.
     *
     * @param end where the next one begins in the text
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Line(byte[] bytes, long end, boolean isWithoutLineEnd) {}

    /** Makes a decoder of the line that names the columns. */
    @FunctionalInterface
    interface OfHeader<V> {
        /** @throws io.kappamesh.failure.LifecycleException when a column is missing */
        ValueFormat.Decoder<V> decoder(byte[] header);
    }

    private final ArchiveFile file;
    private final Unpacked in;
    private final RowSplitter splitter;
    private final DecodedRows<Line, V> rows;
    private long number;

    private TextRows(ArchiveFile file, Unpacked in, RowSplitter splitter, ValueFormat.Decoder<V> decoder, long number) {
        this.file = file;
        this.in = in;
        this.splitter = splitter;
        this.rows = new DecodedRows<>(this::cut, line -> line.bytes().length, line -> decoder.decode(line.bytes()));
        this.number = number;
    }

    /**
     * Opens a file.
     *
     * @param quoting what hides line ends
     * @param named makes the decoder of the first line; empty = the first line is a row
     * @param unnamed reads rows where no line names columns
     */
    static <V> TextRows<V> open(
            ArchiveFile file,
            RowSplitter.Quoting quoting,
            Optional<OfHeader<V>> named,
            ValueFormat.@Nullable Decoder<V> unnamed,
            RowPosition from) {
        Unpacked in = Unpacked.open(file);
        try {
            long mark = skipMark(file, in.content());
            RowSplitter rows = new RowSplitter(in.content(), quoting, mark);
            ValueFormat.Decoder<V> decoder = unnamed;
            if (named.isPresent()) {
                byte[] header = rows.next();
                while (header != null && isBlank(header)) {
                    header = rows.next();
                }
                if (header == null) {
                    header = new byte[0];
                }
                decoder = named.get().decoder(header);
            }
            if (decoder == null) {
                throw new IllegalArgumentException("rows have no decoder");
            }
            if (from.rows() > 0) {
                // The splitter has read ahead: the file is opened once more, and read up to the place.
                in.close();
                in = Unpacked.open(file);
                in.content().skipNBytes(from.offset());
                rows = new RowSplitter(in.content(), quoting, from.offset());
            }
            return new TextRows<>(file, in, rows, decoder, from.rows());
        } catch (IOException broken) {
            in.close();
            throw broken(file, broken, 0);
        } catch (RuntimeException failed) {
            in.close();
            throw failed;
        }
    }

    private static long skipMark(ArchiveFile file, InputStream in) throws IOException {
        in.mark(BYTE_ORDER_MARK.length);
        byte[] first = in.readNBytes(BYTE_ORDER_MARK.length);
        in.reset();
        if (Arrays.equals(first, BYTE_ORDER_MARK)) {
            in.skipNBytes(BYTE_ORDER_MARK.length);
            return BYTE_ORDER_MARK.length;
        }
        if (first.length >= UTF_16_BIG.length) {
            byte[] two = Arrays.copyOf(first, UTF_16_BIG.length);
            if (Arrays.equals(two, UTF_16_BIG) || Arrays.equals(two, UTF_16_LITTLE)) {
                throw file.wrong("it is text in UTF-16, in which lines cannot be told apart here; convert it to UTF-8,"
                        + " for example with iconv");
            }
        }
        return 0;
    }

    @Override
    public @Nullable ArchiveRow<V> next() {
        @Nullable Line line;
        try {
            line = rows.peek();
        } catch (IOException broken) {
            throw broken(file, broken, number);
        }
        if (line == null) {
            return null;
        }
        requireWhole(line);
        ValueFormat.Result<V> result = rows.take();
        number++;
        return new ArchiveRow<>(number, line::bytes, result, new RowPosition(number, line.end()));
    }

    private @Nullable Line cut() throws IOException {
        byte @Nullable [] row = splitter.next();
        while (row != null && isBlank(row)) {
            row = splitter.next();
        }
        return row == null ? null : new Line(row, splitter.offset(), splitter.isWithoutLineEnd());
    }

    /** Of a file that somebody appends to, the last line may be half of one. */
    private void requireWhole(Line line) {
        if (line.isWithoutLineEnd() && file.isGrown()) {
            throw file.wrong("it is being written: its last line had no end when it was found. Row " + number
                    + " is the last that was read; wait until whoever writes the file has finished, give it a name of"
                    + " its own, and ingest the rows behind that one");
        }
    }

    @Override
    public void drain() {
        try {
            in.content().transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            throw broken(file, broken, number);
        }
    }

    private static boolean isBlank(byte[] row) {
        return row.length < 8 && new String(row, StandardCharsets.ISO_8859_1).isBlank();
    }

    static RuntimeException broken(ArchiveFile file, IOException broken, long row) {
        String where = "behind row " + row + " ";
        if (broken instanceof RowSplitter.TooLongException) {
            return file.wrong(where + broken.getMessage() + "; see whether the file is text with line ends", broken);
        }
        return Unpacked.broken(file, where, broken);
    }

    @Override
    public long heldBytes() {
        return USUALLY_HELD + splitter.heldBytes() + rows.heldBytes();
    }

    @Override
    public long bytesRead() {
        return in.bytesRead();
    }

    @Override
    public String digest() {
        return in.digest();
    }

    /** Formats are called no more afterwards. */
    @Override
    public void close() {
        rows.close();
        in.close();
    }
}
