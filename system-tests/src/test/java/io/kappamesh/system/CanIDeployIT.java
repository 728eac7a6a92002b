package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.build.ProductBuild;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import io.kappamesh.condition.Condition;
import io.kappamesh.deploy.DeployCheck;
import io.kappamesh.deploy.DeployReport;
import io.kappamesh.deploy.DeployReport.ConsumerVerdict;
import io.kappamesh.deploy.DeployReport.Offence;
import io.kappamesh.deploy.DeployReport.PortVerdict;
import io.kappamesh.deploy.DeployReport.RuleVerdict;
import io.kappamesh.deployment.DeploymentCommands;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.testkit.LocalMesh;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Builds of a product, and a reader in another domain that demands something of its records. */
@SuppressWarnings("try") // what runs is closed
class CanIDeployIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    private static final DeployCheck.How FAST = new DeployCheck.How(false, OptionalInt.empty());

    @TempDir
    Path home;

    @Test
    void aRecordOfTheHistoryThatBreaksARuleOfAReaderIsNamedAlthoughTheSchemasFit() throws Exception {
        NotedShop shop = new NotedShop("shopa", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        NoteReader books = new NoteReader("booksa", shop.orders.address().toString());
        try (MeshRuntime running = mesh.run(shop.product());
                DeployCheck check = DeployCheck.connect(Settings.of(mesh.settings(), Map.of()))) {
            write(shop, "o-1", "by hand");
            write(shop, "o-2", "");
            write(shop, "o-3", "by hand");
            await().atMost(TIMEOUT).until(() -> mesh.table(shop.orders).size() == 3);
            assertThat(check.check(shop.described("b1"), DeployCheck.How.FULL).isPossible())
                    .as("nobody reads it")
                    .isTrue();

            long began = System.nanoTime();
            try (MeshRuntime reading = mesh.run(books.product())) {
                await().atMost(TIMEOUT).until(() -> consumer(check, shop.described("b1"), "booksa.notes") != null);
                System.out.printf(
                        "a reader stood in the verdicts of a build %.1f s after it was started%n",
                        (System.nanoTime() - began) / 1e9);
                assertThat(check.check(shop.described("b1"), DeployCheck.How.FULL)
                                .isPossible())
                        .as("the same build again")
                        .isTrue();

                NotedShop next = new NotedShop("shopa", NotedShop.ID, NotedShop.AT);
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
                Path gone = home.resolve("needs").resolve("booksa.gone.json");
                Files.writeString(
                        gone,
                        Files.readString(home.resolve("needs").resolve("booksa.notes.json"))
                                .replace("booksa.notes", "booksa.gone"));
                assertThat(command("needs", "shopa", "--to", home.toString()).text())
                        .contains("booksa.notes  as it was", "booksa.gone  removed");
                assertThat(gone).doesNotExist();

                assertThatThrownBy(
                                () -> check.check(next.described("b2"), new DeployCheck.How(true, OptionalInt.of(9))))
                        .isInstanceOf(LifecycleException.class)
                        .hasMessageContaining("no generation g9")
                        .hasMessageContaining("shopa.orders.v1.g9");
            }
        }
    }

    @Test
    void aReaderThatTheSchemaBreaksIsNamedWithTheField() {
        NotedShop shop = new NotedShop("shopb", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        NoteReader books = new NoteReader("booksb", shop.orders.address().toString());
        try (MeshRuntime running = mesh.run(shop.product());
                MeshRuntime reading = mesh.run(books.product());
                DeployCheck check = DeployCheck.connect(Settings.of(mesh.settings(), Map.of()))) {
            await().atMost(TIMEOUT).until(() -> consumer(check, shop.described("b1"), "booksb.notes") != null);
            NotedShop next =
                    new NotedShop("shopb", NotedShop.ID.replace("string", "long"), NotedShop.AT, NotedShop.NOTE);

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
        NotedShop shop = new NotedShop("shopc", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        NoteReader books = new NoteReader("booksc", shop.orders.address().toString());
        Map<String, String> first = mesh.settings();
        first.put("mesh.build", "b1");
        Map<String, String> second = mesh.settings();
        second.put("mesh.build", "b2");
        try (MeshRuntime running = mesh.run(first, shop.product());
                MeshRuntime reading = mesh.run(books.product());
                DeployCheck check = DeployCheck.connect(Settings.of(mesh.settings(), Map.of()))) {
            write(shop, "o-1", "by hand");
            write(shop, "o-2", "");
            write(shop, "o-3", "lost");
            await().atMost(TIMEOUT).until(() -> mesh.table(shop.orders).size() == 3);
            NotedShop next = new NotedShop("shopc", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
            try (MeshRuntime candidate = MeshRuntime.builder(List.of(next.withoutLostNotes()))
                    .candidate(OptionalInt.empty())
                    .start(Settings.of(second, Map.of()))) {
                await().atMost(TIMEOUT).until(() -> {
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

    /** A rule that warns is to refuse: who it hits is known before it does, and without a candidate. */
    @Test
    void whatARuleOfTheBuildItselfIsGoingToRefuseIsCountedOverTheRecordsThatThereAre() throws Exception {
        NotedShop shop = new NotedShop("shopd", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        String orders = shop.orders.address().toString();
        NoteReader now = new NoteReader("booksd", orders, RulePolicy.WARN, port -> port);
        NoteReader next = new NoteReader(
                "booksd",
                orders,
                RulePolicy.DEAD_LETTER,
                port -> port.promises("noted", "there is a note", Condition.of("note is not empty"), RulePolicy.WARN)
                        .promises("known", "only its code knows", order -> true));
        Settings settings = Settings.of(mesh.settings(), Map.of());
        try (MeshRuntime running = mesh.run(shop.product());
                MeshRuntime reading = mesh.run(now.product());
                DeployCheck check = DeployCheck.connect(settings);
                Lifecycle lifecycle = Lifecycle.connect(settings)) {
            write(shop, "o-1", "by hand");
            write(shop, "o-2", "");
            write(shop, "o-3", "");
            await().atMost(TIMEOUT).until(() -> mesh.table(now.notes()).size() == 3);
            await().atMost(TIMEOUT).until(() -> consumer(check, shop.described("b1"), "booksd.notes") != null);
            assertThat(check.check(now.described("b1"), DeployCheck.How.FULL).rules())
                    .as("it asks for no more than what is deployed")
                    .isEmpty();

            DeployReport report = check.check(next.described("b2"), DeployCheck.How.FULL);

            assertThat(report.isPossible()).as("it is a change like any other").isTrue();
            assertThat(report.rules()).hasSize(2);
            RuleVerdict demanded = report.rules().get(0);
            assertThat(demanded.port()).isEqualTo("shopd.orders.v1");
            assertThat(demanded.product()).isEqualTo("booksd.notes");
            assertThat(demanded.isInput()).isTrue();
            assertThat(demanded.history().records()).isEqualTo(3);
            assertThat(demanded.unchecked()).isEmpty();
            assertThat(demanded.offences()).singleElement().satisfies(offence -> {
                assertThat(offence.detail()).contains("rule has-note does not hold");
                assertThat(offence.records()).isEqualTo(2);
                assertThat(offence.already()).isZero();
                assertThat(offence.key()).isIn("o-2", "o-3");
            });
            assertThat(demanded.knowsToday()).isTrue();
            RuleVerdict promised = report.rules().get(1);
            assertThat(promised.port()).isEqualTo("booksd.notes.v1");
            NoteReader stopping = new NoteReader("booksd", orders, RulePolicy.STOP, port -> port);
            assertThat(check.check(stopping.described("b3"), DeployCheck.How.FULL)
                            .rules())
                    .singleElement()
                    .satisfies(rules -> assertThat(rules.offences())
                            .singleElement()
                            .satisfies(offence -> {
                                assertThat(offence.stops()).isTrue();
                                assertThat(offence.records()).isEqualTo(2);
                            }));
            assertThat(promised.isInput()).isFalse();
            assertThat(promised.offences())
                    .singleElement()
                    .satisfies(offence -> assertThat(offence.records()).isEqualTo(2));
            assertThat(promised.unchecked())
                    .singleElement()
                    .asString()
                    .contains("rule known is new or stricter, and a function in the build's code");
            assertThat(check.check(next.described("b2"), new DeployCheck.How(false, OptionalInt.empty()))
                            .rules()
                            .get(0)
                            .unchecked())
                    .containsExactly("rule has-note is new or stricter: no records were read");
            Path file = Files.writeString(home.resolve("b2.json"), ContractFiles.text(next.described("b2")));
            Told told = command("can-i-deploy", file.toString());
            assertThat(told.code()).isZero();
            assertThat(told.text())
                    .contains(
                            "shopd.orders.v1   new or stricter rules of booksd.notes; 3 records of shopd.orders.v1",
                            "rule has-note does not hold: an order has a note: would refuse 2 records that are taken today, the first of them key o-");
            System.out.println(told.text());

            assertThat(lifecycle.plan(ProductBuild.of(next.product(), settings)).warnings())
                    .as("a plan reads no records, and says so")
                    .anyMatch(note -> note.startsWith("rule has-note at shopd.orders.v1 is new or stricter: how many")
                            && note.contains("`can-i-deploy` counts them"));
            assertThat(lifecycle.plan(ProductBuild.of(now.product(), settings)).warnings())
                    .noneMatch(note -> note.startsWith("rule "));
        }
    }

    @Test
    void aPortThatAnotherProductOfTheBuildTakesOverIsNotDropped() {
        NotedShop shop = new NotedShop("shope", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        NotedShop rest = new NotedShop("shope", NotedShop.ID, NotedShop.AT);
        NoteReader books = new NoteReader("bookse", shop.orders.address().toString());
        try (MeshRuntime running = mesh.run(shop.product());
                MeshRuntime reading = mesh.run(books.product());
                DeployCheck check = DeployCheck.connect(Settings.of(mesh.settings(), Map.of()))) {
            await().atMost(TIMEOUT).until(() -> consumer(check, shop.described("b1"), "bookse.notes") != null);

            DeployReport without = check.check(List.of(rest.publishing("shope.orders", "shope.rest.v1")), FAST);
            DeployReport moved = check.check(
                    List.of(
                            rest.publishing("shope.orders", "shope.rest.v1"),
                            shop.publishing("shope.all", "shope.orders.v1")),
                    FAST);

            assertThat(without.isPossible()).isFalse();
            assertThat(without.ports())
                    .filteredOn(port -> port.port().equals("shope.orders.v1"))
                    .singleElement()
                    .satisfies(port -> assertThat(port.consumers().get(0).breaches())
                            .singleElement()
                            .asString()
                            .contains("port-dropped"));
            assertThat(moved.isPossible()).isTrue();
            assertThat(moved.ports())
                    .filteredOn(port -> port.port().equals("shope.orders.v1"))
                    .singleElement()
                    .satisfies(port -> {
                        assertThat(port.product()).isEqualTo("shope.all");
                        assertThat(port.consumers())
                                .extracting(ConsumerVerdict::consumer)
                                .containsExactly("bookse.notes");
                    });
        }
    }

    private static void write(NotedShop shop, String id, String note) {
        mesh.write(shop.raw, id, shop.told(id, note));
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
}
