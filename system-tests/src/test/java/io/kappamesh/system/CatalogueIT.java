package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.deploy.DeployCheck;
import io.kappamesh.deploy.DeployReport;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.Edge;
import io.kappamesh.display.CatalogText;
import io.kappamesh.display.LevelText;
import io.kappamesh.display.LineageSvg;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.level.Indicator;
import io.kappamesh.settings.Settings;
import io.kappamesh.slo.PortLevel;
import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sales and logistics as processes, and a third domain that nobody has told them of. */
class CatalogueIT {
    private static final String ORDERS = "sales.orders.v1";

    @TempDir
    Path home;

    private TestPlatform platform;
    private Discovery discovery;

    @BeforeEach
    void start() {
        platform = TestPlatform.start(home);
        discovery = Discovery.connect(connection());
    }

    private Settings connection() {
        return Settings.of(
                Map.of(
                        "bootstrap.servers",
                        platform.processes().bootstrapServers(),
                        "schema.registry.url",
                        platform.processes().registryUrl()),
                Map.of());
    }

    @AfterEach
    void stop() {
        discovery.close();
        platform.close();
    }

    @Test
    void aThirdDomainIsFoundByItselfAndIsSilentOnceItIsKilled() throws Exception {
        platform.processes().provisionDomains();
        assertThat(platform.admin().listTopics().names().get())
                .as("made by the deployment step")
                .contains("sales.mesh.catalog", "logistics.mesh.catalog");
        platform.processes().startDomains();
        platform.feed(TpchEvents.atScale(0.001).only(EventStream.ORDERS)).join();
        platform.awaitDrained();
        JavaProcess finance = JavaCommand.main(
                        "finance",
                        home.resolve("finance.log"),
                        System.getProperty("java.class.path"),
                        Finance.class.getName())
                .jvmArguments("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .arguments("run", "--config", settings().toString())
                .start();
        try {
            long began = System.nanoTime();
            awaitReader(edge -> true);
            System.out.printf("finance stood in the lineage %.1f s after its process was started%n", seconds(began));
            awaitVerdict();
            System.out.printf("and in the verdicts of the sales build after %.1f s%n", seconds(began));
            awaitReader(edge ->
                    edge.status() == Edge.Status.ACTIVE && edge.figures().lag().orElse(-1) == 0);
            System.out.printf("and was active, with nothing left to read, after %.1f s%n", seconds(began));
            await().atMost(TestPlatform.TIMEOUT)
                    .until(() -> discovery.catalog().products().stream()
                            .allMatch(product -> product.state().equals("LIVE")));
            Catalog catalog = discovery.catalog();
            assertThat(catalog.products()).hasSize(6);
            assertThat(catalog.leftOut()).isEmpty();
            assertThat(catalog.readers(ORDERS))
                    .extracting(Edge::reader)
                    .contains("finance.order-days", "logistics.shipments");
            assertThat(discovery.sample(catalog.port(ORDERS).orElseThrow().output(), 2))
                    .hasSize(2)
                    .allSatisfy(record ->
                            assertThat(record.value().path("orderId").asText()).isEqualTo(record.key()));
            show(catalog);
            await().atMost(TestPlatform.TIMEOUT)
                    .untilAsserted(() -> assertThat(PortLevel.of(discovery.catalog(), Instant.now()))
                            .filteredOn(level -> level.port().equals(ORDERS))
                            .singleElement()
                            .satisfies(level -> {
                                assertThat(level.objective().indicator()).isEqualTo(Indicator.FRESHNESS);
                                assertThat(level.reading().share()).isPresent();
                            }));
            LevelText.table(PortLevel.of(discovery.catalog(), Instant.now())).forEach(System.out::println);

            finance.kill();

            long killed = System.nanoTime();
            awaitReader(edge -> edge.status() == Edge.Status.SILENT);
            System.out.printf("it was silent %.1f s after it was killed%n", seconds(killed));
            show(discovery.catalog().around("finance.order-days"));
        } finally {
            finance.kill();
        }
    }

    /** The jar of sales as it is packaged knows nothing of finance; its build is asked as an operator does. */
    private void awaitVerdict() throws IOException {
        Path build = home.resolve("sales.json");
        JavaProcess contracts = DomainProgram.of("sales", home.resolve("contracts.log"))
                .arguments("contracts", "--to", build.toString())
                .start();
        assertThat(contracts.awaitExitCode()).isZero();
        List<ProductDescription> sales = ContractFiles.products(Files.readString(build));
        try (DeployCheck check = DeployCheck.connect(connection())) {
            await().alias("finance in the verdicts of sales")
                    .atMost(TestPlatform.TIMEOUT)
                    .until(() -> {
                        DeployReport report = check.check(sales, DeployCheck.How.FULL);
                        return report.isPossible()
                                && report.ports().stream()
                                        .filter(port -> port.port().equals(ORDERS))
                                        .flatMap(port -> port.consumers().stream())
                                        .anyMatch(
                                                consumer -> consumer.consumer().equals("finance.order-days"));
                    });
        }
    }

    private Path settings() throws IOException {
        return Files.writeString(home.resolve("finance.properties"), """
                bootstrap.servers=%s
                schema.registry.url=%s
                mesh.state.dir=%s
                # The least that brokers allow, so that a member that died is soon gone.
                streams.consumer.session.timeout.ms=6000
                streams.consumer.heartbeat.interval.ms=2000
                """.formatted(
                        platform.processes().bootstrapServers(),
                        platform.processes().registryUrl(),
                        home.resolve("state-finance")));
    }

    private void awaitReader(Predicate<Edge> as) {
        await().alias("finance to read " + ORDERS)
                .atMost(TestPlatform.TIMEOUT)
                .until(() -> discovery.catalog().readers(ORDERS).stream()
                        .anyMatch(edge -> edge.reader().equals("finance.order-days") && as.test(edge)));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private void show(Catalog catalog) throws Exception {
        List<String> lines = new ArrayList<>(CatalogText.products(catalog, Instant.now()));
        lines.addAll(CatalogText.lineage(catalog));
        catalog.port(ORDERS)
                .ifPresent(port -> lines.addAll(
                        CatalogText.port(port, catalog.readers(ORDERS), discovery.sample(port.output(), 2), null)));
        lines.forEach(System.out::println);
        Files.writeString(home.resolve("lineage.svg"), LineageSvg.of(catalog, Instant.now()));
    }
}
