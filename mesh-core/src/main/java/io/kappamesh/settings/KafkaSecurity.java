package io.kappamesh.settings;

import io.kappamesh.failure.Causes;
import java.security.Provider;
import java.security.Security;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.spi.LoginModule;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SecurityConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.security.ssl.SslFactory;
import org.apache.kafka.common.utils.internals.SecurityUtils;

/**
 * Tries what Kafka's clients would judge only when they are made, and one at a time: that stores and certificates can be loaded, and that
 * a login module is there and has what it needs. Nothing is sent. The sentences hold no secrets. Stateless.
 */
final class KafkaSecurity {
    private static final String FORM =
            "expected one login module, such as `org.apache.kafka.common.security.plain.PlainLoginModule required username=\"…\""
                    + " password=\"…\";`, with a semicolon at its end and each value in double quotes; its text is not shown";

    private KafkaSecurity() {}

    /**
     * What does not hold, by setting.
     *
     * @param security what was given for {@code security.…}, {@code ssl.…} and {@code sasl.…}, valid each for itself
     */
    static Map<String, String> problems(Map<String, String> security) {
        Map<String, Object> all = new HashMap<>(security);
        all.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        Map<String, String> problems = new TreeMap<>();
        Map<String, Object> config;
        try {
            config = new HashMap<>(new Silent(all).values());
        } catch (ConfigException together) { // each of them is valid for itself
            problems.put(
                    SaslConfigs.SASL_MECHANISM,
                    "must be set where security.protocol takes SASL, such as to PLAIN or SCRAM-SHA-512");
            return problems;
        }
        providers(config, problems);
        SecurityProtocol protocol =
                SecurityProtocol.forName(String.valueOf(config.get(AdminClientConfig.SECURITY_PROTOCOL_CONFIG)));
        if (protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL) {
            sasl(config, problems);
        }
        if (protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL) {
            tls(config, security, problems);
        }
        return problems;
    }

    /** Kafka passes over those that it cannot find. */
    private static void providers(Map<String, Object> config, Map<String, String> problems) {
        Object given = config.get(SecurityConfig.SECURITY_PROVIDERS_CONFIG);
        try {
            for (String name : given == null ? new String[0] : given.toString().split(",", -1)) {
                Class.forName(name.trim(), true, loader());
            }
            SecurityUtils.addConfiguredSecurityProviders(config);
        } catch (ClassNotFoundException | RuntimeException | LinkageError broken) {
            problems.put(
                    SecurityConfig.SECURITY_PROVIDERS_CONFIG,
                    "expected names of classes on the class path that provide security, and one is none ("
                            + broken.getClass().getSimpleName() + ")");
        }
    }

    private static void sasl(Map<String, Object> config, Map<String, String> problems) {
        AppConfigurationEntry module;
        try {
            List<AppConfigurationEntry> modules =
                    JaasContext.loadClientContext(config).configurationEntries();
            if (modules.isEmpty()) {
                problems.put(SaslConfigs.SASL_JAAS_CONFIG, FORM);
                return;
            }
            module = modules.get(0);
        } catch (RuntimeException unreadable) {
            boolean absent = config.get(SaslConfigs.SASL_JAAS_CONFIG) == null;
            problems.put(
                    SaslConfigs.SASL_JAAS_CONFIG,
                    absent ? "is required with security.protocol=SASL_…; " + FORM : "cannot be read as JAAS: " + FORM);
            return;
        }
        try {
            Class<?> type = Class.forName(module.getLoginModuleName(), true, loader());
            if (!LoginModule.class.isAssignableFrom(type)) {
                problems.put(
                        SaslConfigs.SASL_JAAS_CONFIG, "its first word is not the class of a login module; " + FORM);
                return;
            }
            credentials(type, module, config, problems);
        } catch (ClassNotFoundException | LinkageError misspelt) {
            problems.put(
                    SaslConfigs.SASL_JAAS_CONFIG,
                    "there is no login module of the name that it begins with; see how it is spelt; " + FORM);
            return;
        }
        mechanism(config, problems);
    }

    private static void credentials(
            Class<?> type, AppConfigurationEntry module, Map<String, Object> config, Map<String, String> problems) {
        boolean asksNobodyElse = config.get(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS) == null
                && config.get(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS) == null;
        if (asksNobodyElse && (type == PlainLoginModule.class || type == ScramLoginModule.class)) {
            Set<String> missing = new TreeSet<>(Set.of("username", "password"));
            missing.removeAll(module.getOptions().keySet());
            if (!missing.isEmpty()) {
                problems.put(SaslConfigs.SASL_JAAS_CONFIG, "lacks " + String.join(" and ", missing) + "; " + FORM);
            }
        }
    }

    /** Login modules bring their mechanisms with them, so that the module has to be loaded before. */
    private static void mechanism(Map<String, Object> config, Map<String, String> problems) {
        String wanted = String.valueOf(config.get(SaslConfigs.SASL_MECHANISM));
        Set<String> known = new TreeSet<>();
        for (Provider provider : Security.getProviders()) {
            provider.getServices().stream()
                    .filter(service -> service.getType().equals("SaslClientFactory"))
                    .forEach(service -> known.add(service.getAlgorithm()));
        }
        if (!known.contains(wanted)) {
            problems.put(
                    SaslConfigs.SASL_MECHANISM,
                    "expected one of " + known
                            + " with this login module; set the mechanism that belongs to it (the default is GSSAPI)");
        }
    }

    private static void tls(Map<String, Object> config, Map<String, String> security, Map<String, String> problems) {
        for (String store : List.of("truststore", "keystore")) {
            Map<String, Object> some = new HashMap<>(config);
            some.keySet().removeIf(key -> isOfOtherStore(key, store));
            String given = given(store, config);
            try (SslFactory tls = new SslFactory(ConnectionMode.CLIENT)) {
                tls.configure(some);
                engine(tls, problems);
            } catch (RuntimeException | LinkageError broken) {
                problems.putIfAbsent(
                        given,
                        "TLS cannot be set up with it: " + Redaction.censored(Causes.of(broken), security.values())
                                + "; see that what it names is there, and that type and password are right");
            }
        }
    }

    private static void engine(SslFactory tls, Map<String, String> problems) {
        try {
            tls.createSslEngine("none", 1);
        } catch (IllegalArgumentException unsupported) {
            problems.put(
                    SslConfigs.SSL_CIPHER_SUITES_CONFIG,
                    "this Java does not know all of the cipher suites, or of ssl.enabled.protocols; see how they are spelt");
        }
    }

    private static boolean isOfOtherStore(String key, String store) {
        if (store.equals("truststore")) {
            return key.startsWith("ssl.keystore.") || key.equals(SslConfigs.SSL_KEY_PASSWORD_CONFIG);
        }
        return key.startsWith("ssl.truststore.");
    }

    /** The setting that names a store, or what stands in its place. */
    private static String given(String store, Map<String, Object> config) {
        return Stream.of(".location", ".certificates", ".key", ".certificate.chain")
                .map(end -> "ssl." + store + end)
                .filter(key -> config.get(key) != null)
                .findFirst()
                .orElse(SslConfigs.SSL_PROTOCOL_CONFIG);
    }

    private static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? KafkaSecurity.class.getClassLoader() : context;
    }

    /** Without a page of settings in the log. */
    private static final class Silent extends AdminClientConfig {
        Silent(Map<?, ?> settings) {
            super(settings, false);
        }
    }
}
