package io.kappamesh.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a registry and lets in who has a password, to what belongs to him: everybody reads, a domain writes its own subjects. */
final class RegistryGuard implements AutoCloseable {
    /** Who is known and may do nothing. */
    static final String OUTSIDER = "outsider";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final URI registry;
    private final HttpServer server;
    private final Map<String, String> passwords;
    private final Map<String, List<String>> writers;

    /**
     * Begins to let in.
     *
     * @param passwords of each user
     * @param writers what the subjects that a user may write begin with; who is not there only reads
     */
    RegistryGuard(String registry, Map<String, String> passwords, Map<String, List<String>> writers)
            throws IOException {
        this.registry = URI.create(registry);
        this.passwords = passwords;
        this.writers = writers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + registry.getPath();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            Optional<String> user = user(exchange.getRequestHeaders().getFirst("Authorization"));
            if (user.isEmpty()) {
                answer(
                        exchange,
                        401,
                        "{\"error_code\":40101,\"message\":\"who are you\"}".getBytes(StandardCharsets.UTF_8));
            } else if (!allows(user.get(), exchange.getRequestMethod(), exchange.getRequestURI())) {
                answer(
                        exchange,
                        403,
                        "{\"error_code\":40301,\"message\":\"not you\"}".getBytes(StandardCharsets.UTF_8));
            } else {
                HttpResponse<byte[]> answer = asked(exchange, sent);
                answer(exchange, answer.statusCode(), answer.body());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> asked(HttpExchange exchange, byte[] sent) throws IOException, InterruptedException {
        URI asked = registry.resolve(exchange.getRequestURI().getRawPath()
                + (exchange.getRequestURI().getRawQuery() == null
                        ? ""
                        : "?" + exchange.getRequestURI().getRawQuery()));
        HttpRequest.Builder request = HttpRequest.newBuilder(asked)
                .method(
                        exchange.getRequestMethod(),
                        sent.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(sent));
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null) {
            request.header("Content-Type", type);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private Optional<String> user(String credentials) {
        if (credentials == null || !credentials.startsWith("Basic ")) {
            return Optional.empty();
        }
        String[] given = new String(
                        Base64.getDecoder().decode(credentials.substring("Basic ".length())), StandardCharsets.UTF_8)
                .split(":", 2);
        return given.length == 2 && given[1].equals(passwords.get(given[0])) ? Optional.of(given[0]) : Optional.empty();
    }

    private boolean allows(String user, String method, URI asked) {
        if (user.equals(OUTSIDER)) {
            return false;
        }
        String[] path = asked.getPath().substring(registry.getPath().length()).split("/", -1);
        boolean registers = method.equals("POST") && path.length == 4 && path[1].equals("subjects");
        boolean writes = registers || method.equals("PUT") || method.equals("DELETE");
        return !writes
                || (path.length > 2
                        && writers.getOrDefault(user, List.of()).stream().anyMatch(path[2]::startsWith));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
