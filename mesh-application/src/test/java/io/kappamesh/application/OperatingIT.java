package io.kappamesh.application;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.Stall;
import io.kappamesh.observe.ProductState;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator at the command line, beside a product that runs. Each test has a domain of its own. */
@Timeout(180)
class OperatingIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    private Path directory;

    private final Terminal terminal = new Terminal();

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.start();
        registry = new FakeRegistry();
        new OperatingIT().brokersOnWhichNothingRanSaySo();
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        broker.stop();
    }

    @Test
    void aReplayIsPlannedBegunWatchedAndRetired() throws Exception {
        Stall stall = new Stall("operated");
        try (MeshRuntime runtime = MeshRuntime.start(settings(), List.of(stall.copy(stall.raw)))) {
            awaitLive(runtime, 1);
            broker.write(stall.record(registry, "b", basket(NOON, "pen", 1)));

            assertThat(mesh("plan", "operated.copy", "--rate", "1")).isZero();
            assertThat(terminal.said())
                    .contains("Replay of operated.copy as operated.copy.g2", "1 records at most, 2 partitions", "1 s");
            assertThat(mesh("replay", "operated.copy")).isZero();
            assertThat(terminal.said()).contains("operated.copy.g2: begun");
            await().atMost(TIMEOUT)
                    .until(() -> candidate().path("caughtUp").asBoolean()
                            && candidate().path("done").asInt() == 1);
            assertThat(candidate().path("state").asText()).isEqualTo("LIVE");
            assertThat(mesh("status", "operated")).isZero();
            assertThat(terminal.said())
                    .contains("operated.copy\n  g1   SERVING   LIVE", "  g2   CANDIDATE LIVE", "100%  1 of 1");
            assertThat(mesh("plan", "operated.copy")).isZero();
            assertThat(terminal.said()).contains("note    product operated.copy: g2 is a candidate already");

            assertThat(mesh("retire", "operated.copy.g1")).isEqualTo(78);
            assertThat(terminal.said()).contains("it serves; promote another generation first");
            assertThat(mesh("retire", "operated.copy.g2")).isZero();
            assertThat(terminal.said())
                    .contains("operated.copy.g2: marked as retired", "deleted 2 topics", "operated.copy.g2: retired");
            assertThat(mesh("status", "operated.copy")).isZero();
            assertThat(terminal.said()).contains("  retired: g2").doesNotContain("CANDIDATE");
            assertThat(mesh("replay", "operated.copy")).isZero();
            assertThat(terminal.said()).contains("operated.copy.g3: begun");
            awaitLive(runtime, 2);
            assertThat(mesh("abort", "operated.copy")).isZero();
            assertThat(terminal.said())
                    .contains("operated.copy.g3: marked as retired", "nothing is under way any more");
        }
    }

    @Test
    void aCandidateIsComparedPromotedAndRolledBack() throws Exception {
        Stall stall = new Stall("turned");
        try (MeshRuntime runtime = MeshRuntime.start(settings(), List.of(stall.copy(stall.raw)))) {
            awaitLive(runtime, 1);
            broker.write(stall.record(registry, "b", basket(NOON, "pen", 1)));
            assertThat(mesh("replay", "turned.copy")).isZero();
            awaitLive(runtime, 2);
            terminal.said();

            assertThat(mesh("verify", "turned.copy", "--expect", "nonsense")).isEqualTo(78);
            assertThat(terminal.said()).contains("'nonsense'");
            assertThat(mesh("verify", "turned.copy", "--json")).isZero();
            JsonNode report = JSON.readTree(terminal.printed());
            assertThat(report.path("agrees").asBoolean()).isTrue();
            assertThat(report.path("ports").get(0).path("equal").asInt()).isEqualTo(1);
            terminal.said();
            assertThat(mesh("promote", "turned.copy")).isZero();
            assertThat(terminal.said()).contains("turned.copy: g2 serves in place of g1", "no corrections");
            assertThat(mesh("rollback", "turned.copy")).isZero();
            assertThat(terminal.said()).contains("turned.copy: g1 serves in place of g2");
        }
    }

    @Test
    void anotherBuildReplaysInAProcessOfItsOwnUntilItHasCaughtUp() throws Exception {
        Stall stall = new Stall("rebuilt");
        StreamingProduct product = stall.copy(stall.raw);
        try (MeshRuntime runtime = MeshRuntime.start(settings(), List.of(product))) {
            awaitLive(runtime, 1);
            broker.write(stall.record(registry, "b", basket(NOON, "pen", 1)));
            Path config = Files.writeString(
                    directory.resolve("rebuilt.properties"),
                    "mesh.build=second\nmesh.state.dir=" + directory.resolve("second") + "\n");

            assertThat(new MeshApplication(List.of(product), "stall 1.2", terminal.out(), terminal.err())
                            .run(new String[] {"plan", "rebuilt.copy", "--config", config.toString()}, environment()))
                    .isZero();
            assertThat(terminal.said())
                    .contains(
                            "build   second beside first, which serves: nothing changes",
                            "go on: this build may compute");
            StreamingProduct changed = new StreamingProduct(
                    product.product(),
                    ports -> ports.publish(
                            stall.baskets,
                            ports.read(stall.raw).changes().filter((key, basket) -> true, Named.as("all"))));
            assertThat(new MeshApplication(List.of(changed), "stall 1.2", terminal.out(), terminal.err())
                            .run(
                                    new String[] {"plan", "rebuilt.copy", "--config", config.toString(), "--json"},
                                    environment()))
                    .isZero();
            assertThat(JSON.readTree(terminal.said())
                            .path("change")
                            .path("category")
                            .asText())
                    .isEqualTo("TOPOLOGY");

            int code = new MeshApplication(List.of(product), "stall 1.2", terminal.out(), terminal.err())
                    .run(
                            new String[] {"replay", "rebuilt.copy", "--until-caught-up", "--config", config.toString()},
                            environment());

            assertThat(code).isZero();
            assertThat(terminal.said()).contains("rebuilt.copy.g2: caught up");
            assertThat(broker.committed("rebuilt.baskets.v1.g2")).hasSize(1);
            assertThat(runtime.products()).hasSize(1);
            assertThat(mesh("status", "rebuilt.copy", "--json")).isZero();
            assertThat(JSON.readTree(terminal.said()).get(1).path("state").asText())
                    .isEqualTo("STOPPED");
        }
    }

    @Test
    void whatSpeaksAgainstAReplayIsToldAndEndsWithOne() throws Exception {
        Stall stall = new Stall("refused");
        try (MeshRuntime runtime = MeshRuntime.start(settings(), List.of(stall.copy(stall.raw)))) {
            awaitLive(runtime, 1);
        }
        broker.admin().deleteTopics(List.of("refused.raw.v1")).all().get();
        await().atMost(TIMEOUT)
                .until(() -> !broker.admin().listTopics().names().get().contains("refused.raw.v1"));

        assertThat(mesh("plan", "refused.copy")).isEqualTo(1);
        assertThat(terminal.said()).contains("REFUSED input refused.raw.v1: does not exist");
        assertThat(mesh("replay", "refused.copy")).isEqualTo(1);
        assertThat(terminal.said()).contains("input refused.raw.v1: does not exist");
        assertThat(mesh("status", "nobody")).isEqualTo(78);
        assertThat(terminal.said()).contains("domain nobody: no product of it ever ran; domains of which one did:");
        assertThat(mesh("verify", "nobody.copy", "--expect", "timestamp")).isNotZero();
    }

    private void brokersOnWhichNothingRanSaySo() {
        assertThat(mesh("status")).isZero();
        assertThat(terminal.said()).contains("No product has run on these brokers yet.");
        assertThat(mesh("status", "--json")).isZero();
        assertThat(terminal.said()).contains("[ ]");
    }

    @Test
    void brokersThatDoNotAnswerAreNamedWhileTheyAreWaitedForAndAfterwards() throws Exception {
        Path config = Files.writeString(
                directory.resolve("wrong.properties"),
                "streams.admin.default.api.timeout.ms=4000\nstreams.admin.request.timeout.ms=1000\n");
        Map<String, String> away =
                Map.of("MESH_BOOTSTRAP_SERVERS", "127.0.0.1:1", "MESH_SCHEMA_REGISTRY_URL", registry.url());
        int[] code = {-1};
        Thread operator = new Thread(() -> code[0] = terminal.run(away, "status", "--config", config.toString()));

        operator.start();

        await().atMost(TIMEOUT).until(() -> terminal.complained().contains("waiting for brokers at 127.0.0.1:1"));
        operator.join();
        assertThat(code[0]).isEqualTo(69);
        assertThat(terminal.said()).contains("brokers at 127.0.0.1:1: none answered");
    }

    @Test
    void watchingGoesOnUntilItIsInterrupted() throws Exception {
        Stall stall = new Stall("watched");
        try (MeshRuntime runtime = MeshRuntime.start(settings(), List.of(stall.copy(stall.raw)))) {
            awaitLive(runtime, 1);
            int[] code = {-1};
            Thread operator = new Thread(() -> code[0] = mesh("status", "watched.copy", "--watch", "--json"));

            operator.start();

            await().atMost(TIMEOUT).until(() -> terminal.printed().lines().count() > 1);
            assertThat(terminal.printed().lines())
                    .allSatisfy(line -> assertThat(line).startsWith("[{\"generation\":\"watched.copy.g1\""));
            assertThat(operator.isAlive()).isTrue();
            operator.interrupt();
            operator.join();
            assertThat(code[0]).isNotEqualTo(-1);
        }
    }

    /** Nothing of the reader is configured where it reads. */
    @Test
    void aStrangerFindsProductsPortsAndReadersAndSeesWhoIsSilent() throws Exception {
        Stall maker = new Stall("found-maker");
        Stall reader = new Stall("found-reader");
        try (MeshRuntime sales = MeshRuntime.start(settings("maker"), List.of(maker.copy(maker.raw)))) {
            awaitLive(sales, 1);
            broker.write(maker.record(registry, "b1", basket(NOON, "pen", 1)));
            broker.write(maker.record(registry, "b2", basket(NOON.plusSeconds(1), "ink", 2)));
            long began = System.nanoTime();
            try (MeshRuntime third =
                    MeshRuntime.start(settings("reader"), List.of(reader.firstTotals(maker.baskets)))) {
                await().atMost(TIMEOUT)
                        .until(() -> lineage("found-maker.baskets.v1").stream()
                                .anyMatch(edge -> edge.path("reader").asText().equals("found-reader.first-totals")
                                        && edge.path("status").asText().equals("ACTIVE")));
                System.out.printf("the reader was found after %.1f s%n", (System.nanoTime() - began) / 1e9);
                awaitLive(third, 1);
                await().atMost(TIMEOUT)
                        .until(() -> lineage("found-maker.baskets.v1").stream()
                                .anyMatch(edge -> edge.path("reader").asText().equals("found-reader.first-totals")
                                        && edge.path("lag").isNumber()
                                        && edge.path("lag").asLong() == 0
                                        && !edge.path("lastReadAt").isNull()));

                assertThat(mesh("products")).isZero();
                assertThat(terminal.said())
                        .contains("found-maker.copy", "found-maker.baskets.v1", "found-reader.first-totals", "LIVE");
                assertThat(mesh("lineage", "found-maker.baskets.v1")).isZero();
                assertThat(terminal.said())
                        .contains(
                                "found-maker.raw.v1   private source",
                                "found-maker.baskets.v1   table of found-maker.copy")
                        .containsPattern("-> found-reader.first-totals +active +lag 0");
                assertThat(mesh("describe", "found-maker.baskets.v1")).isZero();
                assertThat(terminal.said())
                        .contains(
                                "found-maker.baskets.v1   table of found-maker.copy",
                                " in the registry",
                                "within 10 s",
                                "items[].sku",
                                "-> found-reader.first-totals",
                                "  b2  {\"at\":\"1995-03-15T12:00:01Z\"");
                assertThat(mesh("describe", "found-maker.baskets.v1", "--json", "--sample", "1"))
                        .isZero();
                JsonNode port = JSON.readTree(terminal.printed());
                assertThat(port.at("/sample").size()).isEqualTo(1);
                assertThat(port.at("/sample/0/value/items/0/sku").asText()).isEqualTo("ink");
                assertThat(port.at("/owner/contact").asText()).isNotEmpty();
                terminal.said();
                assertThat(mesh("describe", "found-reader.first-totals")).isZero();
                assertThat(terminal.said()).contains("reads        found-maker.baskets.v1");
                Path picture = directory.resolve("lineage.svg");
                assertThat(mesh("lineage", "--svg", picture.toString())).isZero();
                terminal.said();
                assertThat(Files.readString(picture))
                        .contains("found-reader.first-totals reads found-maker.baskets.v1: active");
            }

            assertThat(lineage("found-maker.baskets.v1"))
                    .filteredOn(edge -> edge.path("reader").asText().equals("found-reader.first-totals"))
                    .extracting(edge -> edge.path("status").asText())
                    .containsExactly("SILENT");
            assertThat(mesh("products", "--forget", "found-maker.copy")).isEqualTo(78);
            assertThat(terminal.said()).contains("product found-maker.copy: it runs (LIVE)");
            assertThat(mesh("products", "found-reader")).isZero();
            assertThat(terminal.said())
                    .containsPattern("found-reader.first-totals +STOPPED")
                    .doesNotContain("found-maker.copy");
        }
        assertThat(mesh("products", "--forget", "found-reader.first-totals")).isZero();
        assertThat(mesh("products", "--forget", "found-reader.first-totals")).isEqualTo(78);
        assertThat(terminal.said())
                .contains(
                        "found-reader.first-totals: forgotten",
                        "product found-reader.first-totals: does not stand in the catalogue");
        assertThat(mesh("describe", "found-maker.nothing.v1")).isEqualTo(78);
        assertThat(terminal.said()).contains("found-maker.nothing.v1: no product and no published port of this name");
        assertThat(mesh("lineage", "nobody.there.v1")).isEqualTo(78);
    }

    @Test
    void aGroupThatNoProductDeclaresIsUndeclared() throws Exception {
        Stall stall = new Stall("spied");
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                "spied-reports",
                "auto.offset.reset",
                "earliest");
        try (MeshRuntime runtime = MeshRuntime.start(settings(), List.of(stall.copy(stall.raw)));
                KafkaConsumer<byte[], byte[]> reports =
                        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            awaitLive(runtime, 1);
            reports.subscribe(List.of("spied.baskets.v1"));

            await().atMost(TIMEOUT).until(() -> {
                reports.poll(Duration.ofMillis(100));
                return !lineage("spied.baskets.v1").isEmpty()
                        && lineage("spied.baskets.v1").stream()
                                .anyMatch(edge -> edge.path("status").asText().equals("UNDECLARED")
                                        && edge.path("reader").asText().equals("spied-reports"));
            });
            assertThat(mesh("lineage", "spied.baskets.v1")).isZero();
            assertThat(terminal.said()).containsPattern("-> spied-reports +UNDECLARED");
        }
    }

    /** In domains of their own, which stay. How long it takes is printed. */
    @Test
    void aThousandProductsAreFound() throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int domain = 0; domain < 50; domain++) {
            CatalogTopic.ensure(broker.admin(), "many-" + domain);
            for (int product = 0; product < 20; product++) {
                records.add(described("many-" + domain, product));
            }
        }
        broker.writeAll(records);

        long began = System.nanoTime();
        assertThat(mesh("products", "--json")).isZero();
        long found = System.nanoTime();
        JsonNode products = JSON.readTree(terminal.printed());
        terminal.said();
        long next = System.nanoTime();
        assertThat(mesh("lineage", "--json")).isZero();
        long drawn = System.nanoTime();
        JsonNode lineage = JSON.readTree(terminal.printed());
        terminal.said();
        System.out.printf(
                "1,000 products of 50 domains: products took %.2f s, lineage %.2f s%n",
                (found - began) / 1e9, (drawn - next) / 1e9);

        assertThat(products)
                .filteredOn(one -> one.path("product").asText().startsWith("many-"))
                .hasSize(1000);
        assertThat(lineage.path("edges"))
                .filteredOn(one -> one.path("reader").asText().startsWith("many-"))
                .hasSize(1000);
        assertThat(mesh("lineage", "many-7.p3.v1")).isZero();
        assertThat(terminal.said()).contains("many-7.p3.v1   table of many-7.p3");
    }

    /** As any library may write it: a table with the schema of a basket, made of the table of the product before. */
    private static ProducerRecord<byte[], byte[]> described(String domain, int number) {
        Map<String, Object> records = Map.of(
                "schemaId", 1, "schema", Basket.getClassSchema().toString(), "rules", List.of(), "maxBytes", 1000);
        String name = domain + ".p" + number;
        Map<String, Object> product = Map.of(
                "product",
                name,
                "owner",
                Map.of("team", domain, "contact", "#" + domain),
                "description",
                "One of many.",
                "software",
                Map.of("build", "b", "library", "0.1.0"),
                "outputs",
                List.of(Map.of(
                        "address",
                        name + ".v1",
                        "kind",
                        "table",
                        "description",
                        "Rows.",
                        "partitions",
                        4,
                        "records",
                        records)),
                "inputs",
                List.of(Map.of(
                        "address",
                        domain + ".p" + (number + 19) % 20 + ".v1",
                        "kind",
                        "table",
                        "topic",
                        domain + ".p" + (number + 19) % 20 + ".v1",
                        "needs",
                        records)));
        try {
            return new ProducerRecord<>(
                    CatalogTopic.of(domain),
                    ("product/" + name).getBytes(StandardCharsets.UTF_8),
                    JSON.writeValueAsBytes(product));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<JsonNode> lineage(String start) throws Exception {
        int code = mesh("lineage", start, "--json");
        String printed = terminal.printed();
        terminal.said();
        List<JsonNode> edges = new ArrayList<>();
        if (code == 0) {
            JSON.readTree(printed).path("edges").forEach(edges::add);
        }
        return edges;
    }

    private JsonNode candidate() throws Exception {
        assertThat(mesh("status", "operated.copy", "--json")).isZero();
        return JSON.readTree(terminal.said()).get(1);
    }

    private int mesh(String... arguments) {
        return terminal.run(environment(), arguments);
    }

    private static Map<String, String> environment() {
        return Map.of("MESH_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "MESH_SCHEMA_REGISTRY_URL", registry.url());
    }

    private Settings settings() {
        return settings("first");
    }

    private Settings settings(String build) {
        return Settings.of(
                Map.of(
                        "mesh.build",
                        build,
                        "mesh.state.dir",
                        directory.resolve(build).toString()),
                environment());
    }

    private static void awaitLive(MeshRuntime runtime, int generations) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(runtime.products())
                        .hasSize(generations)
                        .allSatisfy(product -> assertThat(product.state()).isEqualTo(ProductState.LIVE)));
    }
}
