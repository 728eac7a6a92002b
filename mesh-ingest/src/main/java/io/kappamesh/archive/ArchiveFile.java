package io.kappamesh.archive;

import io.kappamesh.Internal;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of an archive.
 *
 * @param path absolute and without detours; also its name in positions and dead letters
 * @param bytes its size
 */
@Internal
public record ArchiveFile(Path path, long bytes) {

    /** A file as it is now. */
    static ArchiveFile of(Path path) {
        try {
            return new ArchiveFile(path.toAbsolutePath().normalize(), Files.size(path));
        } catch (IOException failed) {
            throw unreadable(path.toString(), failed);
        }
    }

    /** The SHA-256 digest of its bytes, in hexadecimal digits: what it is known by. */
    public String digest() {
        try (HashedInput in = new HashedInput(Files.newInputStream(path))) {
            return in.digest();
        } catch (IOException failed) {
            throw unreadable(name(), failed);
        }
    }

    /** Its path, as it stands in positions and dead letters. */
    public String name() {
        return path.toString();
    }

    /** What is wrong with it, as the end of an ingest. */
    public LifecycleException wrong(String what) {
        return new LifecycleException(ExitCode.CONTRACT, "file " + path + ": " + what);
    }

    /** The same, where something else says what is wrong. */
    LifecycleException wrong(String what, Throwable cause) {
        return new LifecycleException(ExitCode.CONTRACT, "file " + path + ": " + what, cause);
    }

    static LifecycleException unreadable(String path, IOException failed) {
        return new LifecycleException(
                ExitCode.CONFIGURATION,
                "file " + path + ": cannot be read (" + failed.getClass().getSimpleName()
                        + "); see that it is there and" + " that this process may read it",
                failed);
    }
}
