package io.kappamesh.export;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that has either a whole export or no manifest. Files have names that end with {@code .partial} until all are written; then they get
 * their own, and the manifest comes last. One thread.
 */
final class ExportDirectory implements AutoCloseable {
    static final String MANIFEST = "manifest.json";
    private static final String PARTIAL = ".partial";
    /** There while an export is: of two that saw the directory empty, one makes it. */
    private static final String TAKEN = "export" + PARTIAL;

    private static final int CHUNK_BYTES = 64 * 1024;

    private final Path directory;
    private final List<String> names = new ArrayList<>();
    private boolean whole;

    private ExportDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes it if need be.
     *
     * @throws LifecycleException if there is something in it
     */
    static ExportDirectory empty(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw refused(directory, "is no directory; name another one");
        }
        Files.createDirectories(directory);
        List<String> there;
        try (Stream<Path> files = Files.list(directory)) {
            there = files.map(file -> file.getFileName().toString()).sorted().toList();
        }
        if (there.contains(MANIFEST)) {
            throw refused(directory, "has an export already; name another directory, or delete it");
        }
        if (there.stream().anyMatch(name -> name.endsWith(PARTIAL))) {
            throw underWay(directory);
        }
        if (!there.isEmpty()) {
            throw refused(directory, "is not empty; name another one");
        }
        try {
            Files.createFile(directory.resolve(TAKEN));
        } catch (FileAlreadyExistsException other) {
            throw underWay(directory);
        }
        return new ExportDirectory(directory);
    }

    private static LifecycleException underWay(Path directory) {
        return refused(directory, "has an export that is under way, or was interrupted; then delete it");
    }

    private static LifecycleException refused(Path directory, String why) {
        return new LifecycleException(ExitCode.CONFIGURATION, "directory " + directory + ": " + why);
    }

    /** Where a file is written before it gets its name. */
    Path partial(String name) {
        if (!names.contains(name)) {
            names.add(name);
        }
        return directory.resolve(name + PARTIAL);
    }

    /** What a file has that is closed, as it is on the disk. */
    ExportedFile finished(String name, int partition, long rows) throws IOException {
        Path file = partial(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return new ExportedFile(name, partition, rows, Files.size(file), sha256(file));
    }

    /** Gives all files their names, and then the manifest. */
    void complete(byte[] manifest) throws IOException {
        for (String name : names) {
            Files.move(partial(name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
        Path file = directory.resolve(MANIFEST + PARTIAL);
        Files.write(file, manifest, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC, StandardOpenOption.WRITE);
        Files.delete(directory.resolve(TAKEN));
        Files.move(file, directory.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        whole = true;
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Deletes what there is of an export that is not whole. */
    @Override
    public void close() throws IOException {
        if (whole) {
            return;
        }
        Files.deleteIfExists(directory.resolve(MANIFEST + PARTIAL));
        for (String name : names) {
            Files.deleteIfExists(partial(name));
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.deleteIfExists(directory.resolve(TAKEN));
    }
}
