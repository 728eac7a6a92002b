package io.kappamesh.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;

/** The part of Confluent's API that the library uses, over real HTTP and in memory; it can be made to answer with 503, or not at all. */
public final class FakeRegistry implements AutoCloseable {
    private record Answer(int status, JsonNode body) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // Else each answer waits 40 ms for the acknowledgement of its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new TreeMap<>();
    private final Map<String, String> levels = new HashMap<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile CountDownLatch open = new CountDownLatch(0);
    private boolean down;

    public FakeRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    synchronized void goDown() {
        down = true;
    }

    synchronized void comeUp() {
        down = false;
        open.countDown();
    }

    /** Gives no answer until it comes up. */
    void hang() {
        open = new CountDownLatch(1);
    }

    /** Waits for the first request there ever was. */
    void awaitRequest() {
        await(asked);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Registers without any check, as somebody else may; the id. */
    synchronized int register(String subject, Schema schema) {
        return register(subject, schema.toString());
    }

    private int register(String subject, String schema) {
        int id = schemas.indexOf(schema) + 1;
        if (id == 0) {
            schemas.add(schema);
            id = schemas.size();
        }
        List<Integer> versions = subjects.computeIfAbsent(subject, none -> new ArrayList<>());
        if (!versions.contains(id)) {
            versions.add(id);
        }
        return id;
    }

    private synchronized Answer answer(String method, String[] path, JsonNode body) {
        if (down) {
            return error(503, 50003);
        }
        String what = path[1] + "/" + path.length + " " + method;
        return switch (what) {
            case "schemas/4 GET" -> schema(Integer.parseInt(path[3]));
            case "subjects/4 GET" -> versions(path[2]);
            case "subjects/5 GET" -> version(path[2], path[4]);
            case "subjects/4 POST" ->
                ok(JSON.createObjectNode()
                        .put("id", register(path[2], body.get("schema").asText())));
            case "config/3 GET" ->
                levels.containsKey(path[2])
                        ? ok(JSON.createObjectNode().put("compatibilityLevel", levels.get(path[2])))
                        : error(404, 40408);
            case "config/3 PUT" -> {
                levels.put(path[2], body.get("compatibility").asText());
                yield ok(body);
            }
            default -> throw new IllegalStateException(what);
        };
    }

    private Answer schema(int id) {
        return id < 1 || id > schemas.size()
                ? error(404, 40403)
                : ok(JSON.createObjectNode().put("schema", schemas.get(id - 1)));
    }

    private Answer versions(String subject) {
        if (!subjects.containsKey(subject)) {
            return error(404, 40401);
        }
        ArrayNode numbers = JSON.createArrayNode();
        for (int number = 1; number <= subjects.get(subject).size(); number++) {
            numbers.add(number);
        }
        return ok(numbers);
    }

    private Answer version(String subject, String number) {
        int version = Integer.parseInt(number);
        int id = subjects.get(subject).get(version - 1);
        return ok(JSON.createObjectNode()
                .put("subject", subject)
                .put("version", version)
                .put("id", id)
                .put("schema", schemas.get(id - 1)));
    }

    private static Answer ok(JsonNode body) {
        return new Answer(200, body);
    }

    private static Answer error(int status, int code) {
        ObjectNode body = JSON.createObjectNode().put("error_code", code).put("message", "as told");
        return new Answer(status, body);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.countDown();
            await(open);
            byte[] sent = exchange.getRequestBody().readAllBytes();
            String[] path = URLDecoder.decode(exchange.getRequestURI().getPath(), StandardCharsets.UTF_8)
                    .split("/");
            Answer answer = answer(exchange.getRequestMethod(), path, JSON.readTree(sent));
            byte[] body = JSON.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
