package io.kappamesh.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalRegistryIT {

    private static final String SCHEMA = "{\"schema\": \"{\\\"type\\\": \\\"string\\\"}\"}";

    /** Not HTTP/2: a server that was paused may say that the connection is over, which fails the request that is on its way. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void persistentRegistryKeepsSchemasAndIdsThroughStopAndKill() throws Exception {
        try (LocalRegistry registry = LocalRegistry.builder().persistent().start()) {
            String registered = post(registry, "/subjects/sales.orders.v1-value/versions");
            assertThat(registered).contains("\"id\":");

            registry.stop();
            registry.start();
            assertThat(get(registry, "/subjects")).isEqualTo("[\"sales.orders.v1-value\"]");

            registry.kill();
            registry.start();
            assertThat(post(registry, "/subjects/sales.orders.v1-value/versions"))
                    .isEqualTo(registered);
        }
    }

    @Test
    void registryThatIsNotPersistentForgetsAndLeavesNothingBehind() throws Exception {
        LocalRegistry registry = LocalRegistry.builder().start();
        try {
            assertThat(post(registry, "/subjects/orders-value/versions")).contains("\"id\":");
            registry.pause();
            assertThatThrownBy(() -> get(registry, "/subjects")).isInstanceOf(HttpTimeoutException.class);
            registry.resume();
            assertThat(get(registry, "/subjects")).isEqualTo("[\"orders-value\"]");

            registry.stop();
            registry.start();
            assertThat(get(registry, "/subjects")).isEqualTo("[]");
        } finally {
            registry.close();
        }

        registry.close();
        assertThat(ProcessHandle.of(registry.process().pid())).isEmpty();
        assertThat(registry.process().logFile().getParent()).doesNotExist();
    }

    private String post(LocalRegistry registry, String path) throws Exception {
        return body(request(registry, path)
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString(SCHEMA)));
    }

    private String get(LocalRegistry registry, String path) throws Exception {
        return body(request(registry, path).GET());
    }

    /** It has answered a question when it is ready; its first write loads most of its classes. */
    private static HttpRequest.Builder request(LocalRegistry registry, String path) {
        Duration limit = registry.process().isPaused() ? Duration.ofSeconds(10) : Duration.ofMinutes(1);
        return HttpRequest.newBuilder(URI.create(registry.url() + path)).timeout(limit);
    }

    private String body(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
