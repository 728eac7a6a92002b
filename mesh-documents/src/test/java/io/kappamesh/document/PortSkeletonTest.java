package io.kappamesh.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.Owner;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.evolution.ContractFiles;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.avro.Schema;
import org.apache.avro.compiler.specific.SpecificCompiler;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortSkeletonTest {
    private static final String FOREIGN = """
            apiVersion: v3.1.0
            kind: DataContract
            id: 53581432-6c55-4ba2-a65f-72344a91553a
            name: Seller Payments
            version: 2.1.0
            status: active
            domain: Seller
            description: {purpose: "What \\"sellers\\" get */ in C:\\\\users"}
            schema:
              - name: payments
                properties:
                  - {name: txn-ref, logicalType: string, primaryKey: true, primaryKeyPosition: 1, description: The reference.}
                  - {name: paid at, logicalType: timestamp, required: true}
                  - {name: amount, logicalType: number, physicalType: "DECIMAL(18, 4)", required: true}
                  - {name: rate, logicalType: number}
                  - {name: mail, logicalType: string, classification: restricted}
                  - {name: what, physicalType: variant}
                  - name: lines
                    logicalType: array
                    required: true
                    items:
                      logicalType: object
                      properties:
                        - {name: class, logicalType: integer, logicalTypeOptions: {format: i32}, required: true}
                        - {name: day, logicalType: date}
                quality:
                  - {name: rows, type: library, metric: rowCount, mustBeGreaterThan: 0}
            slaProperties:
              - {property: latency, value: 4, unit: d}
              - {property: retention, value: 3, unit: y}
              - {property: generalAvailability, value: "2022-05-12T09:30:10-08:00"}
            """;

    @TempDir
    private Path directory;

    @Test
    void whatWeWroteBecomesThePortThatItWasMadeOf() throws Exception {
        ContractFiles contracts = new ContractFiles(Path.of("../schemas"));
        List<OutputDescription> ports = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("../schemas/released"))) {
            for (Path file : files.sorted().toList()) {
                List<OutputDescription> releases =
                        contracts.releases(file.getFileName().toString().replace(".json", ""));
                ports.add(releases.get(releases.size() - 1));
            }
        }
        assertThat(ports).hasSizeGreaterThan(4);

        for (OutputDescription port : ports) {
            PortSkeleton skeleton = PortSkeleton.ofOdcs(odcs(port), Optional.of("org.example.again"));

            assertThat(OutputDescription.of(compiled(skeleton, directory.resolve(port.address())), Map.of()))
                    .isEqualTo(importable(port));
        }
    }

    @Test
    void aContractOfOthersBecomesAPortWithNotes() throws Exception {
        PortSkeleton skeleton = PortSkeleton.ofOdcs(FOREIGN, Optional.empty());

        OutputPort<?> port = compiled(skeleton, directory);
        assertThat(port.address()).hasToString("seller.seller-payments.v2");
        assertThat(port.contract().levels().freshness()).hasDays(4);
        assertThat(port.contract().eventTime().field()).contains("paid_at");
        assertThat(port.contract().description()).isEqualTo("What \"sellers\" get */ in C:\\users");
        Schema schema = port.contract().schema();
        assertThat(schema.getFullName()).isEqualTo("org.example.seller.sellerpayments.v2.Payments");
        assertThat(schema.getField("txn_ref").doc()).isEqualTo("The reference.");
        assertThat(schema.getField("mail").getObjectProp("classification")).isEqualTo("restricted");
        assertThat(schema.getField("amount").schema().getLogicalType().getName())
                .isEqualTo("decimal");
        assertThat(schema.getField("lines")
                        .schema()
                        .getElementType()
                        .getField("day")
                        .schema()
                        .isNullable())
                .isTrue();
        assertThat(skeleton.notes())
                .anySatisfy(note ->
                        assertThat(note).contains("is no address of a port; it became seller.seller-payments.v2"))
                .anySatisfy(note -> assertThat(note).contains("was 'paid at'"))
                .anySatisfy(note -> assertThat(note).contains("Payments.rate", "double"))
                .anySatisfy(note -> assertThat(note).contains("Payments.what", "became a string"))
                .anySatisfy(note -> assertThat(note).contains("event time; it became paid_at"))
                .anySatisfy(note -> assertThat(note).contains("'retention' was not taken"))
                .anySatisfy(note -> assertThat(note).contains("'generalAvailability' was not taken"))
                .anySatisfy(note -> assertThat(note).contains("'rows' is not a condition"));
    }

    @Test
    void whatIsNoContractIsRefused() {
        assertThatThrownBy(() -> PortSkeleton.ofOdcs("kind: DataProduct\n", Optional.empty()))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("kind: DataContract");
        assertThatThrownBy(() -> PortSkeleton.ofOdcs("kind: DataContract\nid: a\n", Optional.empty()))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("has no schema");
        assertThatThrownBy(() -> PortSkeleton.ofOdcs("a: [", Optional.empty()))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("expected YAML or JSON");
    }

    @Test
    void everyTextIsALiteral() {
        assertThat(PortCode.quoted("a\"b\\u0041\n\u0000é")).isEqualTo("\"a\\\"b\\\\u0041\\n\\u0000\\u00e9\"");
    }

    private static String odcs(OutputDescription port) {
        ProductDescription product = new ProductDescription(
                port.address().replaceFirst("\\.v\\d+$", ""),
                new Owner("team", "team@example.org"),
                "",
                List.of(port),
                List.of(),
                new ProductDescription.Software(null, "1"),
                List.of(),
                List.of());
        return ProductDocuments.describing(List.of(product))
                .as(Standard.ODCS)
                .get(0)
                .yaml();
    }

    /** Without the rules that are code, and with what is always measured. */
    private static OutputDescription importable(OutputDescription port) {
        RecordDescription records = port.records();
        return new OutputDescription(
                port.address(),
                port.kind(),
                port.description(),
                new RecordDescription(
                        records.schemaId(),
                        records.schema(),
                        records.eventTime(),
                        records.keyField() == null ? null : records.key(),
                        records.keyField(),
                        records.rules().stream()
                                .filter(rule -> rule.condition() != null)
                                .toList(),
                        records.maxBytes()),
                port.partitions(),
                measured(Objects.requireNonNull(port.levels())),
                null);
    }

    /** Releases have no objectives; a port that is declared has one for its freshness. */
    private static OutputDescription.Levels measured(OutputDescription.Levels levels) {
        return new OutputDescription.Levels(
                levels.freshness(),
                levels.retention(),
                levels.lookBack(),
                List.of(new OutputDescription.Promised("freshness", 0.99, 30, levels.freshness(), null, null)));
    }

    private static OutputPort<?> compiled(PortSkeleton skeleton, Path into) throws Exception {
        Path generated = into.resolve("generated");
        List<Path> sources = new ArrayList<>();
        String main = "";
        for (Map.Entry<String, String> file : skeleton.files().entrySet()) {
            Path path = into.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            if (file.getKey().endsWith(".avsc")) {
                generate(path, generated);
            } else {
                sources.add(path);
                main = file.getKey()
                        .replace("src/main/java/", "")
                        .replace(".java", "")
                        .replace('/', '.');
            }
        }
        try (Stream<Path> files = Files.walk(generated)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
        Path classes = Files.createDirectories(into.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            assertThat(compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-d", classes.toString(), "-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(sources))
                            .call())
                    .as("compiles: %s", skeleton.files())
                    .isTrue();
        }
        ClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, PortSkeletonTest.class.getClassLoader());
        for (Field field : Class.forName(main, true, loader).getDeclaredFields()) {
            if (field.getType() == OutputPort.class) {
                field.setAccessible(true);
                return (OutputPort<?>) field.get(null);
            }
        }
        throw new AssertionError("declares no port: " + skeleton.files());
    }

    /** As the projects that {@code mesh new} makes do. */
    private static void generate(Path schema, Path generated) throws IOException {
        SpecificCompiler compiler = new SpecificCompiler(new Schema.Parser().parse(Files.readString(schema)));
        compiler.setStringType(GenericData.StringType.String);
        compiler.setEnableDecimalLogicalType(true);
        compiler.compileToDestination(schema.toFile(), generated.toFile());
    }
}
