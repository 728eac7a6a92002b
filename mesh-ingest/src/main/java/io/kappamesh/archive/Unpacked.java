package io.kappamesh.archive;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file as it is read: its own bytes, digested, and what they are unpacked to. What packs it is seen by its first bytes, not by its name. For one
 * thread.
 */
final class Unpacked implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final byte[] GZIP = HexFormat.of().parseHex("1f8b");
    private static final byte[] ZSTD = HexFormat.of().parseHex("28b52ffd");
    private static final byte[] ZIP = HexFormat.of().parseHex("504b0304");
    private static final byte[] BZIP2 = {'B', 'Z', 'h'};
    private static final byte[] XZ = HexFormat.of().parseHex("fd377a58");

    private final ArchiveFile file;
    private final HashedInput raw;
    private final InputStream content;
    private final boolean packed;

    private Unpacked(ArchiveFile file, HashedInput raw, InputStream own, InputStream content) {
        this.packed = own != content;
        this.file = file;
        this.raw = raw;
        this.content = content;
    }

    static Unpacked open(ArchiveFile file) {
        @Nullable HashedInput raw = null;
        try {
            raw = new HashedInput(Files.newInputStream(file.path()));
            BufferedInputStream own = new BufferedInputStream(raw, BUFFER);
            return new Unpacked(file, raw, own, content(file, own));
        } catch (IOException failed) {
            closeAfter(raw);
            throw ArchiveFile.unreadable(file.name(), failed);
        } catch (RuntimeException failed) {
            closeAfter(raw);
            throw failed;
        }
    }

    private static void closeAfter(@Nullable HashedInput raw) {
        try {
            if (raw != null) {
                raw.close();
            }
        } catch (IOException ignored) {
            // What went wrong before is what counts.
        }
    }

    private static InputStream content(ArchiveFile file, BufferedInputStream in) throws IOException {
        byte[] first = peek(in);
        if (starts(first, GZIP)) {
            try {
                return new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER);
            } catch (IOException broken) {
                throw file.wrong("its gzip header breaks off or is damaged; copy the file again", broken);
            }
        }
        if (starts(first, ZSTD)) {
            return new BufferedInputStream(new ZstdInputStream(in), BUFFER);
        }
        String other = starts(first, ZIP)
                ? "a ZIP archive (or a spreadsheet)"
                : starts(first, BZIP2) ? "packed with bzip2" : starts(first, XZ) ? "packed with xz" : "";
        if (!other.isEmpty()) {
            throw file.wrong("it is " + other + ", which cannot be read; unpack it, or pack it with gzip or zstd");
        }
        return in;
    }

    private static byte[] peek(InputStream in) throws IOException {
        in.mark(ZSTD.length);
        byte[] first = in.readNBytes(ZSTD.length);
        in.reset();
        return first;
    }

    private static boolean starts(byte[] first, byte[] with) {
        return first.length >= with.length && Arrays.equals(first, 0, with.length, with, 0, with.length);
    }

    /** What the file holds, unpacked; supports marks. */
    InputStream content() {
        return content;
    }

    /** Whether something packs it, which has an end of its own. */
    boolean isPacked() {
        return packed;
    }

    long bytesRead() {
        return raw.count();
    }

    String digest() {
        try {
            return raw.digest();
        } catch (IOException failed) {
            throw ArchiveFile.unreadable(file.name(), failed);
        }
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException ignored) {
            // It was only read.
        }
    }
}
