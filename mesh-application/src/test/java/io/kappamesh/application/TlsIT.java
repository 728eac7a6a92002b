package io.kappamesh.application;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.fixture.Certificates;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.InJvmCluster;
import io.kappamesh.fixture.Stall;
import io.kappamesh.observe.ProductState;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers behind TLS: with what operations.md shows everything works, and what is wrong is named with its remedy. */
@Timeout(300)
class TlsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Less than the minute for which Kafka's clients go on where they take a refusal for an absence. */
    private static final Duration SOON = Duration.ofSeconds(40);

    private static final Pattern BLOCK = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);

    /** So that a process says for what it waits. */
    private static final String LOGBACK = """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%-5level %logger{20} %msg%n</pattern></encoder>
          </appender>
          <root level="WARN"><appender-ref ref="out"/></root>
        </configuration>
        """;

    @TempDir
    private static Path shared;

    private static Certificates certificates;
    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    private Path directory;

    private final Terminal terminal = new Terminal();

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(shared)
                .authority("authority")
                .authority("stranger")
                .signed("broker", "authority", "localhost")
                .signed("elsewhere", "authority", "broker.example")
                .expired("old", "authority", "localhost")
                .signed("client", "authority", "")
                .signed("intruder", "stranger", "");
        broker = InJvmBroker.startWithListeners(Map.of(
                "TLS", listener("SASL_SSL", "broker", Map.of()),
                "ELSEWHERE", listener("SASL_SSL", "elsewhere", Map.of()),
                "OLD", listener("SASL_SSL", "old", Map.of()),
                "MUTUAL", listener("SSL", "broker", Map.of("ssl.client.auth", "required"))));
        registry = new FakeRegistry();
    }

    private static InJvmBroker.Listener listener(String protocol, String keys, Map<String, String> more)
            throws Exception {
        Map<String, String> all = new HashMap<>(more);
        all.put("ssl.keystore.type", "PKCS12");
        all.put("ssl.keystore.location", certificates.keyStore(keys).toString());
        all.put("ssl.keystore.password", Certificates.PASSWORD);
        all.put("ssl.key.password", Certificates.PASSWORD);
        all.put("ssl.truststore.type", "PKCS12");
        all.put("ssl.truststore.location", certificates.trustStore("authority").toString());
        all.put("ssl.truststore.password", Certificates.PASSWORD);
        if (protocol.startsWith("SASL")) {
            all.put("sasl.enabled.mechanisms", "PLAIN");
            all.put(
                    "plain.sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required user_sales=\"of-sales\";");
        }
        return new InJvmBroker.Listener(protocol, all);
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        broker.stop();
    }

    /** The examples of operations.md, with stores that are there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void whatOperationsShowWorks(int example) throws Exception {
        Properties settings = documented(example);
        Stall stall = new Stall("documented-" + example);
        StreamingProduct product = stall.copy(stall.raw);
        String name = product.product().name().toString();
        Path config = config(settings);

        assertThat(program(product, "provision", config)).as(terminal::said).isZero();
        try (MeshRuntime runtime = MeshRuntime.start(Settings.load(config, Map.of()), List.of(product))) {
            awaitLive(runtime, 1);
            broker.write(stall.record(registry, "b", basket(NOON, "pen", 1)));
            await().atMost(TIMEOUT)
                    .until(() ->
                            broker.committed(stall.baskets.address().topic()).size() == 1);
            for (String command : List.of("plan", "replay", "verify", "promote", "rollback", "abort", "prove")) {
                int code = mesh(command, name, config);
                assertThat(code).as(() -> command + ": " + terminal.said()).isZero();
                if (command.equals("replay")) {
                    awaitLive(runtime, 2);
                    await().atMost(TIMEOUT)
                            .until(() -> mesh("status", name, config) == 0
                                    && terminal.said()
                                                    .lines()
                                                    .filter(line -> line.contains("1 of 1"))
                                                    .count()
                                            == 2);
                }
                terminal.said();
            }
            assertThat(mesh("status", name, config)).isZero();
            assertThat(terminal.said()).contains("SERVING   LIVE");
        }
    }

    /** As it is shown, but for where brokers and secrets are. */
    private Properties documented(int example) throws Exception {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("..", "docs", "operations.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .filter(block -> block.contains("ssl."))
                .toList();
        assertThat(blocks).as("examples with TLS").hasSize(4);
        String listener = blocks.get(example).contains("=SASL_SSL") ? "TLS" : "MUTUAL";
        String here = blocks.get(example)
                .replace("broker-1.example:9093,broker-2.example:9093", "localhost:" + broker.port(listener))
                .replace("/run/secrets/kafka", secrets().toString());
        assertThat(here).doesNotContain("example:", "/run/secrets");
        Properties settings = new Properties();
        settings.load(new StringReader(here));
        return settings;
    }

    private Path secrets() throws Exception {
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        Files.writeString(secrets.resolve("password"), "of-sales");
        Files.writeString(secrets.resolve("store-password"), Certificates.PASSWORD);
        Files.writeString(secrets.resolve("ca.crt"), certificates.trustPem("authority"));
        Files.writeString(secrets.resolve("tls.key"), certificates.keyPem("client"));
        Files.writeString(secrets.resolve("tls.crt"), certificates.chainPem("client"));
        Files.copy(certificates.trustStore("authority"), secrets.resolve("ca.p12"));
        Files.copy(certificates.keyStore("client"), secrets.resolve("tls.p12"));
        return secrets;
    }

    /** How the certificate of an authority is given. */
    private enum Form {
        PKCS12,
        PEM_FILE,
        PEM_INLINE;

        Map<String, String> trusting(String authority) throws Exception {
            return switch (this) {
                case PKCS12 ->
                    Map.of(
                            "ssl.truststore.type",
                            "PKCS12",
                            "ssl.truststore.location",
                            certificates.trustStore(authority).toString(),
                            "ssl.truststore.password",
                            Certificates.PASSWORD);
                case PEM_FILE ->
                    Map.of(
                            "ssl.truststore.type",
                            "PEM",
                            "ssl.truststore.location",
                            Files.writeString(shared.resolve(authority + ".pem"), certificates.trustPem(authority))
                                    .toString());
                case PEM_INLINE ->
                    Map.of(
                            "ssl.truststore.type",
                            "PEM",
                            "ssl.truststore.certificates",
                            certificates.trustPem(authority));
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anAuthorityThatDidNotSignTheBrokersCertificateIsNamed(Form form) throws Exception {
        requireRefusal(
                sasl("TLS", form.trusting("stranger")),
                "no authority in ssl.truststore.… has signed the broker's certificate; put it there");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aCertificateForAnotherHostIsNamed(Form form) throws Exception {
        requireRefusal(
                sasl("ELSEWHERE", form.trusting("authority")),
                "the broker's certificate is for another host name; use that name in bootstrap.servers and"
                        + " advertised.listeners");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aCertificateThatRanOutIsNamed(Form form) throws Exception {
        requireRefusal(
                sasl("OLD", form.trusting("authority")), "a certificate is out of date, or a clock is wrong; renew it");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aClientCertificateThatIsMissingIsNamed(Form form) throws Exception {
        requireRefusal(
                ssl("MUTUAL", form.trusting("authority")),
                "the broker ended it: it wants a client certificate that it trusts");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientCertificateThatTheBrokerDoesNotTrustIsNamed(boolean pem) throws Exception {
        Map<String, String> given = new HashMap<>(ssl("MUTUAL", Form.PEM_FILE.trusting("authority")));
        if (pem) {
            given.put("ssl.keystore.type", "PEM");
            given.put("ssl.keystore.key", certificates.keyPem("intruder"));
            given.put("ssl.keystore.certificate.chain", certificates.chainPem("intruder"));
        } else {
            given.put("ssl.keystore.type", "PKCS12");
            given.put("ssl.keystore.location", certificates.keyStore("intruder").toString());
            given.put("ssl.keystore.password", Certificates.PASSWORD);
            given.put("ssl.key.password", Certificates.PASSWORD);
        }
        requireRefusal(given, "the broker ended it: it wants a client certificate that it trusts, or refuses this one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "PEM"})
    void aStoreThatCannotBeReadIsNamed(String type) throws Exception {
        Map<String, String> given = new HashMap<>(sasl("TLS", Form.PKCS12.trusting("authority")));
        given.put("ssl.truststore.type", type);
        if (type.equals("PKCS12")) {
            given.put("ssl.truststore.password", "canary");
        } else {
            given.remove("ssl.truststore.password");
        }
        requireRefusal(given, "ssl.truststore.location");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", ""})
    void aPasswordThatBrokersRefuseIsNamed(String password) throws Exception {
        Map<String, String> given = new HashMap<>(sasl("TLS", Form.PKCS12.trusting("authority")));
        given.computeIfPresent("sasl.jaas.config", (key, line) -> line.replace("of-sales", password));
        requireRefusal(given, "the brokers do not take the credentials");
    }

    /** A client that does not use TLS where brokers do, and the other way round. */
    @ParameterizedTest
    @ValueSource(strings = {"SASL_PLAINTEXT", "PLAINTEXT", "SASL_SSL"})
    void aPortOfTheOtherKindIsNamed(String protocol) throws Exception {
        Map<String, String> given = new HashMap<>(sasl("TLS", Form.PKCS12.trusting("authority")));
        given.put("security.protocol", protocol);
        if (protocol.equals("SASL_SSL")) {
            given.put("bootstrap.servers", broker.bootstrapServers());
            requireRefusal(given, "is a broker's port without TLS, and security.protocol is SASL_SSL; set PLAINTEXT");
        } else {
            given.keySet()
                    .removeIf(
                            key -> key.startsWith("ssl.") || (protocol.equals("PLAINTEXT") && key.startsWith("sasl.")));
            requireRefusal(given, "speaks TLS, and security.protocol does not; set SSL or SASL_SSL");
        }
    }

    /** Where an answer's first bytes are taken for its length, they ask for 352 MB. */
    @Test
    void aSmallProcessIsNotEndedByTheFirstBytesOfTls() throws Exception {
        requireItSaysTls(small(tlsWithout(), "run"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "provision",
                "status",
                "plan small.copy",
                "replay small.copy",
                "verify small.copy",
                "promote small.copy",
                "prove small.copy",
                "retire small.copy.g1",
                "recover small.copy",
                "acls small --apply"
            })
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void noSmallCommandIsEndedByTheFirstBytesOfTls(String command) throws Exception {
        requireItSaysTls(small(tlsWithout(), command));
    }

    /** As a client that takes the port for one without TLS. */
    private static Map<String, String> tlsWithout() {
        Map<String, String> given = new HashMap<>(sasl("TLS", Map.of()));
        given.put("security.protocol", "SASL_PLAINTEXT");
        return given;
    }

    @Test
    void aSmallProcessIsNotEndedByTlsThatComesWhileItWaits() throws Exception {
        int port = InJvmCluster.freePort();
        Map<String, String> given = tlsWithout();
        given.put("bootstrap.servers", "127.0.0.1:" + port);
        Process small = small(given, "run");
        try {
            await().atMost(TIMEOUT).until(() -> Files.readString(log()).contains("Waiting for"));
            try (ServerSocket tls = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
                Thread alerting = new Thread(() -> alert(tls));
                alerting.start();
                requireItSaysTls(small);
            }
        } finally {
            small.destroyForcibly();
        }
    }

    /** What a server with TLS says to whoever speaks something else. */
    private static void alert(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(500);
                socket.getOutputStream().write(HexFormat.of().parseHex("1503030002020a"));
                socket.getInputStream().readAllBytes();
            } catch (IOException nothingMore) {
                // of this connection, or the test is over
            }
        }
    }

    private Process small(Map<String, String> given, String command) throws Exception {
        Properties settings = new Properties();
        settings.putAll(given);
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dlogback.configurationFile=" + Files.writeString(directory.resolve("logback.xml"), LOGBACK),
                "-cp",
                System.getProperty("java.class.path"),
                SmallProgram.class.getName()));
        line.addAll(List.of(command.split(" ")));
        line.addAll(List.of("--config", config(settings).toString()));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private Path log() {
        return directory.resolve("small.log");
    }

    private void requireItSaysTls(Process small) throws Exception {
        boolean ended = small.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            small.destroyForcibly().waitFor();
        }
        String said = Files.readString(log());
        assertThat(ended).as(said).isTrue();
        assertThat(said).contains("speaks TLS, and security.protocol does not").doesNotContain("OutOfMemoryError");
        assertThat(small.exitValue()).as(said).isEqualTo(78);
    }

    private static Map<String, String> sasl(String listener, Map<String, String> tls) {
        Map<String, String> all = new HashMap<>(tls);
        all.put("bootstrap.servers", "localhost:" + broker.port(listener));
        all.put("security.protocol", "SASL_SSL");
        all.put("sasl.mechanism", "PLAIN");
        all.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"sales\""
                        + " password=\"of-sales\";");
        return all;
    }

    private static Map<String, String> ssl(String listener, Map<String, String> tls) {
        Map<String, String> all = new HashMap<>(tls);
        all.put("bootstrap.servers", "localhost:" + broker.port(listener));
        all.put("security.protocol", "SSL");
        return all;
    }

    /** Of everything that one can do. */
    private void requireRefusal(Map<String, String> given, String why) throws Exception {
        Properties settings = new Properties();
        settings.putAll(given);
        Path config = config(settings);
        Stall stall = new Stall("refused");
        StreamingProduct product = stall.copy(stall.raw);
        requireRefusal("provision", why, () -> program(product, "provision", config));
        requireRefusal("run", why, () -> program(product, "run", config));
        for (String command : List.of(
                "plan", "status", "replay", "verify", "promote", "rollback", "prove", "release", "abort", "recover")) {
            requireRefusal(command, why, () -> mesh(command, "refused.copy", config));
        }
        requireRefusal("retire", why, () -> mesh("retire", "refused.copy.g1", config));
        requireRefusal("acls", why, () -> mesh("acls", "refused", config));
    }

    private void requireRefusal(String what, String why, Supplier<Integer> command) {
        long began = System.nanoTime();
        int code = command.get();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        String said = terminal.said();
        assertThat(code).as("%s: %s", what, said).isEqualTo(78);
        assertThat(said)
                .as(what)
                .contains(why)
                .doesNotContain("\tat ")
                .doesNotContain(Certificates.PASSWORD)
                .doesNotContain("canary");
        assertThat(took).as(what).isLessThan(SOON);
    }

    private Path config(Properties settings) throws Exception {
        settings.setProperty("schema.registry.url", registry.url());
        settings.setProperty("mesh.state.dir", directory.resolve("state").toString());
        settings.setProperty("mesh.http.port", "0");
        Path file = directory.resolve("sales.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        }
        return file;
    }

    private int program(StreamingProduct product, String command, Path config) {
        return new MeshApplication(List.of(product), "stall 1.2", terminal.out(), terminal.err())
                .run(new String[] {command, "--config", config.toString()}, Map.of());
    }

    private int mesh(String command, String what, Path config) {
        return terminal.run(Map.of(), command, what, "--config", config.toString());
    }

    private static void awaitLive(MeshRuntime runtime, int generations) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(runtime.products())
                        .hasSize(generations)
                        .allSatisfy(product -> assertThat(product.state()).isEqualTo(ProductState.LIVE)));
    }
}
