package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.console.Mesh;
import io.kappamesh.fixture.PostgresServer;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.testkit.LocalMesh;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are told to end (SIGTERM): they commit what is under way, leave nothing open, say how far they are, and go on when they are given again. */
@Timeout(300)
@SuppressWarnings("try") // what runs is closed
class StopCommandsIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int TERMINATED = 143;
    private static final int ROWS = 40_000;

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @TempDir
    Path home;

    @Test
    void ingestEndsBehindItsTransactionAndGoesOn() throws Exception {
        NotedShop shop = new NotedShop("stopin", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        runOnce(shop, "stopin");
        String port = shop.raw.address().toString();
        String[] command = {"ingest", port, archive().toString(), "--key", "id"};
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", mesh.bootstrapServers()));
                JavaProcess ingest = start("ingest", with(command, "--throttle", "4000"))) {
            await().atMost(TIMEOUT)
                    .until(() -> !ingest.isAlive()
                            || TopicEnds.committed(admin, List.of(port)).values().stream()
                                    .anyMatch(end -> end > 0));

            ingest.stop(TIMEOUT);

            assertThat(ingest.exitCode()).as(ingest.logTail(50)).hasValue(TERMINATED);
            assertThat(ingest.logTail(50)).contains(port + ": stopped; the same command goes on");
            assertThat(admin.describeTransactions(List.of(port + ".mesh.ingest"))
                            .description(port + ".mesh.ingest")
                            .get()
                            .state())
                    .isNotEqualTo(TransactionState.ONGOING);
        }
        try (JavaProcess again = start("again", command)) {
            assertThat(again.awaitExitCode()).as(again.logTail(50)).isZero();
            assertThat(again.logTail(50)).contains("all files: 40,000 rows = 40,000 records");
        }
        // A commit is answered before its records are visible.
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.records(shop.raw))
                        .extracting(ConsumerRecord::key)
                        .hasSize(ROWS)
                        .doesNotHaveDuplicates());
    }

    @Test
    void loadEndsBehindItsTransactionAndGoesOn() throws Exception {
        NotedShop shop = new NotedShop("stoplo", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        runOnce(shop, "stoplo");
        try (JavaProcess ingest =
                start("fill", "ingest", shop.raw.address().toString(), archive().toString(), "--key", "id")) {
            assertThat(ingest.awaitExitCode()).as(ingest.logTail(50)).isZero();
        }
        String port = shop.orders.address().toString();
        try (PostgresServer postgres = PostgresServer.startOrSkip();
                MeshRuntime running = mesh.run(shop.product())) {
            String[] command = {"load", port, "--jdbc", postgres.url()};
            try (JavaProcess load = start("load", command)) {
                await().atMost(TIMEOUT)
                        .ignoreExceptions()
                        .until(() -> !load.isAlive()
                                || !postgres.value("SELECT count(*) FROM stoplo.orders_v1")
                                        .equals("0"));

                load.stop(TIMEOUT);

                assertThat(load.exitCode()).as(load.logTail(50)).hasValue(TERMINATED);
                // A server ends soon after its client, and not at once.
                await().atMost(TIMEOUT)
                        .until(() -> postgres.value(
                                        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'mesh load%'")
                                .equals("0"));
            }
            await().atMost(TIMEOUT).until(() -> mesh.table(shop.orders).size() == ROWS);
            try (JavaProcess again = start("load-again", with(command, "--once"))) {
                assertThat(again.awaitExitCode()).as(again.logTail(50)).isZero();
            }
            try (JavaProcess verify = start("verify", "verify-load", port, "--jdbc", postgres.url())) {
                assertThat(verify.awaitExitCode()).as(verify.logTail(50)).isZero();
                assertThat(verify.logTail(50)).contains("no difference", "40,000 keys in the topic, 40,000 equal");
            }
        }
    }

    /** Until the catalogue knows it: the ingest finds its port there. */
    private static void runOnce(NotedShop shop, String domain) {
        Map<String, Object> client = Map.of("bootstrap.servers", mesh.bootstrapServers());
        try (Admin admin = Admin.create(client);
                MeshRuntime running = mesh.run(shop.product())) {
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> !CatalogSnapshot.read(admin, List.of(domain), client)
                            .descriptions()
                            .isEmpty());
        }
    }

    private Path archive() throws Exception {
        StringBuilder rows = new StringBuilder("id,at,note\n");
        Instant first = Instant.parse("2026-03-01T00:00:00Z");
        for (int number = 0; number < ROWS; number++) {
            rows.append("o-")
                    .append(number)
                    .append(',')
                    .append(first.plusSeconds(number))
                    .append(",a note\n");
        }
        return Files.writeString(home.resolve("orders.csv"), rows);
    }

    /** A command as its user gives it, in a process of its own. */
    private JavaProcess start(String name, String... arguments) {
        return JavaCommand.main(
                        name, home.resolve(name + ".log"), System.getProperty("java.class.path"), Mesh.class.getName())
                .jvmArguments("-Xmx512m", "-XX:+UseSerialGC")
                .environment(Map.of(
                        "MESH_BOOTSTRAP_SERVERS", mesh.bootstrapServers(),
                        "MESH_SCHEMA_REGISTRY_URL", mesh.registryUrl(),
                        "MESH_STATE_DIR", home.resolve("state").toString()))
                .arguments(arguments)
                .start();
    }

    private static String[] with(String[] command, String... more) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
