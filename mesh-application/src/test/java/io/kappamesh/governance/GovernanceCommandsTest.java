package io.kappamesh.governance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.CommandFaults;
import io.kappamesh.command.Shell;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.fixture.Products;
import io.kappamesh.level.Objective;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands about what products promise, on a build: none of them needs a platform for that. */
class GovernanceCommandsTest {
    private static final OutputPort<GenericRecord> PORT = Products.table("sales.orders.v1")
            .objective(Objective.completeness(0.999))
            .build();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path build = Path.of("");

    @BeforeEach
    void aBuild() throws IOException {
        build = directory.resolve("build.json");
        Files.writeString(
                build,
                ContractFiles.text(List.of(ProductDescription.of(
                        DataProduct.named("sales.orders")
                                .ownedBy("sales", "sales@shop.test")
                                .describedAs("Orders")
                                .reads(Products.source("sales.raw.v1").build())
                                .publishes(PORT)
                                .build(),
                        null,
                        "1",
                        Map.of()))));
    }

    @Test
    void checkEndsWithOneWhereAPolicyThatRefusesIsViolatedOrAllAreAsked() throws IOException {
        assertThat(run("check", "--build", build.toString())).isZero();
        assertThat(text()).contains("sales.orders\n", "  warn  port sales.orders.v1, field at: has no documentation");
        assertThat(run("check", "--build", build.toString(), "--strict")).isEqualTo(1);
        assertThat(run("check", "--build", build.toString(), "--policy", "field-documented=refuse"))
                .isEqualTo(1);
        assertThat(run("check", "--build", build.toString(), "--policy", "field-documented=off", "--strict"))
                .isZero();
        assertThat(text()).contains("sales.orders: as all 8 policies ask");
    }

    /** A product whose schemas are too large for the catalogue stands there without them. */
    @Test
    void checkSaysOfWhichPortsItKnowsNoFields() throws IOException {
        Files.writeString(
                build, Files.readString(build).replaceAll("\"schema\" : \"(\\\\.|[^\"])*\"", "\"schema\" : null"));

        assertThat(run("check", "--build", build.toString())).isZero();
        assertThat(text())
                .contains(
                        "sales.orders: as policies ask, as far as they could be asked",
                        "  not asked about fields: port sales.orders.v1")
                .doesNotContain("as all");
        run("check", "--build", build.toString(), "--json");
        assertThat(new ObjectMapper()
                        .readTree(text())
                        .get(0)
                        .path("notAskedAboutFields")
                        .get(0)
                        .asText())
                .isEqualTo("sales.orders.v1");
    }

    @Test
    void checkPrintsJson() throws IOException {
        run("check", "--build", build.toString(), "--json");

        JsonNode printed = new ObjectMapper().readTree(text());
        assertThat(printed.get(0).path("product").asText()).isEqualTo("sales.orders");
        assertThat(printed.get(0).path("violations").get(0).path("policy").asText())
                .isEqualTo("field-documented");
    }

    @Test
    void checkRefusesWhatItDoesNotKnow() {
        assertThat(run("check", "sales.nothing", "--build", build.toString()))
                .isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(run("check", "--build", build.toString(), "--policy", "owner=maybe"))
                .isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(run("check", "--build", directory.resolve("none.json").toString()))
                .isNotZero();
    }

    private int importing(Path contract) {
        return run(
                "import", "odcs", contract.toString(), "--dir", directory.toString(), "--package", "org.example.sales");
    }

    @Test
    void documentsArePrintedOrWrittenAndImportMakesAPortOfThem() throws IOException {
        assertThat(run("documents", "--as", "odcs", "--build", build.toString(), "--dir", directory.toString()))
                .isZero();
        Path contract = directory.resolve("sales.orders.v1.odcs.yaml");
        assertThat(contract).content().contains("completenessObjective", "99.9");

        assertThat(run("documents", "sales.orders.v1", "--as", "odcs", "--build", build.toString(), "--json"))
                .isZero();
        JsonNode printed = new ObjectMapper().readTree(text());
        assertThat(printed.get(0).path("kind").asText()).isEqualTo("DataContract");

        assertThat(importing(contract)).isZero();
        try (var files = Files.walk(directory)) {
            Path code = files.filter(file -> file.toString().endsWith("OrdersPort.java"))
                    .findFirst()
                    .orElseThrow();
            assertThat(code).content().contains("objective(Objective.completeness(0.999).over(30))");
            String before = Files.readString(code);
            assertThat(importing(contract)).as("nothing is overwritten").isNotZero();
            assertThat(code).hasContent(before);
        }
    }

    @Test
    void documentsRefuseAStandardThatTheyDoNotKnow() {
        assertThat(run("documents", "--as", "osi", "--build", build.toString())).isNotZero();
    }

    @Test
    void sloPrintsRulesOfABuildAndSaysThatABuildHasMeasuredNothing() {
        assertThat(run("slo", "--as", "prometheus-rules", "--build", build.toString()))
                .isZero();
        assertThat(text()).contains("groups:", "PortLevelMissed", "PortNotMeasured");
        assertThat(run("slo", "--as", "openslo", "--build", build.toString()))
                .isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(run("slo", "--build", build.toString())).isEqualTo(ExitCode.CONFIGURATION.number());
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("a build has measured nothing");
    }

    @Command(name = "mesh")
    private static final class Program {}

    private int run(String... arguments) {
        out.reset();
        Shell shell = new Shell(
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Shell.ofProcess(Map.of()).terminal());
        CommandLine program = new CommandLine(new Program());
        GovernanceCommands.addTo(program, shell, List.of());
        program.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        CommandFaults.codes(program);
        CommandFaults.toldBy(program);
        return program.execute(arguments);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
