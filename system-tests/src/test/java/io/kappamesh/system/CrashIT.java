package io.kappamesh.system;

import static io.kappamesh.cut.Progress.SILENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.console.demo.WorkedProduct;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Proof;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.GeneratedShipments;
import io.kappamesh.tpch.TpchDatabase;
import io.kappamesh.tpch.TpchEvents;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both domains killed while they replay and while events come in live, each time at another amount of
 * progress, and started again on what the kill left behind; a second process of each takes partitions over and gives them back. In the
 * end a replay of every product is compared with what was published all along.
 */
class CrashIT {
    private static final long SEED = 7;
    /** Of both domains, during a replay, and again live; thrice in the long profile. */
    private static final int REPLAY_KILLS = Boolean.getBoolean("mesh.long") ? 3 : 1;

    private static final int LIVE_KILLS = REPLAY_KILLS;

    @TempDir
    static Path home;

    private static final List<String> DOMAINS = List.of("sales", "logistics");
    private static final Duration TO_STOP = Duration.ofMinutes(1);
    private static final List<Proof> PROOFS = new ArrayList<>();

    private static TestPlatform platform;
    private static int killedAtWork;

    @BeforeAll
    static void run() throws Exception {
        Random random = new Random(SEED);
        platform = TestPlatform.start(home);
        platform.processes().provisionDomains();
        List<TpchEvents> parts = parts(TpchEvents.atScale(TestPlatform.SCALE), REPLAY_KILLS + LIVE_KILLS);

        for (TpchEvents history : parts.subList(0, REPLAY_KILLS)) {
            platform.feed(history).join();
            platform.processes().startDomains();
            killBoth(history, random);
        }
        platform.processes().startDomains();
        platform.awaitDrained();
        List<JavaProcess> second = DOMAINS.stream()
                .map(domain -> platform.processes().startBeside(domain))
                .toList();
        awaitProcesses(2);
        TpchEvents last = parts.get(parts.size() - 1);
        for (TpchEvents live : parts.subList(REPLAY_KILLS, parts.size())) {
            CompletableFuture<Void> feed = platform.feed(live);
            killBoth(live, random);
            platform.processes().startDomains();
            if (live == last) {
                second.forEach(process -> process.stop(TO_STOP));
            }
            feed.join();
        }
        platform.awaitDrained();
        awaitProcesses(1);
        PROOFS.addAll(proofs());
    }

    /** The second process of each domain took partitions over, or gave them back, when it is there, or gone. */
    private static void awaitProcesses(int count) {
        try (Lifecycle lifecycle = lifecycle()) {
            await().atMost(TestPlatform.TIMEOUT)
                    .until(() -> lifecycle.status().stream().allMatch(one -> one.processes() == count));
        }
    }

    /** All at once, while nothing else happens. */
    private static List<Proof> proofs() {
        List<CompletableFuture<Proof>> proofs = WorkedProduct.of(WorkedDomains.NAMES).stream()
                .map(product -> CompletableFuture.supplyAsync(() -> {
                    try (Lifecycle lifecycle = lifecycle()) {
                        return lifecycle.prove(ProductName.of(product.product()), List.of(), SILENT);
                    }
                }))
                .toList();
        return proofs.stream().map(CompletableFuture::join).toList();
    }

    private static Lifecycle lifecycle() {
        return Lifecycle.connect(Settings.of(
                Map.of(
                        "bootstrap.servers", platform.processes().bootstrapServers(),
                        "schema.registry.url", platform.processes().registryUrl()),
                Map.of()));
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void killsStruckProductsAtWork() {
        assertThat(killedAtWork).isPositive();
    }

    @Test
    void answersAreThePublishedOnes() {
        platform.requirePublishedAnswers();
    }

    @Test
    void replayOfEveryProductEqualsWhatItPublishedAllAlong() {
        assertThat(PROOFS).hasSize(5).allSatisfy(proof -> {
            assertThat(proof.holds()).as("%s", proof.verification()).isTrue();
            assertThat(proof.verification().ports())
                    .allSatisfy(port -> assertThat(port.equal()).isPositive());
        });
    }

    @Test
    void everyOrderIsPublishedExactlyOnce() {
        Map<String, Integer> records = new HashMap<>();
        platform.topics()
                .records("sales.orders.v1")
                .forEach(record -> records.merge(new String(record.key(), StandardCharsets.UTF_8), 1, Integer::sum));

        assertThat(records).hasSize(15_000);
        assertThat(records.values()).containsOnly(1);
    }

    @Test
    void shipmentsOnlyEverAdvanceToTheRowsThatFollowFromTheGenerator() {
        Map<String, List<Shipment>> histories = platform.topics().history("logistics.shipments.v1", Shipment.class);

        Map<String, Shipment> last = new HashMap<>();
        histories.forEach((key, history) -> last.put(key, history.get(history.size() - 1)));
        Map<String, Shipment> expected = new HashMap<>();
        GeneratedShipments.forEach(
                TestPlatform.SCALE, row -> expected.put(row.getOrderId() + "-" + row.getLineNumber(), row));
        assertThat(differences(last, expected)).isEmpty();
        assertThat(histories.entrySet())
                .filteredOn(history -> !advances(history.getValue()))
                .as("ordered, dispatched, delivered, each once at most and in this order")
                .isEmpty();
    }

    @Test
    void dailyRevenueOnlyEverGrowsToWhatSqlComputes() {
        Map<String, List<DailyRevenue>> histories =
                platform.topics().history("sales.daily-revenue.v1", DailyRevenue.class);

        Map<String, Long> last = new HashMap<>();
        histories.forEach(
                (key, history) -> last.put(key, history.get(history.size() - 1).getOrders()));
        Map<String, Long> expected = new HashMap<>();
        try (TpchDatabase database = TpchDatabase.atScale(TestPlatform.SCALE)) {
            database.dailyRevenue()
                    .rows()
                    .forEach(row -> expected.put(
                            String.join("|", row.key()), row.measures().get(0).longValueExact()));
        }
        assertThat(differences(last, expected)).isEmpty();
        assertThat(histories.entrySet())
                .filteredOn(history -> !grows(history.getValue()))
                .isEmpty();
    }

    /** Kills each domain once it has taken in a random part of what has just come for it; in either order. */
    private static void killBoth(TpchEvents events, Random random) throws Exception {
        List<Runnable> kills = new ArrayList<>(List.of(
                () -> kill("sales", WorkedProduct.ORDERS, part(events, EventStream.ORDERS, random)),
                () -> kill("logistics", WorkedProduct.SHIPMENTS, part(events, EventStream.SHIPMENTS, random))));
        Collections.shuffle(kills, random);
        kills.forEach(Runnable::run);
        for (WorkedProduct product : List.of(WorkedProduct.ORDERS, WorkedProduct.SHIPMENTS)) {
            if (!platform.isDrained(product)) {
                killedAtWork++;
            }
        }
    }

    private static void kill(String domain, WorkedProduct product, long progress) {
        new Progress(platform.processes(), domain, product.product()).awaitRecordsIn(progress);
        platform.processes().domain(domain).kill();
    }

    /** At most half, so that there is always something left to be killed at. */
    private static long part(TpchEvents events, EventStream stream, Random random) {
        return 1L + random.nextInt(Math.toIntExact(events.only(stream).size() / 2));
    }

    private static List<TpchEvents> parts(TpchEvents events, int count) {
        List<TpchEvents> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double from = (double) i / count;
            double until = (double) (i + 1) / count;
            parts.add(events.from(events.historyEnd(from)).before(events.historyEnd(until)));
        }
        return parts;
    }

    /** Whether no state is there twice, and none after one that comes later. */
    private static boolean advances(List<Shipment> history) {
        for (int i = 1; i < history.size(); i++) {
            Shipment before = history.get(i - 1);
            Shipment now = history.get(i);
            if (now.getStatus().compareTo(before.getStatus()) <= 0
                    || !now.getUpdatedAt().isAfter(before.getUpdatedAt())) {
                return false;
            }
        }
        return true;
    }

    private static boolean grows(List<DailyRevenue> history) {
        for (int i = 1; i < history.size(); i++) {
            if (history.get(i).getOrders() < history.get(i - 1).getOrders()) {
                return false;
            }
        }
        return true;
    }

    /** The keys at which two tables differ. */
    private static <V> List<String> differences(Map<String, V> found, Map<String, V> expected) {
        return Stream.concat(found.keySet().stream(), expected.keySet().stream())
                .distinct()
                .filter(key -> !Objects.equals(found.get(key), expected.get(key)))
                .map(key -> key + ": found " + found.get(key) + ", expected " + expected.get(key))
                .toList();
    }
}
