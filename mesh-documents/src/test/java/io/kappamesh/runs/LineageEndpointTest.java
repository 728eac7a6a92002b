package io.kappamesh.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kappamesh.declaration.DeclarationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events go to a real server on this machine. */
class LineageEndpointTest {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final HttpServer server = start();

    private static HttpServer start() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @BeforeEach
    void listen() {
        server.createContext("/api/v1/lineage", exchange -> {
            told.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(201, -1);
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/api/v1/lineage");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void eachEventIsPostedWithTheKey() throws Exception {
        new LineageEndpoint(address("/api/v1/lineage"), Optional.of("secret")).send("{\"a\":\"ü\"}");
        new LineageEndpoint(address("/api/v1/lineage"), Optional.empty()).send("{}");

        assertThat(told)
                .containsExactly("POST application/json Bearer secret {\"a\":\"ü\"}", "POST application/json null {}");
    }

    @Test
    void whatIsNotTakenIsToldAndARedirectIsNotFollowed() {
        assertThatThrownBy(() -> new LineageEndpoint(address("/moved"), Optional.of("secret")).send("{}"))
                .isInstanceOf(IOException.class)
                .hasMessage("the lineage service answers 302");
        assertThatThrownBy(() -> new LineageEndpoint(address("/nowhere"), Optional.empty()).send("{}"))
                .hasMessage("the lineage service answers 404");
        assertThat(told).isEmpty();
    }

    @Test
    void whoNeverAnswersIsGivenUpAndTheNextEventIsTaken() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/never", exchange -> {
            try {
                over.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });

        assertThatThrownBy(() ->
                        new LineageEndpoint(address("/never"), Optional.empty(), Duration.ofMillis(50)).send("{}"))
                .isInstanceOf(IOException.class)
                .hasMessage("the lineage service does not answer");
        over.countDown();
        new LineageEndpoint(address("/api/v1/lineage"), Optional.empty()).send("{}");
        assertThat(told).hasSize(1);
    }

    @Test
    void anAddressAtWhichNobodyListensIsToldInWords() {
        String gone = address("/api/v1/lineage");
        server.stop(0);

        assertThatThrownBy(() -> new LineageEndpoint(gone, Optional.empty()).send("{}"))
                .isInstanceOf(IOException.class)
                .hasMessage("nobody listens at the address of the lineage service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "marquez:5000", "ftp://marquez/x", "http://user:secret@marquez/x", "http://a b"})
    void whatIsNoAddressIsRefusedWithoutRepeatingIt(String address) {
        assertThatThrownBy(() -> new LineageEndpoint(address, Optional.empty()))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("http://HOST[:PORT]/PATH")
                .hasMessageNotContaining("secret");
    }

    private String address(String path) {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + path;
    }
}
