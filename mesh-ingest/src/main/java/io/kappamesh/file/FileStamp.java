package io.kappamesh.file;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a file system says of a file without reading it.
 *
 * @param bytes its size
 * @param modified when its content was written last, in nanoseconds since the epoch
 * @param text all that is known; whoever writes the file changes it, also where he puts its times back
 * @param isSettled whether equal texts mean equal content: the file system says when anything of the file was changed last, and that was long enough
 *     ago that no later write falls into the same tick
 */
public record FileStamp(long bytes, long modified, String text, boolean isSettled) {
    /** More than a tick of any file system's clock. */
    private static final Duration TICK = Duration.ofSeconds(2);

    /** As it is now. */
    public static FileStamp of(Path path) throws IOException {
        try {
            Map<String, Object> known = Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,ino");
            long bytes = (long) requireNonNull(known.get("size"));
            long modified = nanos((FileTime) requireNonNull(known.get("lastModifiedTime")));
            FileTime changed = (FileTime) requireNonNull(known.get("ctime"));
            return new FileStamp(
                    bytes,
                    modified,
                    bytes + " " + modified + " " + nanos(changed) + " " + known.get("ino"),
                    changed.toInstant().isBefore(Instant.now().minus(TICK)));
        } catch (UnsupportedOperationException | IllegalArgumentException unknownHere) {
            BasicFileAttributes known = Files.readAttributes(path, BasicFileAttributes.class);
            long modified = nanos(known.lastModifiedTime());
            return new FileStamp(known.size(), modified, known.size() + " " + modified, false);
        }
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }

    /** Whether the content was written between this look and a later one. */
    public boolean isWrittenBy(FileStamp later) {
        return bytes != later.bytes || modified != later.modified;
    }
}
