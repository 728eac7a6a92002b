package io.kappamesh.stack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks an archive once per user and machine. A folder appears under its final name only when it is complete, whoever
 * else unpacks the same at the same time.
 */
final class Unpacking {

    private static final int BUFFER = 1 << 16;

    private Unpacking() {}

    /** The folder of this user for what is unpacked; refused if it is somebody else's, whose programs we would run. */
    static Path cache() {
        String user = System.getProperty("user.name");
        Path cache = Path.of(System.getProperty("java.io.tmpdir"), "kappa-mesh-" + user);
        try {
            createPrivate(cache);
            String owner = Files.getOwner(cache).getName();
            if (!owner.equals(user)) {
                throw new StartException(cache + " belongs to " + owner + ", not to " + user
                        + "; remove it, or set the system property java.io.tmpdir to another folder");
            }
            return cache;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + cache, e);
        }
    }

    /** The folder with the archive's content, {@code cache/name}. */
    static Path once(Path archive, Path cache, String name) {
        Path unpacked = cache.resolve(name);
        if (Files.isDirectory(unpacked)) {
            return unpacked;
        }
        @Nullable Path partial = null;
        try {
            partial = Files.createTempDirectory(cache, name + ".partial-");
            unpack(archive, partial);
            publish(partial, unpacked);
            return unpacked;
        } catch (IOException e) {
            throw new StartException("cannot unpack " + archive + " into " + cache + ": " + e.getMessage(), e);
        } finally {
            if (partial != null) {
                Workspace.delete(partial);
            }
        }
    }

    private static void publish(Path partial, Path unpacked) throws IOException {
        try {
            Files.move(partial, unpacked, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Renaming onto a folder with content fails: somebody else was first, and theirs is as good as ours.
            if (!Files.isDirectory(unpacked)) {
                throw e;
            }
        }
    }

    private static void unpack(Path archive, Path target) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, BUFFER))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("entry " + entry.getName() + " leads out of the archive");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (isPlainFile(entry)) {
                    Files.createDirectories(path.getParent());
                    Files.copy(tar, path);
                } else {
                    throw new IOException("entry " + entry.getName() + " is neither a file nor a folder");
                }
            }
        }
    }

    /** The entry's own {@code isFile} says yes to links and devices too. */
    private static boolean isPlainFile(TarArchiveEntry entry) {
        return entry.getLinkFlag() == TarConstants.LF_NORMAL || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
    }

    private static void createPrivate(Path folder) throws IOException {
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // From an earlier run.
        }
    }
}
