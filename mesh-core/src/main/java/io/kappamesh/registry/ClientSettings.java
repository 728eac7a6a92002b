package io.kappamesh.registry;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.kappamesh.failure.Causes;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes Confluent's client out of settings with Confluent's names. */
final class ClientSettings {

    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int READ_TIMEOUT_MS = 3_000;
    private static final int CACHE_CAPACITY = 10_000;

    private ClientSettings() {}

    /** @throws IllegalArgumentException with all that is wrong, without secrets */
    static SchemaRegistryClient client(Map<String, ?> settings) {
        RegistryAccess access = RegistryAccess.of(settings);
        if (!access.problems().isEmpty()) {
            throw new IllegalArgumentException(access.problems().entrySet().stream()
                    .map(problem -> "setting " + problem.getKey() + ": " + problem.getValue())
                    .collect(Collectors.joining(System.lineSeparator())));
        }
        Map<String, Object> all = new HashMap<>();
        all.put(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, CONNECT_TIMEOUT_MS);
        all.put(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, READ_TIMEOUT_MS);
        all.putAll(access.client());
        // What is missing is remembered by SchemaRegistry, once and for a known time.
        all.put(SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG, 0L);
        all.put(SchemaRegistryClientConfig.MISSING_VERSION_CACHE_TTL_CONFIG, 0L);
        all.put(SchemaRegistryClientConfig.MISSING_SCHEMA_CACHE_TTL_CONFIG, 0L);
        boolean oauth = "OAUTHBEARER".equals(all.get(SchemaRegistryClientConfig.BEARER_AUTH_CREDENTIALS_SOURCE));
        if (oauth) {
            all.remove(SchemaRegistryClientConfig.BEARER_AUTH_CREDENTIALS_SOURCE);
        }
        RestService http = new RestService(access.urls());
        SchemaRegistryClient client =
                new CachedSchemaRegistryClient(http, CACHE_CAPACITY, SchemaFormats.providers(), all, Map.of());
        if (oauth) {
            http.setBearerAuthCredentialProvider(new OAuthTokens(
                    all.entrySet().stream()
                            .filter(one -> one.getKey().startsWith("bearer."))
                            .collect(Collectors.toMap(Map.Entry::getKey, one -> String.valueOf(one.getValue()))),
                    System::nanoTime));
        }
        return client;
    }

    /** What a client could not be made of, by setting: beyond each for itself, whether the client can be set up. Sends nothing. */
    static Map<String, String> problems(Map<String, ?> settings) {
        Map<String, String> problems = RegistryAccess.of(settings).problems();
        if (!problems.isEmpty()) {
            return problems;
        }
        try {
            client(settings).close();
            return Map.of();
        } catch (IOException | RuntimeException | LinkageError broken) {
            return Map.of(blamed(settings), "the registry's client cannot be set up with it: " + why(broken, settings));
        }
    }

    private static String blamed(Map<String, ?> settings) {
        return settings.keySet().stream()
                .filter(key -> key.startsWith("schema.registry.ssl."))
                .sorted(Comparator.comparing((String key) -> !key.endsWith("location"))
                        .thenComparing(key -> key))
                .findFirst()
                .orElse(RegistryAccess.URL);
    }

    /** The innermost reason; it may quote what was given. */
    private static String why(Throwable broken, Map<String, ?> settings) {
        Throwable root = Causes.root(broken);
        String text = root.getClass().getSimpleName() + ": " + root.getMessage();
        for (Object value : settings.values()) {
            if (String.valueOf(value).length() > 2) {
                text = text.replace(String.valueOf(value), "…");
            }
        }
        return text;
    }
}
