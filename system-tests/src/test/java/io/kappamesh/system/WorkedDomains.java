package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.Ports;
import io.kappamesh.testkit.LocalMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sales and logistics as processes on the brokers of a test. Thread-safe. */
final class WorkedDomains implements AutoCloseable {
    static final List<String> NAMES = List.of("sales", "logistics");

    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int HTTP_OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalMesh mesh;
    private final Path home;
    private final Map<String, String> settings;
    private final Map<String, Integer> ports;
    private final Map<String, JavaProcess> processes = new ConcurrentHashMap<>();

    /** Creates topics and registers schemas. */
    WorkedDomains(LocalMesh mesh, Path home) {
        this(mesh, home, Map.of());
    }

    /** @param settings of both domains besides those of their place, as environment variables */
    WorkedDomains(LocalMesh mesh, Path home, Map<String, String> settings) {
        this.mesh = mesh;
        this.home = home;
        this.settings = settings;
        List<Integer> free = Ports.free(NAMES.size());
        this.ports = Map.of(NAMES.get(0), free.get(0), NAMES.get(1), free.get(1));
        NAMES.stream()
                .map(domain -> command(domain, "provision").start())
                .toList()
                .forEach(process -> assertThat(process.awaitExitCode())
                        .as(process.logTail(30))
                        .isZero());
    }

    void start(String domain) {
        processes.put(domain, command(domain, "run").start());
    }

    private JavaCommand command(String domain, String verb) {
        return DomainProgram.of(domain, home.resolve("logs").resolve(domain + ".log"))
                // They run for long enough for the second compiler to pay.
                .jvmArguments("-XX:TieredStopAtLevel=4", "-Xmx768m")
                .environment(Map.of(
                        "MESH_BOOTSTRAP_SERVERS", mesh.bootstrapServers(),
                        "MESH_SCHEMA_REGISTRY_URL", mesh.registryUrl(),
                        "MESH_STATE_DIR", home.resolve("state-" + domain).toString(),
                        "MESH_INSTANCE_ID", domain + "-1",
                        "MESH_HTTP_PORT", ports.get(domain).toString()))
                .environment(settings)
                .arguments(verb);
    }

    /** Stops one in order; how long that took. */
    Duration stopAndMeasure(String domain) {
        long from = System.nanoTime();
        processes.get(domain).stop(PATIENCE);
        return Duration.ofNanos(System.nanoTime() - from);
    }

    /** Kills one (SIGKILL). */
    void kill(String domain) {
        processes.get(domain).kill();
    }

    /** Starts one; how long it takes until it says that it is ready. */
    Duration startAndMeasure(String domain) {
        long from = System.nanoTime();
        start(domain);
        await().alias(domain + " to be ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    requireAlive();
                    return new Probe(ports.get(domain)).ready().status() == HTTP_OK;
                });
        return Duration.ofNanos(System.nanoTime() - from);
    }

    /** Waits until all that a domain runs is live. */
    void awaitLive(String domain) {
        await().alias(domain + " to be live").atMost(PATIENCE).until(() -> {
            requireAlive();
            List<JsonNode> products = products(domain);
            return !products.isEmpty()
                    && products.stream()
                            .allMatch(one -> one.path("state").asText().equals("LIVE"));
        });
    }

    /** None has ended by itself. */
    void requireAlive() {
        processes
                .values()
                .forEach(process -> assertThat(process.isAlive())
                        .as(() -> process.name() + " ended; its log:\n" + process.logTail(60))
                        .isTrue());
    }

    /** What a domain says of each generation that it runs; empty while it does not answer. */
    List<JsonNode> products(String domain) throws InterruptedException {
        List<JsonNode> products = new ArrayList<>();
        String body = new Probe(ports.get(domain)).products().body();
        try {
            if (!body.isEmpty()) {
                JSON.readTree(body).forEach(products::add);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return products;
    }

    String logTail(int lines) {
        StringBuilder all = new StringBuilder();
        processes
                .values()
                .forEach(process -> all.append(process.name())
                        .append(":\n")
                        .append(process.logTail(lines))
                        .append('\n'));
        return all.toString();
    }

    @Override
    public void close() {
        processes.values().forEach(JavaProcess::kill);
    }
}
