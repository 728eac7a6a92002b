package io.kappamesh.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few megabytes in memory, which is soon full and can be made larger. Needs Linux, and root's right to mount one. */
final class SmallDisk implements AutoCloseable {
    private final Path path;

    /** For a JVM that ends before the test does. */
    private final Thread atEnd;

    private SmallDisk(Path path) {
        this.path = path;
        this.atEnd = new Thread(() -> unmount(path), "unmount " + path);
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    /** Mounts one, or skips the test where that cannot be. */
    static SmallDisk mountOrSkip(int kibibytes) throws IOException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "a small disk is mounted by root only; run this test as root to see what a full one does");
        Path path = Files.createTempDirectory("mesh-small-disk-");
        String refused = mount("-t", "tmpfs", "-o", size(kibibytes), "tmpfs", path.toString());
        if (!refused.isEmpty()) {
            Files.delete(path);
            Assumptions.abort("a small disk cannot be mounted here: " + refused);
        }
        return new SmallDisk(path);
    }

    private static String size(int kibibytes) {
        return "size=" + kibibytes + "k";
    }

    /** Empty = it worked. */
    private static String mount(String... arguments) {
        return run("mount", arguments);
    }

    /** Lazily: it is still somebody's until PostgreSQL ends. Empty = it worked. */
    private static String unmount(Path path) {
        return run("umount", "-l", path.toString());
    }

    /** Also for a thread that is interrupted. Empty = it worked. */
    private static String run(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        boolean interrupted = Thread.interrupted();
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            while (true) {
                try {
                    return process.waitFor() == 0 ? "" : program + ": " + said;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } catch (IOException noSuchProgram) {
            return String.valueOf(noSuchProgram.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where it is mounted. */
    Path path() {
        return path;
    }

    /** Gives it another size; what is on it stays. */
    void resize(int kibibytes) throws IOException {
        String refused = mount("-o", "remount," + size(kibibytes), path.toString());
        if (!refused.isEmpty()) {
            throw new IOException(refused);
        }
    }

    @Override
    public void close() throws IOException {
        String refused = unmount(path);
        if (!refused.isEmpty()) {
            throw new IOException(refused);
        }
        boolean unused = Runtime.getRuntime().removeShutdownHook(atEnd);
        Files.delete(path);
    }
}
