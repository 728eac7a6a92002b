package io.kappamesh.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.failure.StartupException;
import io.kappamesh.fuzz.Fuzzing;
import io.kappamesh.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is given as settings: they are taken, or every problem is named. */
class SettingsFuzzTest {
    private static final String BOTH = "bootstrap.servers=b:9092\nschema.registry.url=http://r\n";
    private static final String[] FILES = {
        """
        bootstrap.servers=b:9092,c:9092
        schema.registry.url=http://r:8081
        mesh.threads=2
        mesh.platform.timeout=5s
        """, """
        bootstrap.servers=[::1]:9092
        schema.registry.url=https://u:p%40@r/x,https://u:p%40@s
        mesh.http.port=8080
        mesh.history.required=P90D
        """, BOTH + """
        basic.auth.credentials.source=USER_INFO
        basic.auth.user.info=u:p
        """, BOTH + """
        security.protocol=SASL_PLAINTEXT
        sasl.mechanism=PLAIN
        sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p";
        """, BOTH + """
        security.protocol=SSL
        ssl.truststore.type=PEM
        ssl.truststore.certificates=-----BEGIN CERTIFICATE-----
        """, BOTH + """
        streams.producer.linger.ms=5
        streams.num.standby.replicas=1
        streams.topic.segment.bytes=1000000
        streams.client.tag.zone=a
        mesh.build=${env:PATH}
        """,
    };

    @TempDir
    private Path directory;

    @Test
    void files() throws Exception {
        List<String> words = new ArrayList<>(SettingKeys.definition().names());
        words.addAll(StreamsKeys.known().keySet());
        words.addAll(List.of(
                "=",
                "\n",
                "\\",
                "\\u",
                "${env:HOME}",
                "${file:/etc/hostname:x}",
                "${x:y}",
                "@",
                "://",
                ":",
                ",",
                "\u0000",
                "-1",
                "9".repeat(400),
                "PT5S",
                "99999999999999d"));
        Path file = directory.resolve("mesh.properties");
        Fuzzing.each(Mutations.of(Mutations.samples(FILES), words), 100, content -> {
            Files.write(file, content);
            judged(() -> Settings.load(file, Map.of()));
        });
    }

    @Test
    void variables() {
        List<String> words =
                List.of("MESH_", "_", "PORT", "SERVICE", "HTTP", "tcp://", "STREAMS_", "PRODUCER_", "\u0130");
        Fuzzing.each(
                Mutations.of(
                        Mutations.samples(
                                "MESH_HTTP_PORT=tcp://10.0.0.7:80",
                                "MESH_SERVICE_HOST=10.0.0.7",
                                "MESH_THREADS=3",
                                "MESH_STREAMS_PRODUCER_LINGER_MS=3"),
                        words),
                50,
                content -> {
                    String[] parts = new String(content, StandardCharsets.UTF_8).split("=", 2);
                    Map<String, String> environment = new HashMap<>();
                    environment.put("MESH_BOOTSTRAP_SERVERS", "b:9092");
                    environment.put("MESH_SCHEMA_REGISTRY_URL", "http://r");
                    environment.put(parts[0], parts.length == 1 ? "" : parts[1]);
                    judged(() -> Settings.of(Map.of(), environment));
                });
    }

    private interface Reading {
        Settings read();
    }

    private static void judged(Reading reading) {
        try {
            Settings settings = reading.read();
            assertThat(settings.toString()).isNotNull();
            assertThat(settings.admin()).containsKey("bootstrap.servers");
            assertThat(settings.stateDir()).isNotNull();
        } catch (StartupException refused) {
            assertThat(refused.problems()).isNotEmpty();
        }
    }
}
