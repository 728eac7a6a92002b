package io.kappamesh.load;

import static org.awaitility.Awaitility.await;

import io.kappamesh.fixture.KillableProcess;
import io.kappamesh.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A loader in a process of its own, which can be killed and paused. Stateless. */
final class LoaderProcess {
    private LoaderProcess() {}

    /** What the process runs: {@code BROKERS REGISTRY STATE URL PORT}. */
    public static void main(String[] arguments) {
        Settings settings = Settings.of(
                Map.of(
                        "bootstrap.servers", arguments[0],
                        "schema.registry.url", arguments[1],
                        "mesh.state.dir", arguments[2]),
                Map.of());
        try (PortLoader loader = PortLoader.builder(settings, arguments[4])
                .jdbc(arguments[3])
                .lease(Duration.ofSeconds(3))
                // So small that it is at work while the test decides when to kill it.
                .batchRecords(5)
                .writeEvery(Duration.ofMillis(5))
                .build()) {
            loader.run();
        }
    }

    static KillableProcess start(LoadLab lab, String port) throws IOException {
        Map<String, String> values = lab.values();
        return KillableProcess.start(
                "loader-process",
                LoaderProcess.class,
                List.of(
                        values.get("bootstrap.servers"),
                        values.get("schema.registry.url"),
                        values.get("mesh.state.dir"),
                        lab.postgres().url(),
                        port));
    }

    /** Waits until one has claimed the table. */
    static void awaitOwner(LoadLab lab, String port) {
        String domain = port.substring(0, port.indexOf('.'));
        await().atMost(LoadLab.TIMEOUT)
                .ignoreExceptions()
                .until(() -> lab.postgres()
                        .value("SELECT count(*) FROM " + domain
                                + "._mesh_loads, pg_stat_activity WHERE pid = owner_pid")
                        .equals("1"));
    }

    /** Waits until one has committed more than what stood there before. */
    static void awaitProgress(LoadLab lab, String port, long before) {
        await().atMost(LoadLab.TIMEOUT).until(() -> position(lab, port) > before);
    }

    /** How far all partitions are loaded together; 0 before the first row. */
    static long position(LoadLab lab, String port) throws java.sql.SQLException {
        String domain = port.substring(0, port.indexOf('.'));
        return Long.parseLong(
                lab.postgres().value("SELECT coalesce(sum(next_offset), 0) FROM " + domain + "._mesh_positions"));
    }

    /** Whether the session of the one that owns the table has a transaction open, and was not told to commit it. */
    static boolean isOwnerAmidATransaction(LoadLab lab, String port) throws java.sql.SQLException {
        String domain = port.substring(0, port.indexOf('.'));
        return lab.postgres()
                .value("SELECT count(*) FROM " + domain + "._mesh_loads, pg_stat_activity WHERE pid = owner_pid"
                        + " AND (state LIKE 'idle in transaction%' OR state = 'active' AND query NOT ILIKE 'commit%')")
                .equals("1");
    }
}
