package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import io.kappamesh.condition.Condition;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.deploy.DeployCheck;
import io.kappamesh.deploy.DeployReport;
import io.kappamesh.deploy.DeployReport.ConsumerVerdict;
import io.kappamesh.deploy.DeployReport.Offence;
import io.kappamesh.deploy.DeployReport.PortVerdict;
import io.kappamesh.deployment.DeploymentCommands;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.topology.StreamingProduct;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Builds of a product, and a reader in another domain that demands something of its records. */
@SuppressWarnings("try") // what runs is closed
class CanIDeployIT {
    private static final String ID = "{\"name\":\"id\",\"type\":\"string\"}";
    private static final String AT =
            "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}";
    private static final String NOTE = "{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}";

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @TempDir
    Path home;

    @Test
    void aRecordOfTheHistoryThatBreaksARuleOfAReaderIsNamedAlthoughTheSchemasFit() throws Exception {
        Shop shop = new Shop("shopa", ID, AT, NOTE);
        Reader books = new Reader("booksa", shop.orders.address().toString());
        try (MeshRuntime running = mesh.run(shop.product());
                DeployCheck check = DeployCheck.connect(Settings.of(mesh.settings(), Map.of()))) {
            shop.write("o-1", "by hand");
            shop.write("o-2", "");
            shop.write("o-3", "by hand");
            await().until(() -> mesh.table(shop.orders).size() == 3);
            assertThat(check.check(shop.described("b1"), DeployCheck.How.FULL).isPossible())
                    .as("nobody reads it")
                    .isTrue();

            long began = System.nanoTime();
            try (MeshRuntime reading = mesh.run(books.product())) {
                await().until(() -> consumer(check, shop.described("b1"), "booksa.notes") != null);
                System.out.printf(
                        "a reader stood in the verdicts of a build %.1f s after it was started%n",
                        (System.nanoTime() - began) / 1e9);
                assertThat(check.check(shop.described("b1"), DeployCheck.How.FULL)
                                .isPossible())
                        .as("the same build again")
                        .isTrue();

                Shop next = new Shop("shopa", ID, AT);
                DeployReport report = check.check(next.described("b2"), DeployCheck.How.FULL);

                PortVerdict port = report.ports().get(0);
                assertThat(port.breaches()).as("by their schemas they fit").isEmpty();
                assertThat(report.isPossible()).isFalse();
                assertThat(port.history().records()).isEqualTo(3);
                Offence offence = port.consumers().get(0).offences().get(0);
                assertThat(offence.reason()).isEqualTo("quality");
                assertThat(offence.detail()).contains("has-note");
                assertThat(offence.records()).isEqualTo(2);
                assertThat(offence.already()).isEqualTo(1);
                assertThat(offence.key()).isIn("o-1", "o-3");
                assertThat(check.check(next.described("b2"), new DeployCheck.How(false, OptionalInt.empty()))
                                .isPossible())
                        .as("by the declarations alone")
                        .isTrue();

                Path file = Files.writeString(home.resolve("b2.json"), ContractFiles.text(next.described("b2")));
                Told told = command("can-i-deploy", file.toString());
                assertThat(told.code()).isEqualTo(1);
                assertThat(told.text())
                        .contains("NO   booksa.notes", "has-note", "it would refuse 2 records", "key o-");
                assertThat(told.text()).endsWith("no" + System.lineSeparator());
                System.out.println(told.text());

                Told needs = command("needs", "shopa", "--to", home.toString());
                assertThat(needs.code()).isZero();
                assertThat(Files.readString(home.resolve("needs").resolve("booksa.notes.json")))
                        .contains("has-note", "note is not empty");
            }
        }
    }

    @Test
    void aReaderThatTheSchemaBreaksIsNamedWithTheField() {
        Shop shop = new Shop("shopb", ID, AT, NOTE);
        Reader books = new Reader("booksb", shop.orders.address().toString());
        try (MeshRuntime running = mesh.run(shop.product());
                MeshRuntime reading = mesh.run(books.product());
                DeployCheck check = DeployCheck.connect(Settings.of(mesh.settings(), Map.of()))) {
            await().until(() -> consumer(check, shop.described("b1"), "booksb.notes") != null);
            Shop next = new Shop("shopb", ID.replace("string", "long"), AT, NOTE);

            DeployReport report = check.check(next.described("b2"), DeployCheck.How.FULL);

            assertThat(report.isPossible()).isFalse();
            PortVerdict port = report.ports().get(0);
            assertThat(port.breaches())
                    .anyMatch(one -> one.contains("version 1") && one.contains("Order.id is"))
                    .allMatch(one -> one.contains("[type-changed]"));
            assertThat(port.consumers())
                    .singleElement()
                    .satisfies(consumer -> assertThat(consumer.breaches())
                            .singleElement()
                            .asString()
                            .contains("read by booksb.notes", "Order.id", "[type-changed]"));
        }
    }

    @Test
    void whatACandidateComputesIsJudgedAndWhatIsRefusedTodayIsNot() throws Exception {
        Shop shop = new Shop("shopc", ID, AT, NOTE);
        Reader books = new Reader("booksc", shop.orders.address().toString());
        Map<String, String> first = mesh.settings();
        first.put("mesh.build", "b1");
        Map<String, String> second = mesh.settings();
        second.put("mesh.build", "b2");
        try (MeshRuntime running = mesh.run(first, shop.product());
                MeshRuntime reading = mesh.run(books.product());
                DeployCheck check = DeployCheck.connect(Settings.of(mesh.settings(), Map.of()))) {
            shop.write("o-1", "by hand");
            shop.write("o-2", "");
            shop.write("o-3", "lost");
            await().until(() -> mesh.table(shop.orders).size() == 3);
            Shop next = new Shop("shopc", ID, AT, NOTE);
            try (MeshRuntime candidate = MeshRuntime.builder(List.of(next.withoutLostNotes()))
                    .candidate(OptionalInt.empty())
                    .start(Settings.of(second, Map.of()))) {
                await().until(() -> {
                    DeployReport report = check.check(next.described("b2"), DeployCheck.How.FULL);
                    return report.ports().get(0).history().ofCandidate()
                            && report.ports().get(0).history().records() == 3
                            && consumer(check, next.described("b2"), "booksc.notes") != null;
                });

                DeployReport report = check.check(next.described("b2"), DeployCheck.How.FULL);

                assertThat(report.isPossible()).isFalse();
                assertThat(report.ports().get(0).history().topic()).isEqualTo("shopc.orders.v1.g2");
                assertThat(report.ports().get(0).consumers().get(0).offences())
                        .singleElement()
                        .satisfies(offence -> {
                            assertThat(offence.key()).isEqualTo("o-3");
                            assertThat(offence.records()).isEqualTo(1);
                            assertThat(offence.already()).isEqualTo(1);
                        });
            }
        }
    }

    private record Told(int code, String text) {}

    private static Told command(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CommandLine program = new CommandLine(new Nothing());
        Shell shell = new Shell(
                Map.of(
                        "MESH_BOOTSTRAP_SERVERS", mesh.bootstrapServers(),
                        "MESH_SCHEMA_REGISTRY_URL", mesh.registryUrl()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                false);
        DeploymentCommands.addTo(program, shell, List.of());
        OperatorCommands.addTo(program, shell);
        return new Told(program.execute(arguments), out.toString(StandardCharsets.UTF_8));
    }

    @CommandLine.Command(name = "mesh")
    private static final class Nothing {}

    private static ConsumerVerdict consumer(DeployCheck check, List<ProductDescription> build, String name) {
        return check.check(build, new DeployCheck.How(false, OptionalInt.empty())).ports().stream()
                .flatMap(port -> port.consumers().stream())
                .filter(one -> one.consumer().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static Schema order(String namespace, String... fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"" + namespace + "\",\"fields\":["
                        + String.join(",", fields) + "]}");
    }

    /** Hands on what it is told. */
    private static final class Shop {
        private final String domain;
        private final Schema schema;
        final EventSource<GenericRecord> raw;
        final OutputPort<GenericRecord> orders;

        Shop(String domain, String... fields) {
            this.domain = domain;
            this.schema = order(domain, fields);
            raw = SourcePort.events(domain + ".raw.v1", GenericRecord.class)
                    .schema(order(domain, ID, AT, NOTE))
                    .eventTime("at")
                    .describedAs("Orders as they come")
                    .build();
            orders = OutputPort.table(domain + ".orders.v1", GenericRecord.class)
                    .schema(schema)
                    .eventTime("at")
                    .describedAs("Orders")
                    .build();
        }

        DataProduct declared() {
            return DataProduct.named(domain + ".orders")
                    .ownedBy(domain, domain + "@example.org")
                    .describedAs("Orders")
                    .reads(raw)
                    .publishes(orders)
                    .build();
        }

        List<ProductDescription> described(String build) {
            return List.of(ProductDescription.of(declared(), build, "test", Map.of()));
        }

        StreamingProduct product() {
            return new StreamingProduct(
                    declared(), ports -> ports.publish(orders, ports.read(raw).becomes(orders, this::same).stream()));
        }

        StreamingProduct withoutLostNotes() {
            return new StreamingProduct(
                    declared(),
                    ports -> ports.publish(orders, ports.read(raw).becomes(orders, this::withoutLost).stream()));
        }

        private GenericRecord same(GenericRecord raw) {
            return new GenericRecordBuilder(schema)
                    .set("id", raw.get("id"))
                    .set("at", raw.get("at"))
                    .set("note", raw.get("note"))
                    .build();
        }

        private GenericRecord withoutLost(GenericRecord raw) {
            GenericRecord order = same(raw);
            if (order.get("note").toString().equals("lost")) {
                order.put("note", "");
            }
            return order;
        }

        void write(String id, String note) {
            mesh.write(
                    raw,
                    id,
                    new GenericRecordBuilder(order(domain, ID, AT, NOTE))
                            .set("id", id)
                            .set("at", Instant.parse("2026-03-01T10:00:00Z"))
                            .set("note", note)
                            .build());
        }
    }

    /** Demands a note of each order. */
    private static final class Reader {
        private final String domain;
        private final InputPort<GenericRecord> orders;
        private final OutputPort<GenericRecord> notes;

        Reader(String domain, String address) {
            this.domain = domain;
            Schema needed = order(domain, ID, AT, NOTE);
            orders = InputPort.table(address, GenericRecord.class)
                    .schema(needed)
                    .eventTime("at")
                    .demands("has-note", "an order has a note", Condition.of("note is not empty"))
                    .build();
            notes = OutputPort.table(domain + ".notes.v1", GenericRecord.class)
                    .schema(needed)
                    .eventTime("at")
                    .describedAs("Notes")
                    .build();
        }

        StreamingProduct product() {
            return new StreamingProduct(
                    DataProduct.named(domain + ".notes")
                            .ownedBy(domain, domain + "@example.org")
                            .describedAs("Notes of orders")
                            .reads(orders)
                            .publishes(notes)
                            .build(),
                    ports -> ports.publish(notes, ports.read(orders).changes()));
        }
    }
}
