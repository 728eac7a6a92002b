package io.kappamesh.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.observe.ProductStatus.Replay;
import io.kappamesh.settings.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile List<ProductStatus> products = List.of();
    private final HealthServer server = HealthServer.start(settings(0), registry);

    @BeforeEach
    void observe() {
        server.observe(() -> products);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aProcessIsReadyWhenEveryProductIsLive() throws Exception {
        products = List.of(status(ProductState.LIVE, ""), status(ProductState.LIVE, ""));

        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void untilThenItSaysWhatItWaitsFor() throws Exception {
        products = List.of(status(ProductState.LIVE, ""), status(ProductState.RESTORING, "state of 3 tasks"));

        HttpResponse<String> ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("RESTORING", "state of 3 tasks");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aProcessWithoutAProductIsAliveButNotReady() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aProcessWithAFailedProductIsNotAlive() throws Exception {
        products = List.of(status(ProductState.LIVE, ""), status(ProductState.FAILED, ""));

        assertThat(get("/health/live").statusCode()).isEqualTo(503);
    }

    @Test
    void theWholeStatusIsJson() throws Exception {
        products = List.of(status(ProductState.REPLAYING, "the end"));

        HttpResponse<String> answer = get("/products");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json; charset=utf-8");
        JsonNode expected = new ObjectMapper().readTree("""
                        [{"name":"sales.orders","generation":1,"role":"SERVING","state":"REPLAYING","waitingFor":"the end","failure":null,
                          "startedAt":"2026-01-01T00:00:00Z","recordsIn":10,"recordsOut":9,"deadLetters":1,"lagRecords":5,
                          "freshnessSeconds":null,
                          "exemptions":[{"rule":"clock","where":"Steps.log","reason":"it is for a log"}],
                          "replay":{"done":10,"target":15,"ratePerSecond":2.5,"remainingSeconds":2.0,"caughtUp":false}}]
                        """);
        assertThat(new ObjectMapper().readTree(answer.body())).isEqualTo(expected);
    }

    @Test
    void metricsAreForPrometheus() throws Exception {
        registry.counter("mesh.test").increment();

        HttpResponse<String> plain = get("/metrics");
        HttpResponse<String> open =
                send("GET", "/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(plain.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(plain.body()).contains("mesh_test_total 1.0").doesNotContain("# EOF");
        assertThat(open.headers().firstValue("Content-Type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(open.body()).contains("# EOF");
    }

    @Test
    void headIsAnsweredWithoutABodyAndNothingElseIsAllowed() throws Exception {
        HttpResponse<String> head = send("HEAD", "/health/live", "*/*");
        HttpResponse<String> post = send("POST", "/health/live", "*/*");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
        assertThat(get("/health").statusCode()).isEqualTo(404);
    }

    @Test
    void aFaultInsideIsAnAnswerToo() throws Exception {
        try (HealthServer broken = HealthServer.start(settings(0), registry)) {
            broken.observe(HealthServerTest::fail);
            assertThat(send(broken.port(), "GET", "/products", "*/*").statusCode())
                    .isEqualTo(500);
        }
    }

    @Test
    void halfRequestsSilenceNobody() throws Exception {
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                half.add(sent("GET /health/live HTTP/1.1\r\nHost: "));
            }

            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/metrics").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    void aRequestThatIsNotFinishedIsGivenUp() throws Exception {
        try (HealthServer hasty = HealthServer.start(settings(0), registry, Duration.ofSeconds(2));
                Socket half = new Socket(InetAddress.getLoopbackAddress(), hasty.port())) {
            half.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            half.setSoTimeout(60_000);

            assertThat(half.getInputStream().read()).isEqualTo(-1);
        }
    }

    private Socket sent(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void aPortThatIsTakenIsAWrongSetting() {
        StartupException refused = catchThrowableOfType(
                StartupException.class, () -> HealthServer.start(settings(server.port()), registry));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(refused.problems()).singleElement().asString().contains("mesh.http.port");
    }

    private static List<ProductStatus> fail() {
        throw new IllegalStateException("broken on purpose");
    }

    private static Settings settings(int port) {
        return Settings.of(
                Map.of("bootstrap.servers", "b:9092", "schema.registry.url", "http://r", "mesh.http.port", "" + port),
                Map.of());
    }

    private static ProductStatus status(ProductState state, String waitingFor) {
        return new ProductStatus(
                ProductName.of("sales.orders"),
                Optional.of(Generation.of("sales.orders.g1")),
                Optional.of(Role.SERVING),
                state,
                Optional.of(waitingFor).filter(words -> !words.isEmpty()),
                Optional.empty(),
                10,
                9,
                1,
                5,
                Optional.empty(),
                Optional.of(new Replay(10, 15, 2.5, Optional.of(Duration.ofSeconds(2)), false)),
                Instant.parse("2026-01-01T00:00:00Z"),
                List.of(new Exemption("clock", "Steps.log", "it is for a log")));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "*/*");
    }

    private HttpResponse<String> send(String method, String path, String accept)
            throws IOException, InterruptedException {
        return send(server.port(), method, path, accept);
    }

    private HttpResponse<String> send(int port, String method, String path, String accept)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody())
                .header("Accept", accept)
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
