package io.kappamesh.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.CapturedOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was given as a setting, be it right or wrong, may be a secret. */
class SecretsTest {
    private static final String CANARY = "k4n4Ry";
    private static final Map<String, String> REQUIRED =
            Map.of("bootstrap.servers", "b1:9092", "schema.registry.url", "http://registry:8081");

    @TempDir
    private Path directory;

    private CapturedOutput captured;

    @BeforeEach
    void capture() {
        captured = new CapturedOutput();
    }

    @AfterEach
    void release() {
        captured.close();
    }

    @Test
    void nothingOfARefusedSettingIsToldWhicheverItIs() {
        Set<String> keys = keys();
        Set<String> refused = new HashSet<>();
        for (String key : keys) {
            String told = told(Map.of(key, CANARY));
            if (!told.startsWith("taken")) {
                refused.add(key);
            }
            assertThat(isShownWhenTaken(key) && told.startsWith("taken") ? "" : told)
                    .as(key)
                    .doesNotContain(CANARY);
        }
        assertThat(refused).hasSizeGreaterThan(350);
        assertThat(captured.text()).doesNotContain(CANARY);
    }

    @Test
    void nothingOfAllOfThemTogetherIsTold() throws Exception {
        Path file = Files.writeString(
                directory.resolve("all.properties"),
                keys().stream().map(key -> key + "=" + CANARY + "\n").collect(Collectors.joining()));

        String told = toldOf(file, Map.of());

        assertThat(told).contains("mesh.threads", "streams.producer.linger.ms").doesNotContain(CANARY);
        assertThat(captured.text()).doesNotContain(CANARY);
    }

    /** The second line of each is a setting of its own, because nothing at the end of the first says that it goes on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.keystore.key=-----BEGIN PRIVATE KEY-----\n" + CANARY + "MIIEvQIBADANBgkqhkiG9w0BAQEF\n" + CANARY
                        + "=\n",
                "sasl.jaas.config=PlainLoginModule required\n  password=\"" + CANARY + "\";\n",
                "bearer.auth.token=x\n" + CANARY + "\n",
                CANARY + ":" + CANARY + "\n" + CANARY + ":" + CANARY,
                "mesh.http.host=\\u12" + CANARY,
                "mesh.http.port=${file:/none:x}" + CANARY,
                "sasl.jaas.config=PlainLoginModule required password=\"" + CANARY + "\" user=\"${env:NONE}\";",
                "config.providers=vault\nconfig.providers.vault.class=org.example.None\nconfig.providers.vault.param.token="
                        + CANARY + "\nmesh.build=${vault:x:y}",
            })
    void nothingOfABrokenFileIsTold(String lines) throws Exception {
        Path file = Files.writeString(directory.resolve("broken.properties"), lines);

        assertThat(toldOf(
                        file,
                        REQUIRED.entrySet().stream()
                                .collect(Collectors.toMap(
                                        one -> GivenSettings.variable(one.getKey()), Map.Entry::getValue))))
                .doesNotStartWith("taken")
                .doesNotContain(CANARY);
        assertThat(captured.text()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://u:" + CANARY + "@registry:8081",
                "http://u:" + CANARY + "@@registry:8081",
                "http://u:" + CANARY + "@x@registry:8081",
                "http://u:" + CANARY + "/x@registry:8081",
                "http://u:12/" + CANARY + "@registry:8081",
                "http://u:x?" + CANARY + "@registry",
                "http://u:x#" + CANARY + "@registry",
                "http://u:x," + CANARY + "@registry",
                "http://u:%zz" + CANARY + "@registry",
                "u:" + CANARY + "@registry:8081",
                "http://registry?token=" + CANARY,
                "http://registry,http://u:" + CANARY + "@second",
                "http://" + CANARY,
                "//u:" + CANARY + "@registry",
                "http:/u:" + CANARY + "@registry",
                "http://u:" + CANARY + " x@registry",
            })
    void nothingOfAPasswordInAnAddressIsTold(String address) {
        String told = told(Map.of("schema.registry.url", address));

        assertThat(address.equals("http://" + CANARY) ? "" : told).doesNotContain(CANARY);
        assertThat(captured.text()).doesNotContain(CANARY);
    }

    @Test
    void secretsThatAreTakenAreHidden() {
        Map<String, String> secrets = new HashMap<>();
        secrets.put("security.protocol", "SASL_SSL");
        secrets.put("sasl.mechanism", "PLAIN");
        secrets.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"" + CANARY
                        + "\";");
        secrets.put("bearer.auth.credentials.source", "STATIC_TOKEN");
        secrets.put("bearer.auth.token", CANARY);

        assertThat(told(secrets)).startsWith("taken").doesNotContain(CANARY);
        assertThat(captured.text()).doesNotContain(CANARY);
    }

    private static Set<String> keys() {
        Set<String> keys = new HashSet<>(SettingKeys.definition().names());
        keys.addAll(StreamsKeys.known().keySet());
        keys.add("mesh.typo");
        keys.add("streams.typo");
        return keys;
    }

    /** A name, a directory or a path is no secret where it is taken for one. */
    private static boolean isShownWhenTaken(String key) {
        return Stream.concat(
                        SettingKeys.definition().configKeys().values().stream(), StreamsKeys.known().values().stream())
                .noneMatch(known -> known.name.equals(key) && known.type == ConfigDef.Type.PASSWORD);
    }

    private static String told(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.putAll(more);
        try {
            return "taken\n" + Settings.of(values, Map.of());
        } catch (StartupException refused) {
            return told(refused);
        }
    }

    private static String toldOf(Path file, Map<String, String> environment) {
        try {
            return "taken\n" + Settings.load(file, environment);
        } catch (StartupException refused) {
            return told(refused);
        }
    }

    private static String told(StartupException refused) {
        StringBuilder told = new StringBuilder();
        for (Throwable at = refused; at != null; at = at.getCause()) {
            told.append(at).append('\n');
        }
        return told.append(List.copyOf(refused.problems())).toString();
    }
}
