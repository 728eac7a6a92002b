package io.kappamesh.registry;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.security.bearerauth.BearerAuthCredentialProvider;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the registry is, and how to get in. Confluent's client sends no credentials at all where it does not know their source or lacks a
 * part of them; here that is a problem. Not thread-safe.
 */
final class RegistryAccess {
    static final String URL = "schema.registry.url";

    private static final String SOURCE = SchemaRegistryClientConfig.BASIC_AUTH_CREDENTIALS_SOURCE;
    private static final String USER_INFO = SchemaRegistryClientConfig.USER_INFO_CONFIG;
    private static final String OLD_USER_INFO = "schema.registry." + USER_INFO;
    private static final String BEARER = SchemaRegistryClientConfig.BEARER_AUTH_CREDENTIALS_SOURCE;
    private static final String TOKEN = SchemaRegistryClientConfig.BEARER_AUTH_TOKEN_CONFIG;
    private static final String CUSTOM = SchemaRegistryClientConfig.BEARER_AUTH_CUSTOM_PROVIDER_CLASS;
    private static final String JAAS = "sasl.jaas.config";

    private final Map<String, Object> settings;
    private final Map<String, String> problems = new TreeMap<>();
    private final List<RegistryAddress> addresses = new ArrayList<>();

    private RegistryAccess(Map<String, ?> settings) {
        this.settings = new HashMap<>(settings);
        addresses();
        basic();
        bearer();
        stores();
        if (text("proxy.port") != null && text("proxy.host") == null) {
            problems.put("proxy.port", "has no effect without proxy.host");
        }
        if (text("proxy.host") != null && text("proxy.port") == null) {
            problems.put("proxy.host", "needs proxy.port");
        }
    }

    static RegistryAccess of(Map<String, ?> settings) {
        return new RegistryAccess(settings);
    }

    /** What does not hold, by setting. Holds no secrets. */
    Map<String, String> problems() {
        return problems;
    }

    List<String> urls() {
        return addresses.stream().map(RegistryAddress::url).toList();
    }

    /** The settings for Confluent's client, credentials no longer in addresses. */
    Map<String, Object> client() {
        Map<String, Object> client = new HashMap<>(settings);
        client.put(URL, String.join(",", urls()));
        inAddresses().forEach(userInfo -> {
            client.put(SOURCE, "USER_INFO");
            client.put(USER_INFO, userInfo);
        });
        if (!"SASL_INHERIT".equals(text(SOURCE))) {
            client.remove(JAAS);
        }
        if (inAddresses().isEmpty() && "URL".equals(text(SOURCE))) {
            client.remove(SOURCE);
        }
        return client;
    }

    private void addresses() {
        List<String> texts = RegistryAddress.split(settings.get(URL));
        for (String text : texts) {
            try {
                addresses.add(RegistryAddress.of(text));
            } catch (RegistryAddress.Malformed wrong) {
                problems.put(
                        URL,
                        (texts.size() == 1 ? "" : "address " + (texts.indexOf(text) + 1) + " of " + texts.size() + ": ")
                                + wrong.getMessage());
            }
        }
        if (texts.isEmpty()) {
            problems.put(URL, "must be one or more URLs, separated by commas, but was absent or empty");
        }
        if (inAddresses().size() > 1
                || (!inAddresses().isEmpty() && addresses.stream().anyMatch(one -> one.userInfo() == null))) {
            problems.put(URL, "all addresses are of one registry: expected the same user and password in each");
        }
    }

    /** The client writes the name of a file that is not there into its log. */
    private void stores() {
        for (String store : List.of("keystore", "truststore")) {
            String key = "schema.registry.ssl." + store + ".location";
            String location = text(key);
            try {
                if (location != null && !Files.isReadable(Path.of(location))) {
                    problems.put(key, "expected the path of a file that this process can read");
                }
            } catch (InvalidPathException wrong) {
                problems.put(key, "expected a path");
            }
        }
    }

    private Set<String> inAddresses() {
        return addresses.stream()
                .flatMap(address -> Stream.ofNullable(address.userInfo()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void basic() {
        String given = text(SOURCE);
        String source = given == null ? "URL" : given;
        for (String userInfo : inAddresses()) {
            if (!isUserInfo(userInfo)) {
                problems.put(URL, "expected user:password in front of the @");
            } else if (!source.equals("URL") || text(BEARER) != null) {
                problems.put(
                        text(BEARER) == null ? SOURCE : BEARER,
                        "contradicts the user and password in " + URL + "; keep one of them");
            }
        }
        if (text(USER_INFO) != null && text(OLD_USER_INFO) != null) {
            problems.put(OLD_USER_INFO, "is the older name of " + USER_INFO + "; keep one of them");
        }
        for (String key : List.of(USER_INFO, OLD_USER_INFO)) {
            String userInfo = text(key);
            if (userInfo != null && !source.equals("USER_INFO")) {
                problems.put(key, "has no effect with " + SOURCE + "=" + source + "; set that to USER_INFO");
            } else if (userInfo != null && !isUserInfo(userInfo)) {
                problems.put(key, "expected user:password");
            }
        }
        if (given == null) {
            return;
        }
        switch (given) {
            case "USER_INFO" -> {
                if (text(USER_INFO) == null && text(OLD_USER_INFO) == null) {
                    problems.put(SOURCE, "is USER_INFO, which needs " + USER_INFO + "=user:password");
                }
            }
            case "URL" -> {
                if (inAddresses().isEmpty() && problems.get(URL) == null) {
                    problems.put(
                            SOURCE,
                            "is URL, and no user and password stand in " + URL + "; write them there, or drop it");
                }
            }
            case "SASL_INHERIT" -> {
                if (text(JAAS) == null) {
                    problems.put(SOURCE, "is SASL_INHERIT, which needs " + JAAS);
                }
            }
            default -> problems.put(SOURCE, "expected URL, USER_INFO or SASL_INHERIT");
        }
        if (text(BEARER) != null) {
            problems.put(BEARER, "contradicts " + SOURCE + "; keep one of them");
        }
    }

    private void bearer() {
        String source = text(BEARER);
        needs(TOKEN, "STATIC_TOKEN", source);
        needs(CUSTOM, "CUSTOM", source);
        for (String key : OAuthTokens.KEYS) {
            if (text(key) != null && !"OAUTHBEARER".equals(source)) {
                problems.put(key, "has no effect without " + BEARER + "=OAUTHBEARER");
            }
        }
        if (source == null) {
            return;
        }
        switch (source.toUpperCase(Locale.ROOT)) {
            case "STATIC_TOKEN" -> {}
            case "CUSTOM" -> custom();
            case "OAUTHBEARER" -> OAuthTokens.problems(this::text).forEach(problems::putIfAbsent);
            default -> problems.putIfAbsent(BEARER, "expected STATIC_TOKEN, OAUTHBEARER or CUSTOM");
        }
    }

    private void custom() {
        String name = text(CUSTOM);
        try {
            if (name != null
                    && !BearerAuthCredentialProvider.class.isAssignableFrom(
                            Class.forName(name, false, BearerAuthCredentialProvider.class.getClassLoader()))) {
                problems.put(CUSTOM, "expected a class that is a " + BearerAuthCredentialProvider.class.getName());
            }
        } catch (ClassNotFoundException | LinkageError absent) {
            problems.put(CUSTOM, "expected the name of a class on the class path, and there is none of that name");
        }
    }

    private void needs(String key, String source, @Nullable String given) {
        if (source.equalsIgnoreCase(given) && text(key) == null) {
            problems.putIfAbsent(BEARER, "is " + source + ", which needs " + key);
        }
        if (!source.equalsIgnoreCase(given) && text(key) != null) {
            problems.put(key, "has no effect without " + BEARER + "=" + source);
        }
    }

    private static boolean isUserInfo(String text) {
        return text.indexOf(':') > 0;
    }

    private @Nullable String text(String key) {
        Object value = settings.get(key);
        return value == null || value.toString().isBlank() ? null : value.toString();
    }
}
