package io.kappamesh.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder for data and log of a process: the caller's, which stays, or a temporary one, which goes with us. */
record Workspace(Path path, boolean temporary) implements AutoCloseable {

    static Workspace in(@Nullable Path chosen, String prefix) {
        try {
            return chosen == null
                    ? new Workspace(Files.createTempDirectory(prefix), true)
                    : new Workspace(Files.createDirectories(chosen).toAbsolutePath(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the directory " + (chosen == null ? prefix : chosen), e);
        }
    }

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
