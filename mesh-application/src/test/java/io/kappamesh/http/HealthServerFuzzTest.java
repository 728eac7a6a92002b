package io.kappamesh.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fuzz.Fuzzing;
import io.kappamesh.fuzz.Mutations;
import io.kappamesh.settings.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever is sent to the port of health and metrics: it is answered or hung up on, and the next one is answered. */
class HealthServerFuzzTest {
    private static final String[] REQUESTS = {
        "GET /health/live HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        "HEAD /products HTTP/1.0\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost: h\r\nAccept: application/openmetrics-text\r\nConnection: close\r\n\r\n",
        "POST /health/ready HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    };
    private static final List<String> WORDS = List.of(
            "\r\n",
            "\r",
            "\n",
            " ",
            "HTTP/1.1",
            "HTTP/9.9",
            "Content-Length: 99999999999",
            "Content-Length: -1",
            "Expect: 100-continue",
            "Transfer-Encoding: chunked",
            "ffffffff\r\n",
            "../",
            "%00",
            "%",
            "//",
            "http://x:y/",
            "?",
            "#",
            "*",
            "Upgrade: h2c",
            "x".repeat(5_000),
            "\u0000",
            "\u0016\u0003\u0001");

    private final HealthServer server = HealthServer.start(
            Settings.of(Map.of("bootstrap.servers", "b:9092", "schema.registry.url", "http://r"), Map.of()),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void requests() {
        int[] sent = new int[1];
        Fuzzing.each(Mutations.of(Mutations.samples(REQUESTS), WORDS), 300, request -> {
            answer(request);
            if (++sent[0] % 50 == 0) {
                assertThat(answer(REQUESTS[0].getBytes(StandardCharsets.US_ASCII)))
                        .startsWith("HTTP/1.1 200 OK");
            }
        });
    }

    /** The answer, or what there is of it; empty = hung up. */
    private String answer(byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException hungUp) {
            return "";
        }
    }
}
