package io.kappamesh.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Every setting there is, except what goes through to Kafka Streams ({@link StreamsKeys}). */
final class SettingKeys {
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String REGISTRY_URL = "schema.registry.url";
    static final String STATE_DIR = "mesh.state.dir";
    static final String INSTANCE_ID = "mesh.instance.id";
    static final String BUILD = "mesh.build";
    static final String THREADS = "mesh.threads";
    static final String HTTP_HOST = "mesh.http.host";
    static final String HTTP_PORT = "mesh.http.port";
    static final String APPLICATION_SERVER = "mesh.application.server";
    static final String FAILURE_POLICY = "mesh.failure.policy";
    static final String COMMIT_INTERVAL_LIVE = "mesh.commit.interval.live";
    static final String COMMIT_INTERVAL_REPLAY = "mesh.commit.interval.replay";
    static final String REPLAY_LAG_RECORDS = "mesh.replay.lag.records";
    static final String CANDIDATE_RATE = "mesh.candidate.records.per.second";
    static final String CACHE_BYTES = "mesh.cache.bytes";
    static final String ROCKSDB_MEMORY_BYTES = "mesh.rocksdb.memory.bytes";
    static final String PLATFORM_TIMEOUT = "mesh.platform.timeout";
    static final String HISTORY_REQUIRED = "mesh.history.required";
    static final String POLICIES = "mesh.policies";

    static final String MESH = "Mesh";
    static final String REGISTRY = "Schema registry";
    static final String SECURITY = "Kafka security";

    static final String SECURITY_PROTOCOL = "security.protocol";
    static final String BASIC_AUTH_SOURCE = "basic.auth.credentials.source";
    static final String BASIC_AUTH_USER_INFO = "basic.auth.user.info";
    static final String BEARER_AUTH_SOURCE = "bearer.auth.credentials.source";

    private static final Pattern INSTANCE = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,200}");
    private static final Pattern SEVERITY = Pattern.compile("[a-z0-9-]+=(warn|refuse|off)");
    private static final long MEBIBYTE = 1024L * 1024L;

    private SettingKeys() {}

    static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        mesh(definition);
        registry(definition);
        security(definition);
        return definition;
    }

    /** Whether a key is Kafka's own way of securing a client. */
    static boolean securesClients(String key) {
        return key.equals(SECURITY_PROTOCOL)
                || key.equals("security.providers")
                || key.startsWith("ssl.")
                || key.startsWith("sasl.");
    }

    private static void mesh(ConfigDef to) {
        Object none = ConfigDef.NO_DEFAULT_VALUE;
        add(to, MESH, BOOTSTRAP_SERVERS, ConfigDef.Type.LIST, none, BrokerAddresses.VALIDATOR, HIGH, """
                Kafka brokers to begin with: `host:port`, separated by commas.""");
        add(to, MESH, STATE_DIR, ConfigDef.Type.STRING, "kappa-mesh-state", path(), HIGH, """
                Directory for the local state of all products, one directory per generation below it; relative to the working \
                directory. It must outlive a restart and not be memory or a directory that is swept, such as `/tmp`: lost state is \
                restored from Kafka, which takes time. Two processes never share it for one product.""");
        add(to, MESH, INSTANCE_ID, ConfigDef.Type.STRING, null, instanceId(), MEDIUM, """
                Name of this instance, unique and the same after a restart (a StatefulSet's pod name). With it a short restart moves \
                no partitions. Not set: the instance leaves its groups when it stops.""");
        add(to, MESH, BUILD, ConfigDef.Type.STRING, null, new NonEmptyString(), LOW, """
                Name of the code that runs, such as its commit. A process runs the generations of its own build. Not set: a digest of the \
                jar that holds the topology.""");
        add(to, MESH, THREADS, ConfigDef.Type.INT, 1, Range.between(1, 256), MEDIUM, """
                Stream threads of each product. More than the product has partitions are idle.""");
        add(to, MESH, HTTP_HOST, ConfigDef.Type.STRING, "127.0.0.1", new NonEmptyString(), MEDIUM, """
                Address that health, metrics and product status are served on. They are neither encrypted nor authenticated.""");
        add(to, MESH, HTTP_PORT, ConfigDef.Type.INT, 0, Range.between(0, 65_535), MEDIUM, """
                Port of the same; 0 = any that is free, which the log then names.""");
        add(to, MESH, APPLICATION_SERVER, ConfigDef.Type.STRING, null, BrokerAddresses.ONE, MEDIUM, """
                `host:port` at which other processes reach the service that this product is part of (Kafka Streams' `application.server`). \
                A query of a published table answers with it where another process holds the key. Needed only where several processes \
                share a queryable table; each has its own. Nothing listens there by itself.""");
        add(to, MESH, FAILURE_POLICY, ConfigDef.Type.STRING, null, ifGiven("stop-product", "stop-all"), MEDIUM, """
                What happens to the other products of the process when one cannot continue: `stop-product` lets them continue, `stop-all` stops \
                them and ends the process. Not set: `stop-all` in the program of a domain, `stop-product` in your own service.""");
        add(to, MESH, COMMIT_INTERVAL_LIVE, ConfigDef.Type.STRING, "100ms", positive(), MEDIUM, """
                How often a product that is live commits; consumers see its records no earlier. Brokers whose \
                commits take longer than half of it make it longer: records get two thirds of the time.""");
        add(to, MESH, COMMIT_INTERVAL_REPLAY, ConfigDef.Type.STRING, "5s", positive(), MEDIUM, """
                How often a product that replays commits at least; one that keeps state commits more often where commits are quick, \
                because that is faster. Shorter than `streams.producer.transaction.timeout.ms` (30 s).""");
        add(to, MESH, REPLAY_LAG_RECORDS, ConfigDef.Type.LONG, 10_000L, Range.atLeast(1), LOW, """
                A product further behind its inputs than so many records replays, else it is live.""");
        add(to, MESH, CANDIDATE_RATE, ConfigDef.Type.LONG, 0L, Range.between(0, 1_000_000_000L), LOW, """
                How many records a second each candidate generation of this process lets in at most, so that a replay leaves the \
                brokers to the serving generation; 0 = as many as it can.""");
        add(to, MESH, CACHE_BYTES, ConfigDef.Type.LONG, 64 * MEBIBYTE, Range.atLeast(0), MEDIUM, """
                Memory in which updates of one key are joined before they are written and sent, in bytes; the products of a process \
                share it equally. Small records take two to three times as much of the heap as is counted here.""");
        add(
                to,
                MESH,
                ROCKSDB_MEMORY_BYTES,
                ConfigDef.Type.LONG,
                96 * MEBIBYTE,
                Range.atLeast(8 * MEBIBYTE),
                MEDIUM,
                """
                Memory outside the heap that all state stores of the process share, in bytes.""");
        add(to, MESH, PLATFORM_TIMEOUT, ConfigDef.Type.STRING, "0", Durations.atLeast(Duration.ZERO), MEDIUM, """
                For how long brokers, registry and inputs of other owners are waited for, at start and while running, before the \
                process ends with exit code 69; 0 = forever.""");
        add(to, MESH, HISTORY_REQUIRED, ConfigDef.Type.STRING, null, positive(), LOW, """
                How far back a replay has to reach. An input of another owner that keeps less is refused. Not set: inputs are kept \
                forever.""");
        add(to, MESH, POLICIES, ConfigDef.Type.LIST, null, severities(), LOW, """
                What a violation of a policy leads to, where it is to be something else than what the policy itself says.""");
    }

    private static void registry(ConfigDef to) {
        add(
                to,
                REGISTRY,
                REGISTRY_URL,
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                new NonEmptyString(),
                HIGH,
                """
                Addresses of the schema registry, separated by commas.""");
        add(
                to,
                REGISTRY,
                BASIC_AUTH_SOURCE,
                ConfigDef.Type.STRING,
                "URL",
                ValidString.in("URL", "USER_INFO", "SASL_INHERIT"),
                MEDIUM,
                """
                Where the registry's user and password are given.""");
        secret(to, BASIC_AUTH_USER_INFO, "`user:password`, with source `USER_INFO`.");
        secret(to, "schema.registry.basic.auth.user.info", "The older name of the same.");
        text(to, BEARER_AUTH_SOURCE, "`STATIC_TOKEN`, `OAUTHBEARER`, `SASL_OAUTHBEARER_INHERIT` or `CUSTOM`.");
        secret(to, "bearer.auth.token", "The token, with source `STATIC_TOKEN`.");
        text(to, "bearer.auth.issuer.endpoint.url", "Where tokens are issued, with source `OAUTHBEARER`.");
        text(to, "bearer.auth.client.id", "The client's id there.");
        secret(to, "bearer.auth.client.secret", "The client's secret there.");
        text(to, "bearer.auth.scope", "The scope that is asked for.");
        text(to, "bearer.auth.logical.cluster", "Logical cluster, sent with each request.");
        text(to, "bearer.auth.identity.pool.id", "Identity pool, sent with each request.");
        text(
                to,
                "bearer.auth.cache.expiry.buffer.seconds",
                "So long before it expires a token is renewed, in seconds.");
        text(to, "bearer.auth.custom.provider.class", "The class that provides tokens, with source `CUSTOM`.");
        text(to, "proxy.host", "HTTP proxy in front of the registry.");
        number(to, "proxy.port", 65_535, "Its port.");
        number(
                to,
                "http.connect.timeout.ms",
                3_600_000,
                "For how long a connection to the registry is tried, in milliseconds; 2000 if not set.");
        number(
                to,
                "http.read.timeout.ms",
                3_600_000,
                "For how long an answer of the registry is waited for, in milliseconds; 3000 if not set.");
        for (ConfigKey key : new ConfigDef().withClientSslSupport().configKeys().values()) {
            String ours = "`" + key.name + "` towards the registry; as Kafka documents it.";
            add(to, REGISTRY, "schema.registry." + key.name, opaque(key.type), null, null, LOW, ours);
        }
    }

    private static void security(ConfigDef to) {
        for (ConfigKey key : AdminClientConfig.configDef().configKeys().values()) {
            if (securesClients(key.name)) {
                add(
                        to,
                        SECURITY,
                        key.name,
                        key.type,
                        key.defaultValue,
                        key.validator,
                        key.importance,
                        key.documentation);
            }
        }
    }

    /** What brokers take in the id of a static member, to which Kafka Streams adds the number of the thread. */
    private static Validator instanceId() {
        return LambdaValidator.with(
                (key, value) -> {
                    if (value != null && !INSTANCE.matcher(value.toString()).matches()) {
                        throw new ConfigException(key, value, "another character");
                    }
                },
                () -> "1 to 200 letters, digits, `.`, `_` and `-`");
    }

    private static Validator path() {
        return LambdaValidator.with(
                (key, value) -> {
                    try {
                        if (value == null
                                || Path.of(value.toString()).toString().isBlank()) {
                            throw new ConfigException(key, value, "empty");
                        }
                    } catch (InvalidPathException wrong) {
                        throw new ConfigException(key, value, "no path");
                    }
                },
                () -> "path of a directory");
    }

    private static Validator ifGiven(String... words) {
        ValidString one = ValidString.in(words);
        return LambdaValidator.with(
                (key, value) -> {
                    if (value != null) {
                        one.ensureValid(key, value);
                    }
                },
                one::toString);
    }

    private static Validator severities() {
        return LambdaValidator.with(
                (key, value) -> {
                    if (value instanceof List<?> all
                            && !all.stream()
                                    .allMatch(one ->
                                            SEVERITY.matcher(one.toString()).matches())) {
                        throw new ConfigException(key, value, "no id of a policy with a severity");
                    }
                },
                () -> "`ID=warn`, `ID=refuse` or `ID=off`, separated by commas");
    }

    private static Validator positive() {
        return Durations.atLeast(Duration.ofMillis(1));
    }

    private static ConfigDef.Type opaque(ConfigDef.Type type) {
        return type == ConfigDef.Type.PASSWORD ? ConfigDef.Type.PASSWORD : ConfigDef.Type.STRING;
    }

    private static void secret(ConfigDef to, String key, String documentation) {
        add(to, REGISTRY, key, ConfigDef.Type.PASSWORD, null, null, MEDIUM, documentation);
    }

    private static void number(ConfigDef to, String key, int most, String documentation) {
        Range range = Range.between(1, most);
        Validator ifGiven = LambdaValidator.with(
                (name, value) -> {
                    if (value != null) {
                        range.ensureValid(name, value);
                    }
                },
                range::toString);
        add(to, REGISTRY, key, ConfigDef.Type.INT, null, ifGiven, LOW, documentation);
    }

    private static void text(ConfigDef to, String key, String documentation) {
        add(to, REGISTRY, key, ConfigDef.Type.STRING, null, null, LOW, documentation);
    }

    private static void add(
            ConfigDef to,
            String group,
            String key,
            ConfigDef.Type type,
            @Nullable Object defaultValue,
            @Nullable Validator validator,
            Importance importance,
            String documentation) {
        int order = to.names().size();
        to.define(key, type, defaultValue, validator, importance, documentation, group, order, Width.MEDIUM, key);
    }
}
