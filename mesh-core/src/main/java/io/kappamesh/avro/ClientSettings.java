package io.kappamesh.avro;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes Confluent's client out of settings with Confluent's names. */
final class ClientSettings {

    static final String URL = "schema.registry.url";

    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int READ_TIMEOUT_MS = 3_000;
    private static final int CACHE_CAPACITY = 10_000;

    private ClientSettings() {}

    static SchemaRegistryClient client(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>();
        all.put(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, CONNECT_TIMEOUT_MS);
        all.put(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, READ_TIMEOUT_MS);
        all.putAll(settings);
        // What is missing is remembered by SchemaRegistry, once and for a known time.
        all.put(SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG, 0L);
        all.put(SchemaRegistryClientConfig.MISSING_VERSION_CACHE_TTL_CONFIG, 0L);
        all.put(SchemaRegistryClientConfig.MISSING_SCHEMA_CACHE_TTL_CONFIG, 0L);
        return new CachedSchemaRegistryClient(urls(settings), CACHE_CAPACITY, SchemaFormats.providers(), all);
    }

    private static List<String> urls(Map<String, ?> settings) {
        Object value = settings.get(URL);
        List<String> urls = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(url -> urls.add(String.valueOf(url).trim()));
        } else if (value != null) {
            Arrays.stream(value.toString().split(",")).map(String::trim).forEach(urls::add);
        }
        urls.removeIf(String::isEmpty);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException(
                    "setting %s: must be one or more URLs, separated by commas, but was absent or empty"
                            .formatted(URL));
        }
        return urls;
    }
}
