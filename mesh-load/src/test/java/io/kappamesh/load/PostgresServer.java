package io.kappamesh.load;

import io.kappamesh.fixture.EmbeddedPostgresOrSkip;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Utils;

/** A real PostgreSQL that can be killed and started again where it was. */
final class PostgresServer implements AutoCloseable {
    private final Path directory;
    private EmbeddedPostgres postgres;
    private int port;

    private PostgresServer(Path directory) {
        this.directory = directory;
    }

    /** Starts one, or skips the test where that cannot be. */
    static PostgresServer startOrSkip() throws IOException, InterruptedException {
        return EmbeddedPostgresOrSkip.start(() -> {
            PostgresServer server = new PostgresServer(Files.createTempDirectory("load-postgres-"));
            server.start();
            return server;
        });
    }

    /** Starts it, again if need be, on the same port with the same data. */
    void start() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "50");
        if (port != 0) {
            builder.setPort(port);
        }
        postgres = builder.start();
        port = postgres.getPort();
    }

    /** Ends all of its processes at once, without a word to anybody. */
    void kill() throws IOException, InterruptedException {
        long postmaster =
                Long.parseLong(Files.readAllLines(directory.resolve("data").resolve("postmaster.pid"))
                        .get(0)
                        .trim());
        ProcessHandle handle = ProcessHandle.of(postmaster).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(handle.descendants().toList());
        handle.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle one : all) {
            one.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
        handle.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        postgres.close();
    }

    String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres&password=postgres";
    }

    String urlWithoutUser() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    void run(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows of a query, each with its columns joined by |. */
    List<String> rows(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(row.getString(i)));
                }
                rows.add(String.join("|", columns));
            }
            return rows;
        }
    }

    String value(String query) throws SQLException {
        return rows(query).get(0);
    }

    @Override
    public void close() throws IOException {
        postgres.close();
        Utils.delete(directory.toFile());
    }
}
