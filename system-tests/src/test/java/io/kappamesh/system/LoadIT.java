package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.command.CommandFaults;
import io.kappamesh.command.Shell;
import io.kappamesh.console.export.ExportCommand;
import io.kappamesh.console.load.LoadCommands;
import io.kappamesh.stack.Ports;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The demo with SQL: its products in a real PostgreSQL, checked at the command line, and what docs/load.md asks of them. */
@Timeout(600)
class LoadIT {
    private static final Pattern QUESTION =
            Pattern.compile("```sql\n(.*?);\n```\n\n(?:```text\n(.*?)\n```)?", Pattern.DOTALL);

    @TempDir
    static Path temporary;

    @TempDir
    Path folder;

    private record Ended(int code, String out, String err) {}

    @Command(name = "mesh")
    private static final class Program {}

    @Test
    void analystsGetTheAnswersThatTheDocumentShows() throws Exception {
        List<Integer> ports = Ports.free(2);
        int port = ports.get(0);
        try (DemoRun demo = DemoRun.start(
                folder,
                temporary,
                "--serve",
                "--history",
                "1",
                "--from-archives",
                "--sql",
                "--postgres-port",
                Integer.toString(port),
                "--masterdata-port",
                Integer.toString(ports.get(1)))) {
            demo.awaitServing();
            Assumptions.assumeFalse(
                    demo.output().contains("PostgreSQL does not run as root")
                            || demo.output().contains("PostgreSQL did not start"),
                    demo::output);
            assertThat(demo.isAlive()).as(demo.output()).isTrue();
            assertThat(demo.report()
                            .at("/archive/sales.order-events.v1/written")
                            .intValue())
                    .isEqualTo(15_000);
            assertThat(demo.report()
                            .at("/archive/logistics.shipment-events.v1/live")
                            .intValue())
                    .isZero();
            assertThat(demo.report()
                            .at("/archive/masterdata.customer-rows.v1/written")
                            .intValue())
                    .isEqualTo(1_500);
            assertThat(demo.report().at("/sql/tables"))
                    .hasSize(9)
                    .allMatch(table -> table.path("agrees").asBoolean());
            assertThat(demo.report().at("/sql/queries"))
                    .hasSize(8)
                    .allMatch(query -> query.path("agrees").asBoolean());
            String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
            String revenue = "sales.daily-revenue.v1";
            assertThat(run(demo, "load", revenue, "--once", "--schema", "elsewhere", "--jdbc", url)
                            .code())
                    .isZero();
            Ended verified = run(demo, "verify-load", revenue, "--schema", "elsewhere", "--jdbc", url);
            assertThat(verified.code()).as(verified.toString()).isZero();
            assertThat(verified.out()).contains("no difference");
            Ended children = run(
                    demo, "load", "sales.orders.v1", "--once", "--child", "lines", "--schema", "mine", "--jdbc", url);
            assertThat(children.code()).as(children.toString()).isZero();
            assertThat(run(demo, "verify-load", "sales.orders.v1", "--schema", "mine", "--jdbc", url)
                            .code())
                    .isZero();
            try (Connection connection = java.sql.DriverManager.getConnection(url)) {
                answersAreThoseOfTheDocument(connection);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("UPDATE sales.orders_v1 SET order_priority = 'none' WHERE order_id = '1'");
                    statement.execute("DELETE FROM sales.orders_v1 WHERE order_id = '2'");
                }
            }
            Ended spoiled = run(demo, "verify-load", "sales.orders.v1", "--jdbc", url);
            assertThat(spoiled.code()).isEqualTo(1);
            assertThat(spoiled.out().replaceAll("up to .*", "up to 2026-03-01T12:00:00Z"))
                    .isEqualTo(verificationInTheDocument());
            assertThat(run(demo, "reload", "sales.orders.v1", "--jdbc", url).code())
                    .isZero();
            assertThat(run(demo, "verify-load", "sales.orders.v1", "--jdbc", url)
                            .code())
                    .isZero();

            Path files = folder.resolve("orders");
            Ended exported = run(demo, "export", "sales.orders.v1", files.toString(), "--as", "parquet");
            assertThat(exported.code()).as(exported.toString()).isZero();
            assertThat(exported.out()).startsWith("sales.orders.v1: 15,000 rows in ");
            JsonNode manifest =
                    new ObjectMapper().readTree(files.resolve("manifest.json").toFile());
            assertThat(manifest.get("rows").longValue()).isEqualTo(15_000);
            assertThat(manifest.get("generation").intValue()).isEqualTo(1);

            Ended unknown = run(demo, "load", "sales.nothing.v1", "--once", "--jdbc", url);
            assertThat(unknown.code()).isEqualTo(65);
            assertThat(unknown.err())
                    .contains("port sales.nothing.v1", "does not exist")
                    .doesNotContain("\tat ");
        }
    }

    private static void answersAreThoseOfTheDocument(Connection connection) throws Exception {
        String document = Files.readString(document());
        Matcher question = QUESTION.matcher(document);
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        while (question.find()) {
            expected.add(question.group(1) + "\n" + question.group(2));
            found.add(question.group(1) + "\n" + Psql.result(connection, question.group(1)));
        }
        assertThat(String.join("\n\n", found)).isEqualTo(String.join("\n\n", expected));
        assertThat(found).hasSize(16);
    }

    private static String verificationInTheDocument() throws Exception {
        Matcher block = Pattern.compile("```text\n(sales\\.orders\\.v1 and table.*?\n)```", Pattern.DOTALL)
                .matcher(Files.readString(document()));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static Path document() {
        return Checkout.root().resolve("docs").resolve("load.md");
    }

    private Ended run(DemoRun demo, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> environment = Map.of(
                "MESH_BOOTSTRAP_SERVERS", demo.bootstrapServers(),
                "MESH_SCHEMA_REGISTRY_URL", demo.registryUrl(),
                "MESH_STATE_DIR", folder.resolve("loader").toString());
        Shell shell = new Shell(environment, print(out), print(err), false);
        CommandLine program = new CommandLine(new Program());
        LoadCommands.addTo(program, shell);
        ExportCommand.addTo(program, shell);
        CommandFaults.toldBy(program);
        program.setErr(new java.io.PrintWriter(print(err), true, StandardCharsets.UTF_8));
        int code = program.execute(arguments);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
