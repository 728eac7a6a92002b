package io.kappamesh.benchmarks.platform;

import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.lines.LoadedLines;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A PostgreSQL in processes of its own, whose commits are on the disk when they are answered. For one thread. */
public final class BenchDatabase implements AutoCloseable {
    private static final Duration TO_START = Duration.ofMinutes(1);

    private final EmbeddedPostgres postgres;

    private BenchDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Starts it.
     *
     * @param directory takes programs and data
     * @throws BenchException where that cannot be
     */
    public static BenchDatabase start(Path directory) throws InterruptedException {
        requireSomebodyToRunAs();
        try {
            return new BenchDatabase(EmbeddedPostgres.builder()
                    .setDataDirectory(directory.resolve("data"))
                    .setOverrideWorkingDirectory(directory.resolve("program").toFile())
                    .setPGStartupWait(TO_START)
                    // The library turns both off.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    // No arm pays for the checkpoint of another one: each begins behind one, and none is due before it
                    // ends.
                    .setServerConfig("max_wal_size", "8GB")
                    .setServerConfig("checkpoint_timeout", "1h")
                    .start());
        } catch (IOException | IllegalStateException failed) {
            throw new BenchException("PostgreSQL did not start on " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch") + ": " + failed.getMessage());
        }
    }

    /** PostgreSQL does not run as root; the library becomes somebody else. */
    private static void requireSomebodyToRunAs() throws InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return;
        }
        try {
            if (new ProcessBuilder("unshare", "-U", "true").start().waitFor() == 0) {
                return;
            }
        } catch (IOException noSuchProgram) {
            // Said below.
        }
        throw new BenchException(
                "PostgreSQL does not run as root, and `unshare -U` does not work here; run `./mesh bench load` as"
                        + " another user, or name other benchmarks");
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres?user=postgres";
    }

    /** Leaves nothing of what was loaded before. */
    public void clear() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + LoadedLines.SCHEMA + " CASCADE");
            statement.execute("CREATE SCHEMA " + LoadedLines.SCHEMA);
            statement.execute("CHECKPOINT");
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
