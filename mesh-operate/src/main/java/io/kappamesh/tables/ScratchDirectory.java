package io.kappamesh.tables;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for as long as its process needs it. A file beside it, locked for as long as the process lives, tells others that it is
 * needed: whoever makes the next one deletes those whose lock is free, because their process was killed.
 */
final class ScratchDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectory.class);
    private static final String PREFIX = "compare-";
    private static final String LOCK = ".lock";

    /** Directories of this process are left alone without a look: to close a locked file once more would end its lock. */
    private static final String OWN = PREFIX + UUID.randomUUID().toString().substring(0, 8) + "-";

    private final Path directory;
    private final Path lockFile;
    private final FileChannel lock;

    private ScratchDirectory(Path directory, Path lockFile, FileChannel lock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** A new directory under another, which is created if need be. */
    static ScratchDirectory under(Path parent) throws IOException {
        Files.createDirectories(parent);
        deleteLeftovers(parent);
        String name = OWN + UUID.randomUUID().toString().substring(0, 8);
        Path lockFile = parent.resolve(name + LOCK);
        FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            lock.lock();
            if (!Files.exists(lockFile)) {
                lock.close();
                return under(parent); // somebody took it for a leftover in the moment before it was locked
            }
            return new ScratchDirectory(Files.createDirectory(parent.resolve(name)), lockFile, lock);
        } catch (IOException failed) {
            lock.close();
            throw failed;
        }
    }

    Path directory() {
        return directory;
    }

    private static void deleteLeftovers(Path parent) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(parent, PREFIX + "*" + LOCK)) {
            for (Path lockFile : locks) {
                if (!lockFile.getFileName().toString().startsWith(OWN)) {
                    deleteIfLeft(lockFile);
                }
            }
        }
    }

    /** Somebody else may delete the same at this moment, or may be the only one who has the right to. */
    private static void deleteIfLeft(Path lockFile) {
        String name = lockFile.getFileName().toString();
        Path directory = lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            if (free != null) {
                Utils.delete(directory.toFile());
                Files.deleteIfExists(lockFile);
                LOG.info("Deleted {}, which a comparison left behind that was killed", directory);
            }
        } catch (IOException notOurs) {
            LOG.info("Cannot delete {}, which a comparison may have left behind: {}", directory, notOurs.toString());
        }
    }

    /** Deletes it. */
    @Override
    public void close() throws IOException {
        Utils.delete(directory.toFile());
        Files.deleteIfExists(lockFile);
        lock.close();
    }
}
