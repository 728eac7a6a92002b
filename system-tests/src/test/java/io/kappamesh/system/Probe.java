package io.kappamesh.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a domain's process for its health, as an orchestrator would. */
final class Probe {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /**
     * What the process answered.
     *
     * @param status of HTTP; 0 = nobody answered
     */
    record Answer(int status, String body) {}

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final int port;

    Probe(int port) {
        this.port = port;
    }

    Answer live() throws InterruptedException {
        return ask("/health/live");
    }

    Answer ready() throws InterruptedException {
        return ask("/health/ready");
    }

    Answer products() throws InterruptedException {
        return ask("/products");
    }

    private Answer ask(String path) throws InterruptedException {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(TIMEOUT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException nobody) {
            return new Answer(0, "");
        }
    }
}
