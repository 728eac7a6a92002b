package io.kappamesh.file;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One file of an archive. It is read as far as it reached when it was found: what is appended afterwards is not part of it.
 *
 * @param path absolute and without detours; also its name in positions and dead letters
 * @param stamp what the file system said of it when it was found
 */
public record ArchiveFile(Path path, FileStamp stamp) {

    /** A file as it is now. */
    public static ArchiveFile of(Path path) {
        try {
            return new ArchiveFile(path.toAbsolutePath().normalize(), FileStamp.of(path));
        } catch (IOException failed) {
            throw unreadable(path.toString(), failed);
        }
    }

    /** Its size, packed as it is. */
    public long bytes() {
        return stamp.bytes();
    }

    /**
     * The SHA-256 digest of what it says, unpacked, in hexadecimal digits: what it is known by. Reads it to its end.
     *
     * @throws LifecycleException when what packs it breaks off or is damaged
     */
    public String digest() {
        try (Unpacked in = Unpacked.open(this)) {
            return in.digest();
        }
    }

    /** Its path, as it stands in positions and dead letters. */
    public String name() {
        return path.toString();
    }

    /** Whether it was written since it was found; what is gone was. */
    public boolean isWritten() {
        try {
            return stamp.isWrittenBy(FileStamp.of(path));
        } catch (IOException gone) {
            return true;
        }
    }

    /** Whether what was read of it may no longer be there; what is only longer still is. */
    public boolean isReplaced() {
        return isWritten() && !isGrown();
    }

    /** Whether it is longer than it was when it was found. */
    public boolean isGrown() {
        try {
            return FileStamp.of(path).bytes() > stamp.bytes();
        } catch (IOException gone) {
            return false;
        }
    }

    /** What is wrong with it, as the end of an ingest. */
    public LifecycleException wrong(String what) {
        return new LifecycleException(ExitCode.CONTRACT, "file " + path + ": " + what);
    }

    /** The same, where something else says what is wrong. */
    public LifecycleException wrong(String what, Throwable cause) {
        return new LifecycleException(ExitCode.CONTRACT, "file " + path + ": " + what, cause);
    }

    public static LifecycleException unreadable(String path, IOException failed) {
        return new LifecycleException(
                ExitCode.CONFIGURATION,
                "file " + path + ": cannot be read (" + failed.getClass().getSimpleName()
                        + "); see that it is there and" + " that this process may read it",
                failed);
    }
}
