package io.kappamesh.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for data and logs: the caller's, which stays, or a temporary one, which goes with us.
 *
 * @param path the folder, which exists
 * @param temporary whether {@link #close()} deletes it, with all that is in it
 */
public record Workspace(Path path, boolean temporary) implements AutoCloseable {

    /**
     * A new temporary folder.
     *
     * @throws UncheckedIOException when it cannot be created
     */
    public static Workspace temporary(String prefix) {
        return in(null, prefix);
    }

    static Workspace in(@Nullable Path chosen, String prefix) {
        try {
            return chosen == null
                    ? new Workspace(Files.createTempDirectory(prefix), true)
                    : new Workspace(Files.createDirectories(chosen).toAbsolutePath(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the directory " + (chosen == null ? prefix : chosen), e);
        }
    }

    /**
     * Deletes a temporary folder; once is enough.
     *
     * @throws UncheckedIOException when something in it cannot be deleted
     */
    @Override
    public void close() {
        if (temporary) {
            delete(path);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // Closed twice, or deleted by its owner: what we want.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
