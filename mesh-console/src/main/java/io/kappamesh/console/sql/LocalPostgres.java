package io.kappamesh.console.sql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A real PostgreSQL on a loopback port, from binaries in Maven Central that are on the class path. It trusts everybody on this machine. Closing
 * stops it.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final Duration TO_START = Duration.ofMinutes(1);
    private static final String SUPERUSER = "postgres";

    private final EmbeddedPostgres postgres;

    private LocalPostgres(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Starts it.
     *
     * @param directory takes programs and data
     * @throws LocalPostgresException where that cannot be: no binaries are published for the platform, or it is root's, under which
     *     PostgreSQL does not run, and nobody else may be become there (which takes {@code unshare})
     */
    public static LocalPostgres start(Path directory, int port) {
        requireSomebodyToRunAs();
        try {
            return new LocalPostgres(EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(directory.resolve("data"))
                    .setOverrideWorkingDirectory(directory.resolve("program").toFile())
                    .setPGStartupWait(TO_START)
                    .start());
        } catch (IOException | IllegalStateException failed) {
            throw new LocalPostgresException(
                    "PostgreSQL did not start on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                            + ": " + failed.getMessage() + "; start one yourself, and say where with --jdbc",
                    failed);
        }
    }

    private static void requireSomebodyToRunAs() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return;
        }
        try {
            if (new ProcessBuilder("unshare", "-U", "true").start().waitFor() == 0) {
                return;
            }
        } catch (IOException noSuchProgram) {
            // Said below.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw new LocalPostgresException(
                "PostgreSQL does not run as root, and `unshare -U` does not work here; run the demo as"
                        + " another user, or start a PostgreSQL yourself, and say where with --jdbc");
    }

    /** As its superuser. */
    public Database database() {
        return new Database(
                String.format(Locale.ROOT, "jdbc:postgresql://127.0.0.1:%d/%s", postgres.getPort(), SUPERUSER),
                Optional.of(SUPERUSER),
                Optional.empty());
    }

    /** What a person types to ask. */
    public String psql() {
        return String.format(Locale.ROOT, "psql -h 127.0.0.1 -p %d -U %s", postgres.getPort(), SUPERUSER);
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
