package io.kappamesh.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshApplicationTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final MeshApplication application = new MeshApplication(
            List.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));

    @Test
    void settingsPrintsEverySettingThereIs() {
        int code = run(Map.of(), "settings");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(Settings.markdown())
                .contains("`bootstrap.servers`", "MESH_STATE_DIR");
        assertThat(err.size()).isZero();
    }

    @Test
    void anArgumentThatIsNotKnownIsNamedWithTheUsage() {
        assertThat(run(Map.of(), "replay")).isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(said()).contains("argument 'replay' is not known; usage: [run|provision|settings] [--config FILE]");
    }

    @Test
    void aVerbComesFirstAndAConfigHasAFile() {
        assertThat(run(Map.of(), "--config", "file", "run")).isEqualTo(78);
        assertThat(said()).contains("argument 'run' is not known");
        assertThat(run(Map.of(), "run", "--config")).isEqualTo(78);
        assertThat(said()).contains("argument '--config' is not known");
    }

    @Test
    void everythingThatIsWrongWithTheSettingsIsToldAtOnce(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("mesh.properties"), "mesh.threads=none\nmesh.typo=1\n");

        int code = run(Map.of("MESH_HTTP_PORT", "70000"), "run", "--config", file.toString());

        assertThat(code).isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(said())
                .contains("setting mesh.threads in " + file)
                .contains("setting mesh.typo in " + file + ": there is no such setting")
                .contains("setting mesh.http.port in MESH_HTTP_PORT")
                .contains("setting bootstrap.servers: is required")
                .contains("setting schema.registry.url: is required");
    }

    private int run(Map<String, String> environment, String... arguments) {
        return application.run(arguments, environment);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
