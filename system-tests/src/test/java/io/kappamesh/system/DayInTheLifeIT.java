package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.compare.PortReport;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.faults.Sale;
import io.kappamesh.contracts.faults.Sold;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Promotion;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.Ports;
import io.kappamesh.system.DayShop.Build;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/day-in-the-life.md tells, step by step: three products in one process, two instances, a new build of one of them, and a
 * bad one, while sales go on.
 */
@Timeout(900)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class DayInTheLifeIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final ProductName ITEMS = DayShop.itemsProduct();
    private static final List<OutputPort<Sold>> PORTS = List.of(DayShop.ITEMS, DayShop.SHELVES_SOLD, DayShop.LARGEST);
    private static final int STOPPED_IN_ORDER = 143;

    /** From the last old process to the first new one of a product that is adopted, on a machine with much else to do. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @TempDir
    private Path home;

    private final List<Worker> workers = new ArrayList<>();

    /** A process that an orchestrator would look after. */
    private record Worker(JavaProcess java, Probe probe) {
        Worker awaitReady() {
            await().alias(java.name() + " to be ready").atMost(TIMEOUT).until(() -> {
                requireAlive();
                return probe.ready().status() == 200;
            });
            return this;
        }

        void requireAlive() {
            assertThat(java.isAlive())
                    .as(() -> java.name() + " ended; its log:\n" + java.logTail(60))
                    .isTrue();
        }

        void stop() {
            java.stop(TIMEOUT);
            assertThat(java.exitCode()).as(java.name()).hasValue(STOPPED_IN_ORDER);
        }
    }

    @AfterEach
    void killAll() {
        workers.forEach(process -> process.java().kill());
    }

    @Test
    void aDay() throws Exception {
        mesh.provision(DayShop.products(Build.FIRST).toArray(StreamingProduct[]::new));
        try (SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", mesh.registryUrl()));
                SaleFeed feed = new SaleFeed(DayShop.SALES, mesh.bootstrapServers(), registry);
                Lifecycle operator = Lifecycle.connect(Settings.of(settings(Build.FIRST), Map.of()))) {
            feed.start(2_000);
            Worker oldOne = run(Build.FIRST, "old-1").awaitReady();
            Worker oldTwo = run(Build.FIRST, "old-2").awaitReady();
            Map<String, Duration> silences;
            try (Pulse pulse = new Pulse(mesh.bootstrapServers(), partitions())) {
                Worker candidate = replay(Build.PAIRS, "candidate").awaitReady();
                aNewBuildIsVerifiedWithWhatIsExpectedAndPromoted(operator);
                feed.awaitMore(500);

                Worker newOne = run(Build.PAIRS, "new-1").awaitReady();
                oldOne.stop();
                Worker newTwo = run(Build.PAIRS, "new-2").awaitReady();
                oldTwo.stop();
                awaitServed(List.of(newOne, newTwo));
                candidate.stop();
                operator.retire(new Generation(ITEMS, 1), Progress.SILENT);
                assertThat(lifecycle().role(1)).contains(Role.RETIRED);
                feed.awaitMore(500);

                Worker bad = replay(Build.BAD, "bad").awaitReady();
                aBadPromotionIsTakenBack(operator, registry, feed);
                bad.stop();
                operator.retire(new Generation(ITEMS, 3), Progress.SILENT);
                feed.awaitMore(500);
                newOne.requireAlive();
                newTwo.requireAlive();
                silences = pulse.silences();
            }
            feed.stop();
            System.out.println("longest silence of each port: " + silences);
            assertThat(silences)
                    .hasSize(PORTS.size())
                    .allSatisfy(
                            (topic, silence) -> assertThat(silence).as(topic).isLessThan(LONGEST_SILENCE));
            consumersEndWith(registry, feed.sales().toList());
        }
    }

    private static void aNewBuildIsVerifiedWithWhatIsExpectedAndPromoted(Lifecycle operator) {
        Verification surprised = verified(operator);
        assertThat(surprised.agrees()).isFalse();
        assertThatThrownBy(() -> operator.promote(ITEMS, OptionalInt.empty(), false, Progress.SILENT))
                .isInstanceOf(LifecycleException.class);
        Verification expected = verified(operator, "changed:quantity");
        assertThat(expected.agrees()).as("%s", expected).isTrue();
        PortReport port = expected.ports().get(0);
        assertThat(port.expected())
                .as("items of 40 whose number is a multiple of 3")
                .isEqualTo(14);
        assertThat(port.equal()).isEqualTo(26);

        Promotion promotion = CaughtUp.then(() -> operator.promote(ITEMS, OptionalInt.empty(), false, Progress.SILENT));

        assertThat(promotion.totalCorrections()).isEqualTo(14);
        assertThat(serving()).isEqualTo(2);
    }

    private static void aBadPromotionIsTakenBack(Lifecycle operator, SchemaRegistry registry, SaleFeed feed) {
        assertThat(verified(operator, "changed:quantity").agrees()).isFalse();
        Promotion bad = CaughtUp.then(() -> operator.promote(ITEMS, OptionalInt.empty(), true, Progress.SILENT));
        assertThat(bad.corrections().get(DayShop.ITEMS.address().topic()))
                .as("half of 40 items are gone")
                .isEqualTo(20);
        await().atMost(TIMEOUT)
                .untilAsserted(() ->
                        assertThat(table(registry, DayShop.ITEMS)).hasSize(20).doesNotContainKey("item-2"));
        feed.awaitMore(500);

        Promotion back = CaughtUp.then(() -> operator.rollback(ITEMS, Progress.SILENT));

        assertThat(back.totalCorrections()).isEqualTo(20);
        assertThat(serving()).isEqualTo(2);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(table(registry, DayShop.ITEMS)).hasSize(40));
    }

    private static Verification verified(Lifecycle operator, String... expected) {
        return CaughtUp.then(() -> operator.verify(ITEMS, OptionalInt.empty(), List.of(expected), Progress.SILENT));
    }

    /** Ports of products of which the last old process has gone are served again. */
    private static void awaitServed(List<Worker> workers) {
        await().atMost(TIMEOUT).untilAsserted(() -> {
            List<String> told = new ArrayList<>();
            for (Worker process : workers) {
                process.requireAlive();
                told.add(process.probe().products().body());
            }
            assertThat(told).allSatisfy(products -> assertThat(products).doesNotContain("WAITING", "FAILED"));
        });
        workers.forEach(Worker::awaitReady);
    }

    /** What a consumer has in the end, against what the sales come to: nothing of it is computed by a topology. */
    private static void consumersEndWith(SchemaRegistry registry, List<Sale> sales) {
        Map<String, Long> items = new TreeMap<>();
        Map<String, Long> largest = new TreeMap<>();
        Map<String, Long> shelves = new TreeMap<>();
        for (Sale sale : sales) {
            int number = Integer.parseInt(sale.getItem().substring("item-".length()));
            long counted = number % 3 == 0 ? 2 * sale.getQuantity() : sale.getQuantity();
            items.merge(sale.getItem(), counted, Long::sum);
            shelves.merge("shelf-" + number % 7, counted, Long::sum);
            largest.merge(sale.getItem(), sale.getQuantity(), Long::max);
        }
        await().atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(table(registry, DayShop.ITEMS)).isEqualTo(items);
            assertThat(table(registry, DayShop.SHELVES_SOLD)).isEqualTo(shelves);
            assertThat(table(registry, DayShop.LARGEST)).isEqualTo(largest);
        });
    }

    private static Map<String, Long> table(SchemaRegistry registry, OutputPort<Sold> port) {
        Map<String, Long> table = new TreeMap<>();
        new TopicLog(mesh.bootstrapServers(), registry)
                .table(port.address().topic(), Sold.class)
                .forEach((key, sold) -> table.put(key, sold.getQuantity()));
        return table;
    }

    private static List<TopicPartition> partitions() {
        return PORTS.stream()
                .flatMap(port -> IntStream.range(0, port.contract().partitions())
                        .mapToObj(partition -> new TopicPartition(port.address().topic(), partition)))
                .toList();
    }

    private static int serving() {
        return lifecycle().serving().orElseThrow().number();
    }

    private static ProductLifecycle lifecycle() {
        return ControlSnapshot.read(List.of(ITEMS), Map.of("bootstrap.servers", mesh.bootstrapServers()))
                .lifecycle(ITEMS)
                .orElseThrow();
    }

    private Worker run(Build build, String name) throws IOException {
        return start(build, name, "run");
    }

    private Worker replay(Build build, String name) throws IOException {
        return start(build, name, "replay", ITEMS.toString());
    }

    private Worker start(Build build, String name, String... command) throws IOException {
        int port = Ports.free();
        Properties properties = new Properties();
        properties.putAll(settings(build));
        properties.put("mesh.http.port", Integer.toString(port));
        Path file = home.resolve(name + ".properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        JavaProcess java = JavaCommand.main(
                        name,
                        home.resolve(name + ".log"),
                        System.getProperty("java.class.path"),
                        DayParticipant.class.getName())
                .jvmArguments("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-DLOG_LEVEL=INFO")
                .arguments(build.name())
                .arguments(command)
                .arguments("--config", file.toString())
                .start();
        Worker process = new Worker(java, new Probe(port));
        workers.add(process);
        return process;
    }

    private static Map<String, String> settings(Build build) {
        Map<String, String> settings = new LinkedHashMap<>(mesh.settings());
        settings.put("mesh.build", build.name());
        settings.put("mesh.replay.lag.records", Integer.toString(SoldItemsRun.LAG_RECORDS));
        return settings;
    }
}
