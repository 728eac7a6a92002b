package io.kappamesh.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.kafka.schemaregistry.client.security.bearerauth.BearerAuthCredentialProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for the registry, by the client credentials grant of OAuth 2.0 (RFC 6749, 4.4). A token is asked for when the first request needs
 * it, and again shortly before it expires. Confluent's own provider does not link with Kafka 4. Thread-safe.
 */
final class OAuthTokens implements BearerAuthCredentialProvider {
    static final String ISSUER = "bearer.auth.issuer.endpoint.url";
    static final String CLIENT = "bearer.auth.client.id";
    static final String SECRET = "bearer.auth.client.secret";
    static final String SCOPE = "bearer.auth.scope";
    static final String BUFFER = "bearer.auth.cache.expiry.buffer.seconds";

    /** What has no effect with another source of credentials. */
    static final List<String> KEYS = List.of(ISSUER, CLIENT, SECRET, SCOPE, BUFFER);

    private static final Duration TO_ANSWER = Duration.ofSeconds(3);
    private static final long USUAL_BUFFER_SECONDS = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ?> settings;
    private final LongSupplier nanoTime;
    private final long bufferSeconds;
    private @Nullable HttpClient http;
    private String token = "";
    private long renewAt;

    OAuthTokens(Map<String, ?> settings, LongSupplier nanoTime) {
        this.settings = Map.copyOf(settings);
        this.nanoTime = nanoTime;
        this.bufferSeconds = settings.get(BUFFER) == null ? USUAL_BUFFER_SECONDS : Long.parseLong(text(BUFFER));
    }

    /** What does not hold, by setting. */
    static Map<String, String> problems(UnaryOperator<@Nullable String> settings) {
        Map<String, String> problems = new TreeMap<>();
        for (String key : List.of(ISSUER, CLIENT, SECRET)) {
            if (settings.apply(key) == null) {
                problems.put(key, "is required with bearer.auth.credentials.source=OAUTHBEARER");
            }
        }
        String issuer = settings.apply(ISSUER);
        try {
            if (issuer != null && RegistryAddress.of(issuer).userInfo() != null) {
                problems.put(ISSUER, "holds a user; set " + CLIENT + " and " + SECRET);
            }
        } catch (RegistryAddress.Malformed wrong) {
            problems.put(ISSUER, String.valueOf(wrong.getMessage()));
        }
        return problems;
    }

    @Override
    public void configure(Map<String, ?> ignored) {
        // all of it came with the constructor
    }

    /** @throws RegistryRefusedException when the issuer refuses client, secret or scope */
    @Override
    public synchronized String getBearerToken(URL registry) {
        if (token.isEmpty() || nanoTime.getAsLong() - renewAt >= 0) {
            ask();
        }
        return token;
    }

    @Override
    public @Nullable String getTargetSchemaRegistry() {
        return (String) settings.get("bearer.auth.logical.cluster");
    }

    @Override
    public @Nullable String getTargetIdentityPoolId() {
        return (String) settings.get("bearer.auth.identity.pool.id");
    }

    private void ask() {
        String form =
                "grant_type=client_credentials" + (settings.get(SCOPE) == null ? "" : "&scope=" + encoded(text(SCOPE)));
        String client = encoded(text(CLIENT)) + ":" + encoded(text(SECRET));
        HttpRequest request = HttpRequest.newBuilder(URI.create(text(ISSUER)))
                .timeout(TO_ANSWER)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(client.getBytes(StandardCharsets.UTF_8)))
                .POST(BodyPublishers.ofString(form))
                .build();
        try {
            HttpResponse<byte[]> answer = http().send(request, BodyHandlers.ofByteArray());
            take(answer);
        } catch (IOException away) {
            throw new UncheckedIOException(new IOException("the issuer of tokens does not answer", away));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a token was asked for", stop);
        }
    }

    private void take(HttpResponse<byte[]> answer) throws IOException {
        int status = answer.statusCode();
        if (status == 400 || status == 401 || status == 403) {
            throw new RegistryRefusedException(
                    "the issuer of tokens answered " + status + "; see " + CLIENT + ", " + SECRET + " and " + SCOPE);
        }
        if (status != 200) {
            throw new IOException("the issuer of tokens answered " + status);
        }
        JsonNode body = JSON.readTree(answer.body());
        String given = body.path("access_token").asText("");
        if (given.isEmpty()) {
            throw new IOException("the issuer of tokens answered without a token");
        }
        long seconds = Math.max(1, body.path("expires_in").asLong(2 * bufferSeconds));
        token = given;
        renewAt = nanoTime.getAsLong()
                + Duration.ofSeconds(Math.max(seconds / 2, seconds - bufferSeconds))
                        .toNanos();
    }

    private HttpClient http() {
        HttpClient client = http;
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(TO_ANSWER).build();
            http = client;
        }
        return client;
    }

    private String text(String key) {
        return String.valueOf(settings.get(key));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
