package io.kappamesh.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.fixture.Stall;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshApplicationTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final MeshApplication application = program(List.of());

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
    void helpNamesEveryCommandAndHowToReachThePlatform() {
        assertThat(run(Map.of(), "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("--config", "--bootstrap-servers", "--registry")
                .contains("run", "provision", "replay", "settings")
                .contains("plan", "status", "verify", "promote", "rollback", "retire", "abort");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "provision",
                "replay",
                "settings",
                "plan",
                "status",
                "verify",
                "promote",
                "rollback",
                "retire",
                "abort"
            })
    void everyCommandHasHelpOfItsOwn(String command) {
        assertThat(run(Map.of(), command, "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: java -jar DOMAIN.jar " + command);
    }

    @Test
    void anArgumentThatIsNotKnownIsNamedWithTheUsage() {
        assertThat(run(Map.of(), "replays")).isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(said()).contains("'replays'", "java -jar DOMAIN.jar replay");
        assertThat(run(Map.of(), "status", "--jsn")).isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(said()).contains("'--jsn'", "--json");
    }

    @Test
    void versionNamesTheProgramTheLibraryAndWhatItRunsWith() {
        assertThat(run(Map.of(), "--version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("^billing 1\\.2\\RKappa Mesh [0-9]+\\.\\S+, Kafka [0-9.]+, Java [0-9]+");
    }

    @Test
    void optionsStandBehindTheCommandAndAConfigHasAFile() {
        assertThat(run(Map.of(), "--config", "file", "run")).isEqualTo(78);
        assertThat(said()).contains("Option --config stands before the command; put it behind run");
        assertThat(run(Map.of(), "run", "--config")).isEqualTo(78);
        assertThat(said()).contains("Missing required parameter for option '--config' (FILE)");
    }

    @Test
    void whatIsToBeNamedIsNamedInItsForm() {
        assertThat(run(platform(), "plan")).isEqualTo(78);
        assertThat(said()).contains("Missing required parameter: 'PRODUCT'");
        assertThat(run(platform(), "plan", "orders")).isEqualTo(78);
        assertThat(said()).contains("product name 'orders': expected domain.name in lower case");
        assertThat(run(platform(), "retire", "sales.orders")).isEqualTo(78);
        assertThat(said()).contains("generation 'sales.orders': expected domain.name.gN");
        assertThat(run(platform(), "plan", "sales.orders", "--rate", "0")).isEqualTo(78);
        assertThat(said()).contains("--rate: must be more than 0 records per second but was 0.0");
    }

    @Test
    void aProductOfAnotherProgramIsNotReplayedHere() {
        assertThat(run(platform(), "replay", "sales.orders")).isEqualTo(78);
        assertThat(said()).contains("product sales.orders: this program has none of that name; it has []");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "status"})
    void everythingThatIsWrongWithTheSettingsIsToldAtOnce(String command, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("mesh.properties"), "mesh.threads=none\nmesh.typo=1\n");

        int code = run(Map.of("MESH_HTTP_PORT", "70000"), command, "--config", file.toString());

        assertThat(code).isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(said())
                .contains("setting mesh.threads in " + file)
                .contains("setting mesh.typo in " + file + ": there is no such setting")
                .contains("setting mesh.http.port in MESH_HTTP_PORT")
                .contains("setting bootstrap.servers: is required")
                .contains("setting schema.registry.url: is required");
    }

    /** A name of a broker that does not resolve yet is waited for; the name of this one never does. */
    @ParameterizedTest
    @ValueSource(strings = {"run", "provision", "status", "plan application.copy"})
    @Timeout(60)
    void namesAndBrokersThatAreNotThereYetAreWaitedForUntilTheTimeout(String command, @TempDir Path directory) {
        Stall stall = new Stall("application");
        for (String broker : List.of("broker.invalid:9092", "127.0.0.1:1")) {
            Map<String, String> environment = new HashMap<>(platform());
            environment.put("MESH_BOOTSTRAP_SERVERS", broker);
            environment.put("MESH_PLATFORM_TIMEOUT", "1s");
            environment.put("MESH_STATE_DIR", directory.toString());

            int code = program(List.of(stall.copy(stall.raw))).run(command.split(" "), environment);

            assertThat(code).as(broker + ": " + said()).isEqualTo(ExitCode.PLATFORM.number());
        }
        assertThat(said()).contains("resolv");
    }

    @Test
    void aLoginThatCannotWorkIsToldBeforeAnythingStarts() {
        Map<String, String> environment = new HashMap<>(platform());
        environment.put("MESH_SECURITY_PROTOCOL", "SASL_SSL");
        environment.put("MESH_SASL_MECHANISM", "PLAIN");

        assertThat(run(environment, "run")).isEqualTo(78);
        assertThat(said()).contains("setting sasl.jaas.config: is required");
    }

    private static Map<String, String> platform() {
        return Map.of("MESH_BOOTSTRAP_SERVERS", "localhost:1", "MESH_SCHEMA_REGISTRY_URL", "http://localhost:1");
    }

    private int run(Map<String, String> environment, String... arguments) {
        return application.run(arguments, environment);
    }

    private MeshApplication program(List<StreamingProduct> products) {
        return new MeshApplication(
                products,
                "billing 1.2",
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
