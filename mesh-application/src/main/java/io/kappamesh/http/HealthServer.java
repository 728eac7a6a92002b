package io.kappamesh.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.observe.Health;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.settings.Settings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells over HTTP how the products are, to a few clients at a time; see {@link RequestThreads}.
 *
 * <ul>
 *   <li>{@code /health/live}: 200, or 503 once a product has failed for good
 *   <li>{@code /health/ready}: 200 when the serving generation of every product runs, here or elsewhere, else 503; the body says what each
 *       waits for
 *   <li>{@code /products}: a JSON array with the whole status
 *   <li>{@code /metrics}: for Prometheus
 * </ul>
 *
 * Thread-safe.
 */
public final class HealthServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final int REQUESTS = 16;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final String JSON = "application/json; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private record Answer(int code, String type, String body) {}

    private final StatusJson json = new StatusJson();
    private volatile Supplier<List<ProductStatus>> products = List::of;
    private final PrometheusMeterRegistry metrics;
    private final HttpServer server;
    private final RequestThreads threads;
    private final Map<String, Function<HttpExchange, Answer>> answers;

    private HealthServer(HttpServer server, PrometheusMeterRegistry metrics, Duration longest) {
        this.server = server;
        this.metrics = metrics;
        this.answers = Map.of(
                "/health/live", exchange -> live(),
                "/health/ready", exchange -> ready(),
                "/products", exchange -> new Answer(200, JSON, json.products(products.get())),
                "/metrics", this::scrape);
        this.threads = new RequestThreads(REQUESTS, longest);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Starts to listen on {@code mesh.http.host} and {@code mesh.http.port}. Until there is something to {@link #observe}, it is not
     * ready.
     *
     * @throws StartupException {@link ExitCode#CONFIGURATION} when nothing can listen there
     */
    public static HealthServer start(Settings settings, PrometheusMeterRegistry metrics) {
        return start(settings, metrics, LONGEST);
    }

    /** @param longest how long a request may take */
    static HealthServer start(Settings settings, PrometheusMeterRegistry metrics, Duration longest) {
        try {
            InetAddress host = InetAddress.getByName(settings.httpHost());
            HttpServer server = HttpServer.create(new InetSocketAddress(host, settings.httpPort()), 0);
            HealthServer health = new HealthServer(server, metrics, longest);
            server.start();
            LOG.info("Health, metrics and products on http://{}:{}", settings.httpHost(), health.port());
            return health;
        } catch (IOException refused) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    "cannot listen on " + settings.httpHost() + ":" + settings.httpPort() + " (" + refused.getMessage()
                            + "); set mesh.http.host and mesh.http.port to an address of this machine that is free",
                    refused);
        }
    }

    /** Answers with the status of these products from now on. */
    public void observe(Supplier<List<ProductStatus>> running) {
        products = running;
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Stops at once; requests that are being answered are cut off. */
    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private Answer live() {
        Health health = Health.of(products.get());
        return answer(health.isLive(), health);
    }

    private Answer ready() {
        Health health = Health.of(products.get());
        return answer(health.isReady(), health);
    }

    private Answer answer(boolean healthy, Health health) {
        return new Answer(healthy ? 200 : 503, JSON, json.health(healthy, health.products()));
    }

    private Answer scrape(HttpExchange exchange) {
        String accepted = exchange.getRequestHeaders().getFirst("Accept");
        String type = accepted != null && accepted.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
        return new Answer(200, type, metrics.scrape(type));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            Function<HttpExchange, Answer> found =
                    answers.get(exchange.getRequestURI().getPath());
            if (found == null) {
                send(
                        exchange,
                        new Answer(
                                404,
                                "text/plain",
                                "there are "
                                        + answers.keySet().stream().sorted().toList()));
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, new Answer(405, "text/plain", "GET or HEAD"));
            } else {
                send(exchange, answered(found, exchange));
            }
        }
    }

    /** The server would drop the connection without a word. */
    private static Answer answered(Function<HttpExchange, Answer> found, HttpExchange exchange) {
        try {
            return found.apply(exchange);
        } catch (RuntimeException bug) {
            LOG.error("Cannot tell {}", exchange.getRequestURI().getPath(), bug);
            return new Answer(500, "text/plain", "see the log");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.code(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.code(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
