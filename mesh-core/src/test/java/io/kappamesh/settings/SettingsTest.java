package io.kappamesh.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Map<String, String> REQUIRED =
            Map.of("bootstrap.servers", "b1:9092,b2:9092", "schema.registry.url", "http://registry:8081");

    private static final String JAAS =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"topsecret1\";";

    @TempDir
    private Path directory;

    @Test
    void whatIsNotSetHasItsDefault() {
        Settings settings = Settings.of(REQUIRED, Map.of());

        assertThat(settings.bootstrapServers()).isEqualTo("b1:9092,b2:9092");
        assertThat(settings.commitIntervalLive()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.commitIntervalReplay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.platformTimeout()).isEmpty();
        assertThat(settings.historyRequired()).isEmpty();
        assertThat(settings.instanceId()).isEmpty();
        assertThat(settings.httpHost()).isEqualTo("127.0.0.1");
        assertThat(settings.httpPort()).isZero();
        assertThat(settings.cacheBytes()).isEqualTo(64L << 20);
        assertThat(settings.rocksdbMemoryBytes()).isEqualTo(96L << 20);
    }

    @Test
    void theEnvironmentOverridesTheFile() throws IOException {
        Path file = file("bootstrap.servers=file:9092\nschema.registry.url=http://file\nmesh.threads=2\n");

        Settings settings = Settings.load(
                file,
                Map.of(
                        "MESH_BOOTSTRAP_SERVERS", "env:9092",
                        "MESH_HTTP_PORT", "8080",
                        "MESH_STREAMS_CONSUMER_FETCH_MIN_BYTES", "100",
                        "MESH_INSTANCE_ID", " ",
                        "PATH", "/bin"));

        assertThat(settings.bootstrapServers()).isEqualTo("env:9092");
        assertThat(settings.threads()).isEqualTo(2);
        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.streams()).containsEntry("consumer.fetch.min.bytes", "100");
        assertThat(settings.instanceId()).isEmpty();
    }

    @Test
    void everyProblemIsNamedAtOnceWithTheRightPlace() throws IOException {
        Path file = file("""
                bootstrap.servers=b:9092
                mesh.threads=none
                mesh.thread=1
                mesh.commit.interval.live=5
                mesh.http.port=1
                mesh.http.port=2
                streams.fetch.min.bytes=1
                streams.comit=1
                """);

        StartupException refused =
                refused(() -> Settings.load(file, Map.of("MESH_HTTP_PROT", "1", "MESH_CACHE_BYTES", "-1")));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(refused.problems())
                .hasSize(9)
                .anyMatch(problem -> problem.contains("schema.registry.url: is required")
                        && problem.contains("MESH_SCHEMA_REGISTRY_URL"))
                .anyMatch(problem ->
                        problem.contains("mesh.threads in " + file) && problem.contains("was a text of 4 characters"))
                .anyMatch(problem -> problem.contains("mesh.thread in") && problem.contains("no such setting"))
                .anyMatch(problem -> problem.contains("mesh.commit.interval.live") && problem.contains("duration"))
                .anyMatch(problem -> problem.contains("mesh.http.port in") && problem.contains("twice"))
                .anyMatch(problem -> problem.contains("streams.consumer.fetch.min.bytes"))
                .anyMatch(problem -> problem.contains("streams.comit"))
                .anyMatch(problem -> problem.contains("MESH_HTTP_PROT"))
                .anyMatch(problem -> problem.contains("mesh.cache.bytes in MESH_CACHE_BYTES"));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(refused(() -> Settings.load(directory.resolve("none"), Map.of()))
                        .problems())
                .anyMatch(problem -> problem.contains("none: cannot be read"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "streams.application.id=x",
                "streams.processing.guarantee=at_least_once",
                "streams.group.protocol=streams",
                "streams.default.key.serde=x",
                "streams.ensure.explicit.internal.resource.naming=false",
                "streams.default.client.supplier=x",
                "streams.processing.exception.handler=x",
                "streams.default.production.exception.handler=x",
                "streams.num.stream.threads=3",
                "streams.consumer.group.id=x",
                "streams.main.consumer.isolation.level=read_uncommitted",
                "streams.producer.transactional.id=x",
                "streams.producer.partitioner.class=x",
                "streams.topic.cleanup.policy=delete",
                "streams.security.protocol=SSL",
                "streams.consumer.ssl.key.password=x",
            })
    void whatTheLibraryDecidesIsRefusedWithTheReason(String line) {
        String[] parts = line.split("=", 2);

        assertThat(refused(() -> with(parts[0], parts[1])).problems())
                .singleElement()
                .asString()
                .contains(parts[0], "the library decides this: ");
    }

    @Test
    void sayingWhatTheLibraryDecidesAnywayIsNoContradiction() {
        assertThat(with("streams.processing.guarantee", "exactly_once_v2").streams())
                .containsEntry("processing.guarantee", "exactly_once_v2");
    }

    @Test
    void whatIsForKafkaStreamsAndItsClientsGoesThrough() {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put("streams.num.standby.replicas", "1");
        values.put("streams.producer.linger.ms", "20");
        values.put("streams.topic.segment.bytes", "1000000");
        values.put("streams.admin.request.timeout.ms", "1000");
        values.put("streams.client.tag.zone", "a");

        Settings settings = Settings.of(values, Map.of());

        assertThat(settings.streams())
                .containsEntry("bootstrap.servers", "b1:9092,b2:9092")
                .containsEntry("num.standby.replicas", "1")
                .containsEntry("producer.linger.ms", "20")
                .containsEntry("topic.segment.bytes", "1000000")
                .containsEntry("client.tag.zone", "a");
        assertThat(settings.admin())
                .containsEntry("request.timeout.ms", "1000")
                .doesNotContainKey("producer.linger.ms");
    }

    @Test
    void secretsComeFromFilesAndReachTheClientsButNoText() throws IOException {
        Path secrets =
                Files.writeString(directory.resolve("secrets.properties"), "jaas=" + JAAS + "\nuser=u:topsecret2\n");
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put("schema.registry.url", "http://u:topsecret3@registry");
        values.put("security.protocol", "SASL_SSL");
        values.put("sasl.jaas.config", "${file:" + secrets + ":jaas}");
        values.put("ssl.key.password", "topsecret4");
        values.put("sasl.mechanism", "PLAIN");

        Settings settings = Settings.of(values, Map.of());

        assertThat(settings.client())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.jaas.config", new Password(JAAS))
                .containsEntry("ssl.key.password", new Password("topsecret4"));
        assertThat(settings.streams()).containsKey("sasl.jaas.config");
        assertThat(settings.registry().get("schema.registry.url")).isEqualTo("http://u:topsecret3@registry");
        assertThat(settings.toString())
                .doesNotContain("topsecret")
                .contains("sasl.jaas.config=${file:" + secrets + ":jaas}", "ssl.key.password=[hidden]");
    }

    @Test
    void aReferenceThatLeadsNowhereIsNamedWithoutASecret() {
        assertThat(refused(() -> with("mesh.http.host", "${file:" + directory.resolve("none") + ":x}"))
                        .problems())
                .singleElement()
                .asString()
                .contains("mesh.http.host", "cannot be resolved");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bootstrap.servers=kafka",
                "bootstrap.servers=kafka:9092,other",
                "bootstrap.servers=kafka:99999",
                "bootstrap.servers=",
                "mesh.instance.id=sales/1",
                "mesh.instance.id=..",
                "mesh.state.dir=a\u0000b",
                "proxy.port=http",
                "http.read.timeout.ms=soon",
                "streams.producer.max.in.flight.requests.per.connection=6",
                "streams.producer.retries=0",
                "streams.producer.delivery.timeout.ms=1",
                "streams.admin.default.api.timeout.ms=1",
                "streams.consumer.heartbeat.interval.ms=1000000",
                "streams.consumer.interceptor.classes=org.example.None",
                "streams.metric.reporters=org.example.None",
            })
    void whatOnlyAClientWouldJudgeIsRefusedHere(String line) {
        String[] parts = line.split("=", 2);

        assertThat(refused(() -> with(parts[0], parts[1])).problems())
                .singleElement()
                .asString()
                .contains("setting " + parts[0]);
    }

    @Test
    void variablesOfServiceLinksArePassedOver() {
        Map<String, String> environment = new HashMap<>();
        environment.put("MESH_SERVICE_HOST", "10.0.0.7");
        environment.put("MESH_SERVICE_PORT", "80");
        environment.put("MESH_SERVICE_PORT_HTTP", "80");
        environment.put("MESH_PORT", "tcp://10.0.0.7:80");
        environment.put("MESH_PORT_80_TCP", "tcp://10.0.0.7:80");
        environment.put("MESH_PORT_80_TCP_PROTO", "tcp");
        environment.put("MESH_PORT_80_TCP_PORT", "80");
        environment.put("MESH_PORT_80_TCP_ADDR", "fd00::7");
        environment.put("MESH_HTTP_SERVICE_HOST", "10.0.0.7");
        environment.put("MESH_HTTP_PORT", "tcp://10.0.0.7:80");
        environment.put("MESH_HTTP_PORT_80_TCP_ADDR", "10.0.0.7");
        environment.put("MESH_PROXY_PORT", "tcp://[fd00::7]:80");

        assertThat(Settings.of(REQUIRED, environment).httpPort()).isZero();
    }

    @Test
    void whatOnlyLooksLikeAServiceLinkIsAWrongSetting() {
        Map<String, String> environment =
                Map.of("MESH_SERVICE_HOST", "registry", "MESH_PORT", "8080", "MESH_HTTP_PORT", "http://10.0.0.7:80");

        assertThat(refused(() -> Settings.of(REQUIRED, environment)).problems()).hasSize(3);
    }

    @Test
    void contradictionsAreNamedTogetherWithWhatIsWrongByItself() {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put("mesh.threads", "none");
        values.put("bootstrap.servers", "kafka");
        values.put("security.protocol", "SASL_SSL");
        values.put("sasl.mechanism", "PLAIN");
        values.put("ssl.truststore.location", "/none");
        values.put("schema.registry.url", "registry:8081");
        values.put("mesh.commit.interval.live", "40s");

        assertThat(refused(() -> Settings.of(values, Map.of())).problems())
                .hasSize(6)
                .anyMatch(problem -> problem.contains("mesh.threads"))
                .anyMatch(problem -> problem.contains("bootstrap.servers"))
                .anyMatch(problem -> problem.contains("sasl.jaas.config: is required"))
                .anyMatch(problem ->
                        problem.contains("ssl.truststore.location") && problem.contains("TLS cannot be set up"))
                .anyMatch(problem -> problem.contains("schema.registry.url") && problem.contains("http://"))
                .anyMatch(problem -> problem.contains("mesh.commit.interval.live"));
    }

    @Test
    void everyClientAsksAgainSoonUnlessSomebodySetsItOtherwise() {
        Settings settings = Settings.of(REQUIRED, Map.of());
        Settings slower = with("streams.retry.backoff.ms", "300");

        assertThat(settings.client()).containsEntry("retry.backoff.ms", 20L);
        assertThat(settings.admin()).containsEntry("retry.backoff.ms", 20L);
        assertThat(settings.streams()).containsEntry("retry.backoff.ms", 20L);
        assertThat(slower.streams()).containsEntry("retry.backoff.ms", "300");
    }

    @Test
    void timeoutOfThePlatformBoundsAdminClients() {
        assertThat(with("mesh.platform.timeout", "5s").admin())
                .containsEntry("default.api.timeout.ms", 5000)
                .containsEntry("request.timeout.ms", 5000);
        assertThat(with("mesh.platform.timeout", "10m").admin()).doesNotContainKey("default.api.timeout.ms");
        assertThat(with("mesh.platform.timeout", "0").admin()).doesNotContainKey("default.api.timeout.ms");
    }

    @Test
    void anInvalidValueThatCameByReferenceIsNotShown() throws IOException {
        Path secrets = Files.writeString(directory.resolve("secrets.properties"), "port=topsecret\n");

        assertThat(refused(() -> with("mesh.http.port", "${file:" + secrets + ":port}"))
                        .problems())
                .singleElement()
                .asString()
                .doesNotContain("topsecret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sasl.mechanism | PLAIN | security.protocol",
                "ssl.truststore.location | /x | security.protocol",
                "basic.auth.user.info | u:p | basic.auth.credentials.source",
                "bearer.auth.token | t | bearer.auth.credentials.source=STATIC_TOKEN",
                "bearer.auth.client.id | c | bearer.auth.credentials.source=OAUTHBEARER",
                "proxy.port | 1 | proxy.host",
                "mesh.commit.interval.replay | 30s | streams.producer.transaction.timeout.ms",
            })
    void whatHasNoEffectOrCannotBeIsAContradiction(String key, String value, String with) {
        assertThat(refused(() -> with(key, value)).problems())
                .singleElement()
                .asString()
                .contains(key, with);
    }

    @ParameterizedTest
    @CsvSource({"100ms,PT0.1S", "5s,PT5S", "2m,PT2M", "3h,PT3H", "90d,P90D", "0,PT0S", "PT5S,PT5S", "P1D,PT24H"})
    void durationsAreWrittenInOneWay(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "PT-5S", "5 s", "PT0.0001S", "999999999999999d", "1y"})
    void anythingElseIsNoDuration(String text) {
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> Durations.parse(text)))
                .isNotNull();
    }

    @Test
    void everySettingHasAVariableOfItsOwn() {
        Set<String> keys = new HashSet<>(SettingKeys.definition().names());
        keys.addAll(StreamsKeys.known().keySet());

        assertThat(keys).hasSizeGreaterThan(400);
        assertThat(keys.stream().map(GivenSettings::variable)).doesNotHaveDuplicates();
    }

    @Test
    void theTableNamesEverySettingOfTheMesh() {
        String table = Settings.markdown();

        SettingKeys.definition().names().forEach(key -> assertThat(table).contains("`" + key + "`"));
        assertThat(table)
                .contains(
                        "| `mesh.commit.interval.live` | `MESH_COMMIT_INTERVAL_LIVE` | `100ms` | duration, at least 1ms |")
                .doesNotContain("null", "@");
        assertThat(table.lines().filter(line -> line.startsWith("|")))
                .allMatch(line -> line.chars().filter(letter -> letter == '|').count() == 6);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("mesh.properties"), content);
    }

    private static Settings with(String key, String value) {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put(key, value);
        return Settings.of(values, Map.of());
    }

    private static StartupException refused(ThrowingCallable call) {
        StartupException refused = catchThrowableOfType(StartupException.class, call);
        assertThat(refused).isNotNull();
        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        return refused;
    }

    @Test
    void propertiesOfAProgramAreSettingsToo() {
        Properties defaults = new Properties();
        defaults.setProperty("bootstrap.servers", "b:9092");
        Properties properties = new Properties(defaults);
        properties.setProperty("schema.registry.url", "http://r");

        assertThat(Settings.of(properties).bootstrapServers()).isEqualTo("b:9092");
    }
}
