package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.command.CommandFaults;
import io.kappamesh.command.Shell;
import io.kappamesh.console.export.ExportCommand;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.testkit.LocalMesh;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./mesh export} as an operator gives it: what it prints, what it writes, and with which code it ends. */
@SuppressWarnings("try") // what runs is closed
class ExportCommandIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @TempDir
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aPortIsExportedAndWhatCannotBeIsTold() throws Exception {
        NotedShop shop = new NotedShop("shopx", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        String port = shop.orders.address().toString();
        Path files = home.resolve("orders");
        try (MeshRuntime running = mesh.run(shop.product())) {
            mesh.write(shop.raw, "o-1", shop.told("o-1", "by hand"));
            mesh.write(shop.raw, "o-2", shop.told("o-2", ""));
            await().atMost(TIMEOUT).until(() -> mesh.table(shop.orders).size() == 2);

            assertThat(run("export", port, files.toString(), "--as", "jsonl")).isZero();
            assertThat(text(out)).startsWith(port + ": 2 rows in ").contains(" in " + files);
            assertThat(rows(files, ".jsonl"))
                    .hasSize(2)
                    .anySatisfy(row -> assertThat(row).contains("\"o-1\"", "\"by hand\""));
            JsonNode manifest =
                    new ObjectMapper().readTree(files.resolve("manifest.json").toFile());
            assertThat(manifest.path("rows").asInt()).isEqualTo(2);
            assertThat(manifest.path("port").asText()).isEqualTo(port);

            assertThat(run("export", port, files.toString(), "--as", "csv"))
                    .as("nothing is overwritten")
                    .isEqualTo(ExitCode.CONFIGURATION.number());
            assertThat(text(err)).contains(files.toString()).doesNotContain("\tat ");
            assertThat(rows(files, ".jsonl")).hasSize(2);
            assertThat(run("export", port, home.resolve("other").toString(), "--as", "xml"))
                    .isNotZero();
            assertThat(text(err)).contains("xml", "csv", "jsonl", "parquet");
            assertThat(run("export", "shopx.nothing.v1", home.resolve("none").toString(), "--as", "csv"))
                    .isEqualTo(ExitCode.CONTRACT.number());
            assertThat(text(err))
                    .contains("shopx.nothing.v1", "the registry has no schema")
                    .doesNotContain("\tat ");
            assertThat(home.resolve("none").resolve("manifest.json")).doesNotExist();
        }

        writeBytes(port, "o-3");
        Path incomplete = home.resolve("incomplete");
        assertThat(run("export", port, incomplete.toString(), "--as", "csv")).isEqualTo(1);
        assertThat(text(out)).contains(port + ": 2 rows in ", "  1 records cannot be rows: see rejected.jsonl");
        assertThat(incomplete.resolve("rejected.jsonl"))
                .content()
                .contains(Base64.getEncoder().encodeToString("o-3".getBytes(StandardCharsets.UTF_8)), "\"reason\"");
        assertThat(incomplete.resolve("manifest.json")).exists();
    }

    /** Somebody who may write to the topic and does not know the port. */
    private static void writeBytes(String topic, String key) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", mesh.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topic, key.getBytes(StandardCharsets.UTF_8), "no Avro".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static List<String> rows(Path directory, String ending) throws Exception {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.endsWith("rejected.jsonl"))
                    .flatMap(file -> {
                        try {
                            return Files.readAllLines(file).stream();
                        } catch (IOException unreadable) {
                            throw new UncheckedIOException(unreadable);
                        }
                    })
                    .toList();
        }
    }

    @CommandLine.Command(name = "mesh")
    private static final class Program {}

    private int run(String... arguments) {
        out.reset();
        err.reset();
        CommandLine program = new CommandLine(new Program());
        ExportCommand.addTo(
                program,
                new Shell(
                        Map.of(
                                "MESH_BOOTSTRAP_SERVERS", mesh.bootstrapServers(),
                                "MESH_SCHEMA_REGISTRY_URL", mesh.registryUrl(),
                                "MESH_STATE_DIR", home.resolve("state").toString()),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false));
        program.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        CommandFaults.codes(program);
        CommandFaults.toldBy(program);
        return program.execute(arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
