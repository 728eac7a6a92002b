package io.kappamesh.file;

import com.github.luben.zstd.ZstdInputStream;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A file as it is read: its own bytes, and what they are unpacked to, digested. What packs it is seen by its first bytes, not by its name. For one thread.
 */
public final class Unpacked implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final byte[] GZIP = HexFormat.of().parseHex("1f8b");
    private static final byte[] ZSTD = HexFormat.of().parseHex("28b52ffd");
    private static final byte[] ZIP = HexFormat.of().parseHex("504b0304");
    private static final byte[] BZIP2 = {'B', 'Z', 'h'};
    private static final byte[] XZ = HexFormat.of().parseHex("fd377a58");

    private final ArchiveFile file;
    private final CountedInput raw;
    private final HashedInput unpacked;
    private final InputStream content;

    private Unpacked(ArchiveFile file, CountedInput raw, InputStream unpacked) {
        this.file = file;
        this.raw = raw;
        this.unpacked = new HashedInput(unpacked);
        this.content = new BufferedInputStream(this.unpacked, BUFFER);
    }

    public static Unpacked open(ArchiveFile file) {
        @Nullable CountedInput raw = null;
        try {
            raw = new CountedInput(Files.newInputStream(file.path()), file.bytes());
            return new Unpacked(file, raw, unpacked(file, new BufferedInputStream(raw, BUFFER)));
        } catch (IOException failed) {
            closeAfter(raw);
            throw ArchiveFile.unreadable(file.name(), failed);
        } catch (RuntimeException failed) {
            closeAfter(raw);
            throw failed;
        }
    }

    private static void closeAfter(@Nullable CountedInput raw) {
        try {
            if (raw != null) {
                raw.close();
            }
        } catch (IOException ignored) {
            // What went wrong before is what counts.
        }
    }

    private static InputStream unpacked(ArchiveFile file, BufferedInputStream in) throws IOException {
        byte[] first = peek(in);
        if (starts(first, GZIP)) {
            return new GzipMembers(in);
        }
        if (starts(first, ZSTD)) {
            return zstd(file, in);
        }
        String other = starts(first, ZIP)
                ? "a ZIP archive (or a spreadsheet)"
                : starts(first, BZIP2) ? "packed with bzip2" : starts(first, XZ) ? "packed with xz" : "";
        if (!other.isEmpty()) {
            throw file.wrong("it is " + other + ", which cannot be read; unpack it, or pack it with gzip or zstd");
        }
        return in;
    }

    private static InputStream zstd(ArchiveFile file, InputStream in) throws IOException {
        try {
            return new ZstdInputStream(in);
        } catch (LinkageError noLibrary) {
            throw new LifecycleException(
                    ExitCode.PLATFORM, "file " + file.name() + ": " + noLibrary("zstd", noLibrary), noLibrary);
        }
    }

    /** What is wrong where a library of another language, which Java's own jar brings, cannot be loaded. */
    public static String noLibrary(String name, Error why) {
        return "the library of " + name + " cannot be loaded (" + why.getMessage() + "). It is unpacked into "
                + System.getProperty("java.io.tmpdir")
                + ": see whether there is room, and whether programs may be run from there (noexec); another directory is named"
                + " with -Djava.io.tmpdir=…";
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
    public InputStream content() {
        return content;
    }

    /** How many of the file's own bytes were read. */
    public long bytesRead() {
        return raw.count();
    }

    /**
     * The digest of all that it unpacks to: reads what is left. Once only.
     *
     * @throws LifecycleException when it breaks off or is damaged
     */
    public String digest() {
        try {
            return unpacked.digest();
        } catch (IOException broken) {
            throw broken(file, "", broken);
        }
    }

    /** What is wrong with a file that cannot be read on. */
    public static LifecycleException broken(ArchiveFile file, String where, IOException broken) {
        if (broken instanceof EOFException) {
            return file.wrong(where + "the file breaks off: what packs it has no end; copy it again", broken);
        }
        if (broken instanceof ZipException || broken.getClass().getName().contains("Zstd")) {
            return file.wrong(where + "the file is damaged (" + broken.getMessage() + "); copy it again", broken);
        }
        return ArchiveFile.unreadable(file.name(), broken);
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
