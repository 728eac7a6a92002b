package io.kappamesh.runs;

import io.kappamesh.declaration.DeclarationException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A lineage service that takes events of OpenLineage over HTTP, such as {@code http://marquez:5000/api/v1/lineage}: one POST for each event. Follows no redirects, so that a key goes
 * nowhere else. Thread-safe.
 */
public final class LineageEndpoint {
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);
    private static final Duration TO_ANSWER = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int NOT_OK = 300;

    private final URI address;
    private final Optional<String> key;
    private final Duration toAnswer;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TO_CONNECT).build();

    /**
     * @param address with {@code http} or {@code https}
     * @param key sent as a bearer token; empty = none
     * @throws DeclarationException when it is no such address
     */
    public LineageEndpoint(String address, Optional<String> key) {
        this(address, key, TO_ANSWER);
    }

    /** @param toAnswer how long is waited for the answer to one event */
    LineageEndpoint(String address, Optional<String> key, Duration toAnswer) {
        this.toAnswer = toAnswer;
        this.address = parsed(address);
        this.key = key.filter(one -> !one.isBlank());
    }

    private static URI parsed(String address) {
        try {
            URI parsed = URI.create(address);
            String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
            if (parsed.getHost() != null
                    && parsed.getUserInfo() == null
                    && (scheme.equals("http") || scheme.equals("https"))) {
                return parsed;
            }
        } catch (IllegalArgumentException malformed) {
            // told below, without what may be a secret in it
        }
        throw new DeclarationException(List.of(
                "the address of the lineage service is not http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH; give a key in the environment,"
                        + " not in the address"));
    }

    /**
     * Sends an event, once.
     *
     * @param event as JSON
     * @throws IOException when the service does not take it: with what it answers, or why it does not within 30 seconds
     */
    public void send(String event) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(toAnswer)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event));
        key.ifPresent(one -> request.header("Authorization", "Bearer " + one));
        HttpResponse<Void> answer = answer(request.build());
        if (answer.statusCode() < OK || answer.statusCode() >= NOT_OK) {
            throw new IOException("the lineage service answers " + answer.statusCode());
        }
    }

    private HttpResponse<Void> answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (HttpTimeoutException late) {
            throw new IOException("the lineage service does not answer", late);
        } catch (ConnectException away) { // which may have no message
            throw new IOException("nobody listens at the address of the lineage service", away);
        }
    }
}
