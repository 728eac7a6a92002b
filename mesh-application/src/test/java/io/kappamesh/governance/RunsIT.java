package io.kappamesh.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.kappamesh.command.CommandFaults;
import io.kappamesh.command.Shell;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.Stall;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Events of OpenLineage of a product that runs, printed, and sent to a real server on this machine. */
@Timeout(180)
class RunsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private InJvmBroker broker;
    private FakeRegistry registry;
    private HttpServer service;

    @BeforeEach
    void start() throws Exception {
        broker = InJvmBroker.start();
        registry = new FakeRegistry();
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/api/v1/lineage", exchange -> {
            taken.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(201, -1);
            exchange.close();
        });
        service.createContext("/full", exchange -> {
            exchange.sendResponseHeaders(507, -1);
            exchange.close();
        });
        service.start();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop(0);
        registry.close();
        broker.stop();
    }

    @Test
    void eventsOfRunsArePrintedAndSentAndWhatIsNotTakenIsTold() throws Exception {
        Stall stall = new Stall("told");
        try (MeshRuntime runtime =
                MeshRuntime.start(Settings.of(environment(), Map.of()), List.of(stall.copy(stall.raw)))) {
            assertThat(runtime.products()).hasSize(1);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> printed().stream()
                            .anyMatch(event -> event.path("eventType").asText().equals("RUNNING")));

            List<JsonNode> events = printed();
            assertThat(events)
                    .allSatisfy(event -> {
                        assertThat(event.at("/job/name").asText()).contains("told.copy");
                        assertThat(event.at("/run/runId").asText()).isNotBlank();
                        assertThat(event.path("schemaURL").asText()).contains("OpenLineage");
                    })
                    .anySatisfy(event -> {
                        assertThat(event.at("/inputs/0/name").asText()).isEqualTo("told.raw.v1");
                        assertThat(event.at("/outputs/0/name").asText()).isEqualTo("told.baskets.v1");
                    });
            assertThat(run("runs", "elsewhere")).isZero();
            assertThat(text(out)).isEmpty();

            assertThat(run("runs", "told.copy", "--to", address("/api/v1/lineage")))
                    .isZero();
            assertThat(text(out)).isEmpty();
            assertThat(text(err)).contains(taken.size() + " events were sent");
            assertThat(taken).hasSameSizeAs(events).allMatch(event -> event.startsWith("Bearer s3cret {"));
            assertThat(JSON.readTree(taken.get(0).substring("Bearer s3cret ".length()))
                            .at("/run/runId"))
                    .as("what is sent again is about the same run")
                    .isEqualTo(events.get(0).at("/run/runId"));

            assertThat(run("runs", "--to", address("/full"))).isEqualTo(ExitCode.PLATFORM.number());
            assertThat(text(err))
                    .contains("--to: 0 of " + events.size()
                            + " events were taken, then: the lineage service answers 507; run it again")
                    .doesNotContain("s3cret", "\tat ");
            assertThat(run("runs", "--to", "http://user:s3cret@localhost/x"))
                    .isEqualTo(ExitCode.CONFIGURATION.number());
            assertThat(text(err)).contains("http://HOST[:PORT]/PATH").doesNotContain("s3cret");
            String gone = address("/api/v1/lineage");
            service.stop(0);
            assertThat(run("runs", "--to", gone)).isEqualTo(ExitCode.PLATFORM.number());
            assertThat(text(err)).contains("then: nobody listens at the address of the lineage service");
        }
    }

    private List<JsonNode> printed() throws IOException {
        assertThat(run("runs", "told")).isZero();
        List<JsonNode> events = new ArrayList<>();
        for (String line : text(out).lines().toList()) {
            events.add(JSON.readTree(line));
        }
        return events;
    }

    private Map<String, String> environment() {
        return Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "schema.registry.url", registry.url(),
                "mesh.state.dir", directory.toString(),
                "mesh.build", "first");
    }

    @Command(name = "mesh")
    private static final class Program {}

    private int run(String... arguments) {
        out.reset();
        err.reset();
        Map<String, String> environment = new HashMap<>();
        environment.put("MESH_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        environment.put("MESH_SCHEMA_REGISTRY_URL", registry.url());
        environment.put("OPENLINEAGE_API_KEY", "s3cret");
        Shell shell = new Shell(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        CommandLine program = new CommandLine(new Program());
        GovernanceCommands.addTo(program, shell, List.of());
        program.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        CommandFaults.codes(program);
        CommandFaults.toldBy(program);
        return program.execute(arguments);
    }

    private String address(String path) {
        return "http://" + service.getAddress().getHostString() + ":"
                + service.getAddress().getPort() + path;
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
