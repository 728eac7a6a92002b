package io.kappamesh.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPlatformFileTest {
    @TempDir
    private Path working;

    @TempDir
    private Path platform;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @AfterEach
    void forget() {
        System.clearProperty(LocalPlatformFile.PROPERTY);
    }

    @Test
    void theWorkingDirectoryComesBeforeTheLocalPlatform() throws IOException {
        System.setProperty(LocalPlatformFile.PROPERTY, platform.toString());
        assertThat(LocalPlatformFile.find(working)).isEmpty();

        Path ofPlatform = Files.createFile(platform.resolve("mesh.properties"));
        assertThat(LocalPlatformFile.find(working)).contains(ofPlatform);

        Path own = Files.createFile(working.resolve("mesh.properties"));
        assertThat(LocalPlatformFile.find(working)).contains(own);
    }

    @Test
    void settingsOfTheLocalPlatformAreReadOnlyWhenNoAddressIsGiven() throws IOException {
        System.setProperty(LocalPlatformFile.PROPERTY, platform.toString());
        Files.writeString(
                platform.resolve("mesh.properties"),
                "bootstrap.servers=127.0.0.1:1\nschema.registry.url=http://127.0.0.1:2\n");

        assertThat(settings(Map.of()).bootstrapServers()).isEqualTo("127.0.0.1:1");
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("Settings: " + platform.resolve("mesh.properties"));

        Map<String, String> given =
                Map.of("MESH_BOOTSTRAP_SERVERS", "kafka:9092", "MESH_SCHEMA_REGISTRY_URL", "http://registry:8081");
        assertThat(settings(given).bootstrapServers()).isEqualTo("kafka:9092");
        assertThatThrownBy(() -> settings(Map.of("MESH_SCHEMA_REGISTRY_URL", "http://registry:8081")))
                .hasMessageContaining("setting bootstrap.servers: is required");
    }

    private Settings settings(Map<String, String> environment) {
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new ConnectionOptions().settings(new Shell(environment, err, err, false));
    }

    @Test
    void itIsInTheHomeOfTheUser() {
        assertThat(LocalPlatformFile.directory())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".kappa-mesh", "local"));
    }
}
