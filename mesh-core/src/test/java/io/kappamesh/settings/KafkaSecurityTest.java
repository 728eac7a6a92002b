package io.kappamesh.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSecurityTest {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "PlainLoginModule required username=\"u\" password=\"canary\"; | there is no login module of the name",
                "java.lang.String required username=\"u\" password=\"canary\"; | not the class of a login module",
                "PLAIN required username=\"u\" password=\"canary\" | cannot be read as JAAS",
                "PLAIN username=\"u\" password=\"canary\"; | cannot be read as JAAS",
                "PLAIN required username=u password=can ary; | cannot be read as JAAS",
                "PLAIN required username=\"u\"; | lacks password",
                "canary | cannot be read as JAAS",
            })
    void aLoginThatCannotWorkIsNamedWithoutItsText(String jaas, String why) {
        String text = jaas.startsWith("PLAIN ") ? PLAIN + jaas.substring(5) : jaas;

        Map<String, String> problems = KafkaSecurity.problems(
                Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config", text));

        assertThat(problems).containsOnlyKeys("sasl.jaas.config");
        assertThat(problems.get("sasl.jaas.config")).contains(why).doesNotContain("canary", "ary;");
    }

    @Test
    void aMechanismThatIsEmptyIsNamed() {
        assertThat(KafkaSecurity.problems(Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "")))
                .containsOnlyKeys("sasl.mechanism");
    }

    @Test
    void aLoginWithoutALineOrWithAnotherMechanismIsNamed() {
        assertThat(KafkaSecurity.problems(Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN")))
                .containsOnlyKeys("sasl.jaas.config");
        assertThat(KafkaSecurity.problems(Map.of(
                        "security.protocol",
                        "SASL_SSL",
                        "sasl.mechanism",
                        "PLAINN",
                        "sasl.jaas.config",
                        PLAIN + " required username=\"u\" password=\"p\";")))
                .containsOnlyKeys("sasl.mechanism");
    }

    @Test
    void aLoginThatIsWholeIsTaken() {
        for (String mechanism : new String[] {"PLAIN", "SCRAM-SHA-512"}) {
            String module =
                    mechanism.equals("PLAIN") ? PLAIN : "org.apache.kafka.common.security.scram.ScramLoginModule";
            assertThat(KafkaSecurity.problems(Map.of(
                            "security.protocol",
                            "SASL_PLAINTEXT",
                            "sasl.mechanism",
                            mechanism,
                            "sasl.jaas.config",
                            module + " required username=\"u\" password=\"p\";")))
                    .isEmpty();
        }
    }

    @Test
    void storesAreLoadedAndBothAreNamed() throws Exception {
        Path store = directory.resolve("store.p12");
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        try (OutputStream out = Files.newOutputStream(store)) {
            empty.store(out, "right".toCharArray());
        }
        Map<String, String> security = new HashMap<>();
        security.put("security.protocol", "SSL");
        security.put("ssl.truststore.location", store.toString());
        security.put("ssl.truststore.type", "PKCS12");
        security.put("ssl.truststore.password", "canary");
        security.put("ssl.keystore.location", directory.resolve("none").toString());
        security.put("ssl.keystore.password", "canary");

        Map<String, String> problems = KafkaSecurity.problems(security);

        assertThat(problems).containsOnlyKeys("ssl.truststore.location", "ssl.keystore.location");
        assertThat(problems.get("ssl.truststore.location")).contains("Integrity check failed");
        assertThat(problems.toString()).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "ssl.truststore.certificates, canary",
        "ssl.keystore.key, canary",
        "ssl.cipher.suites, canary",
        "ssl.enabled.protocols, canary",
        "ssl.protocol, canary",
        "security.providers, canary",
    })
    void whatIsNoCertificateKeyOrNameIsNamedWithoutItsText(String key, String value) {
        Map<String, String> security = new HashMap<>(Map.of("security.protocol", "SSL"));
        security.put(key, value);
        if (key.endsWith("certificates") || key.endsWith(".key")) {
            security.put(key.substring(0, key.lastIndexOf('.')) + ".type", "PEM");
        }

        assertThat(KafkaSecurity.problems(security)).isNotEmpty().asString().doesNotContain("canary");
    }
}
