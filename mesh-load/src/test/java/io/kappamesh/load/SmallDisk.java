package io.kappamesh.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few megabytes in memory, which is soon full and can be made larger. Needs Linux, and root's right to mount one. */
final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** Mounts one, or skips the test where that cannot be. */
    static SmallDisk mountOrSkip(int kibibytes) throws IOException, InterruptedException {
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
    private static String mount(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "mount";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? "" : "mount: " + said;
        } catch (IOException noSuchProgram) {
            return String.valueOf(noSuchProgram.getMessage());
        }
    }

    /** Where it is mounted. */
    Path path() {
        return path;
    }

    /** Gives it another size; what is on it stays. */
    void resize(int kibibytes) throws IOException, InterruptedException {
        String refused = mount("-o", "remount," + size(kibibytes), path.toString());
        if (!refused.isEmpty()) {
            throw new IOException(refused);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            // Lazily: it is still somebody's until PostgreSQL ends.
            new ProcessBuilder("umount", "-l", path.toString()).start().waitFor();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        Files.delete(path);
    }
}
