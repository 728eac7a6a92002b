package io.kappamesh.settings;

import io.kappamesh.failure.StartupException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How a process is to run: where the platform is, how to get in, what it may use. Immutable and thread-safe.
 *
 * <p>A properties file gives the values, environment variables override them: {@code mesh.http.port} is {@code MESH_HTTP_PORT},
 * {@code bootstrap.servers} is {@code MESH_BOOTSTRAP_SERVERS}. Variables without a value count as not there. Secrets need not stand
 * in either: {@code ${file:/run/secrets/kafka.properties:password}}, {@code ${dir:/run/secrets:password}} and
 * {@code ${env:NAME}} are resolved by Kafka's config providers, more of which {@code config.providers} declares. What is
 * unknown, invalid or contradictory is refused, all of it at once.
 *
 * <p>{@code streams.…} goes through to Kafka Streams, {@code streams.consumer.…}, {@code streams.producer.…},
 * {@code streams.admin.…} and {@code streams.topic.…} to its clients and internal topics, except what the library decides itself.
 */
public final class Settings {
    /** How long an admin client tries by itself to have an answer, in Kafka. */
    private static final Duration ADMIN_WAITS = Duration.ofMinutes(1);

    private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
    private static final int REQUEST_MILLIS = 30_000;
    /**
     * A fifth of what Kafka has. Its clients pause like this not only after a fault: a producer does before its first words to each
     * coordinator, a consumer until it hears of a topic that was just made, an admin client before it asks of a classic group. They
     * grow it up to a second while a fault lasts.
     */
    private static final long RETRY_BACKOFF_MILLIS = 20;

    private final AbstractConfig values;
    private final Map<String, Object> security;
    private final Map<String, Object> registry;
    private final Map<String, String> streams;
    private final Map<String, String> shown;

    Settings(
            AbstractConfig values,
            Map<String, Object> security,
            Map<String, Object> registry,
            Map<String, String> streams,
            Map<String, String> shown) {
        this.values = values;
        this.security = Map.copyOf(security);
        this.registry = Map.copyOf(registry);
        this.streams = Map.copyOf(streams);
        this.shown = new TreeMap<>(shown);
    }

    /**
     * Reads a file and what the environment overrides in it.
     *
     * @param file properties in UTF-8
     * @param environment all of it, such as {@link System#getenv()}; only names that begin with {@code MESH_} are read
     * @throws StartupException with every problem
     */
    public static Settings load(Path file, Map<String, String> environment) {
        return SettingsReader.read(given -> given.addFile(file), environment);
    }

    /**
     * The same with values of a program in place of a file.
     *
     * @throws StartupException with every problem
     */
    public static Settings of(Map<String, String> values, Map<String, String> environment) {
        return SettingsReader.read(given -> given.add(values), environment);
    }

    /**
     * The same with properties of a program in place of a file, those behind its defaults included; the environment overrides nothing.
     *
     * @throws StartupException with every problem
     */
    public static Settings of(Properties properties) {
        Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return of(values, Map.of());
    }

    /** The names of all settings, except those of Kafka Streams and its clients, which begin with {@code streams.}. */
    public static Set<String> names() {
        return SettingKeys.definition().names();
    }

    /** The documentation of all settings as Markdown. */
    public static String markdown() {
        return SettingsTable.markdown();
    }

    /** {@code host:port}, separated by commas. */
    public String bootstrapServers() {
        return String.join(",", values.getList(SettingKeys.BOOTSTRAP_SERVERS));
    }

    /** Where local state is kept. */
    public Path stateDir() {
        return Path.of(values.getString(SettingKeys.STATE_DIR));
    }

    /** The name of this instance, for static membership; empty = it leaves its groups when it stops. */
    public Optional<String> instanceId() {
        return Optional.ofNullable(values.getString(SettingKeys.INSTANCE_ID));
    }

    /** The name of the code that runs; empty = a digest of it is its name. */
    public Optional<String> build() {
        return Optional.ofNullable(values.getString(SettingKeys.BUILD));
    }

    /** Stream threads per product. */
    public int threads() {
        return values.getInt(SettingKeys.THREADS);
    }

    public String httpHost() {
        return values.getString(SettingKeys.HTTP_HOST);
    }

    /** Port for health, metrics and status; 0 = any that is free. */
    public int httpPort() {
        return values.getInt(SettingKeys.HTTP_PORT);
    }

    /** {@code host:port} of the service that runs here, for other processes; empty = not given. */
    public Optional<String> applicationServer() {
        return Optional.ofNullable(values.getString(SettingKeys.APPLICATION_SERVER));
    }

    /** Whether the other products stop when one cannot continue; empty = as the program has it. */
    public Optional<Boolean> stopsAllOnFailure() {
        return Optional.ofNullable(values.getString(SettingKeys.FAILURE_POLICY)).map("stop-all"::equals);
    }

    public Duration commitIntervalLive() {
        return duration(SettingKeys.COMMIT_INTERVAL_LIVE).orElseThrow();
    }

    public Duration commitIntervalReplay() {
        return duration(SettingKeys.COMMIT_INTERVAL_REPLAY).orElseThrow();
    }

    /** A product with a greater lag, in records over all inputs, replays. */
    public long replayLagRecords() {
        return values.getLong(SettingKeys.REPLAY_LAG_RECORDS);
    }

    /** What a candidate may let in at most, per process; empty = as much as it can. */
    public OptionalLong candidateRecordsPerSecond() {
        long rate = values.getLong(SettingKeys.CANDIDATE_RATE);
        return rate == 0 ? OptionalLong.empty() : OptionalLong.of(rate);
    }

    /** Record cache of the process, shared equally by its products. */
    public long cacheBytes() {
        return values.getLong(SettingKeys.CACHE_BYTES);
    }

    /** Memory that all RocksDB stores of the process share. */
    public long rocksdbMemoryBytes() {
        return values.getLong(SettingKeys.ROCKSDB_MEMORY_BYTES);
    }

    /** For how long the platform is waited for; empty = forever. */
    public Optional<Duration> platformTimeout() {
        return duration(SettingKeys.PLATFORM_TIMEOUT).filter(limit -> !limit.isZero());
    }

    /** How far back a replay has to reach; empty = inputs are kept forever. */
    public Optional<Duration> historyRequired() {
        return duration(SettingKeys.HISTORY_REQUIRED);
    }

    /** What violations of policies lead to, by the id of the policy: {@code warn}, {@code refuse} or {@code off}. */
    public Map<String, String> policies() {
        Map<String, String> severities = new LinkedHashMap<>();
        Optional.ofNullable(values.getList(SettingKeys.POLICIES))
                .orElse(List.of())
                .forEach(
                        one -> severities.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1)));
        return severities;
    }

    /** For any Kafka client: brokers, security, and how soon it asks again. A new mutable map. */
    public Map<String, Object> client() {
        Map<String, Object> client = new HashMap<>(security);
        client.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, RETRY_BACKOFF_MILLIS);
        client.put(SettingKeys.BOOTSTRAP_SERVERS, bootstrapServers());
        return client;
    }

    /** For admin clients: {@link #client()}, no longer waits than {@link #platformTimeout()}, and what was given as {@code streams.admin.…}. A new mutable map. */
    public Map<String, Object> admin() {
        Map<String, Object> admin = client();
        streams.forEach((key, value) -> {
            if (key.startsWith(StreamsConfig.ADMIN_CLIENT_PREFIX)) {
                admin.put(key.substring(StreamsConfig.ADMIN_CLIENT_PREFIX.length()), value);
            }
        });
        Optional<Duration> limit = platformTimeout().filter(all -> all.compareTo(ADMIN_WAITS) < 0);
        if (limit.isPresent() && !admin.containsKey(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG)) {
            int millis = (int) Math.max(LEAST_WAIT.toMillis(), limit.get().toMillis());
            Object request = admin.getOrDefault(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
            admin.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
            admin.put(
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    Math.min(millis, Integer.parseInt(request.toString().trim())));
        }
        return admin;
    }

    /**
     * For Kafka Streams: {@link #client()} and what was given as {@code streams.…}, without that prefix. What the library
     * decides is not in it. A new mutable map.
     */
    public Map<String, Object> streams() {
        Map<String, Object> all = client();
        all.putAll(streams);
        return all;
    }

    /** For Confluent's registry client, under its own keys, only what was given. Immutable; holds secrets in the clear. */
    public Map<String, ?> registry() {
        return registry;
    }

    /** Addresses of the registry, separated by commas. May hold credentials. */
    public String registryUrl() {
        return values.getString(SettingKeys.REGISTRY_URL);
    }

    private Optional<Duration> duration(String key) {
        return Optional.ofNullable(values.getString(key)).map(Durations::parse);
    }

    static String reveal(Object value) {
        return value instanceof Password secret ? secret.value() : String.valueOf(value);
    }

    /** What was given, one setting per line. References stay references, secrets are hidden. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        shown.forEach(
                (key, value) -> lines.append(key).append('=').append(value).append('\n'));
        return lines.toString();
    }
}
