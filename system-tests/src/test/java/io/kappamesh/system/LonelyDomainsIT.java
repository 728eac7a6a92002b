package io.kappamesh.system;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.console.demo.LocalPlatform;
import io.kappamesh.console.demo.WorkedProduct;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.GeneratedShipments;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A domain without the others: before the domain it reads from exists, while that one is gone, and without the registry. */
class LonelyDomainsIT {
    private static final String ORDERS = "sales.orders.v1";
    private static final String SHIPMENT_EVENTS = "logistics.shipment-events.v1";
    private static final double SCALE = 0.001;
    private static final List<String> GROUPS =
            List.of("logistics.shipments.g1", "logistics.delivery-performance.g1", "logistics.late-deliveries.g1");

    /** Much less than the 45 s after which brokers give up a member that says nothing. */
    private static final Duration BEFORE_A_SESSION_EXPIRES = Duration.ofSeconds(25);

    @TempDir
    Path home;

    private TestPlatform platform;
    private LocalPlatform processes;
    private Probe logistics;

    @BeforeEach
    void start() {
        platform = TestPlatform.start(home);
        processes = platform.processes();
        logistics = new Probe(processes.httpPort("logistics"));
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void logisticsWaitsForSalesAndComesAndGoesOnItsOwn() throws Exception {
        processes.startDomain("logistics");
        await().alias("logistics to say what it waits for")
                .atMost(TestPlatform.TIMEOUT)
                .until(() -> logistics.ready().body().contains(ORDERS));

        assertThat(logistics.live().status()).isEqualTo(200);
        assertThat(logistics.ready().status()).isEqualTo(503);
        assertThat(logistics.ready().body())
                .contains("\"waitingFor\"", "their owners have not created [" + ORDERS + "]");
        assertThat(topics()).isNotEmpty().allMatch(topic -> topic.startsWith("logistics."));

        processes.provision("sales");
        awaitReady();
        assertThat(processes.domain("logistics").isAlive()).isTrue();

        assertThat(members()).isPositive();
        processes.domain("logistics").stop(TestPlatform.TIMEOUT);
        await().alias("the groups to be left").atMost(BEFORE_A_SESSION_EXPIRES).until(() -> members() == 0);
        assertThat(processes.domain("logistics").exitCode()).hasValue(143);

        long began = System.nanoTime();
        processes.startDomain("logistics");
        awaitReady();
        System.out.printf("logistics was live again after %.1f s%n", (System.nanoTime() - began) / 1e9);
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void logisticsServesOnWhileSalesIsStopped() throws Exception {
        TpchEvents events = TpchEvents.atScale(SCALE);
        processes.provisionDomains();
        processes.startDomains();
        platform.feed(events.only(EventStream.ORDERS)).join();
        platform.awaitDrained();

        processes.domain("sales").stop(TestPlatform.TIMEOUT);
        platform.feed(events.only(EventStream.SHIPMENTS)).join();

        await().alias("all shipments")
                .atMost(TestPlatform.TIMEOUT)
                .until(() -> platform.isDrained(WorkedProduct.SHIPMENTS));
        requireGeneratedShipments();
        assertThat(logistics.ready().status()).isEqualTo(200);
    }

    @Test
    void registryThatIsAwayStopsNothingButWhatNobodyCanKnow() throws Exception {
        processes.provisionDomains();
        processes.startDomains();
        TpchEvents events = TpchEvents.atScale(SCALE);
        platform.feed(events.only(EventStream.ORDERS)).join();
        platform.awaitDrained();
        long middle = events.historyEnd(0.5);
        List<TpchEvent> later = new ArrayList<>();
        events.from(middle).only(EventStream.SHIPMENTS).forEach(later::add);
        TpchEvent newer = firstOf(0, later);
        later.remove(newer);
        try (ShipmentFeed feed = new ShipmentFeed(processes.bootstrapServers(), platform.registry())) {
            processes.registry().stop();

            feed.send(events.before(middle).only(EventStream.SHIPMENTS));

            platform.awaitDrained();
            assertThat(logistics.ready().status()).isEqualTo(200);

            long unseen = feed.sendUnderNewerSchema(newer);
            long unknown = feed.sendUnderSchemaThatNobodyHas(firstOf(1, later));
            feed.send(later);
            Map<Integer, Long> held = new HashMap<>(feed.ends());
            held.put(0, unseen);
            held.put(1, unknown);
            await().alias("all but what waits for the registry to be through")
                    .atMost(TestPlatform.TIMEOUT)
                    .until(() -> committed().equals(held));

            assertThat(logistics.live().status()).isEqualTo(200);
            assertThat(logistics.products().body()).contains("the schema registry, to tell schema id");
            assertThat(deadLetters()).isEmpty();

            processes.registry().start();

            platform.awaitDrained();
            assertThat(committed()).isEqualTo(feed.ends());
            requireGeneratedShipments();
            assertThat(deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.UNDECODABLE);
                assertThat(letter.partition()).isEqualTo(1);
                assertThat(letter.offset()).isEqualTo(unknown);
            });
        }
    }

    private void awaitReady() {
        await().alias("logistics to be ready")
                .atMost(TestPlatform.TIMEOUT)
                .until(() -> logistics.ready().status() == 200);
    }

    private static TpchEvent firstOf(int partition, List<TpchEvent> events) {
        return events.stream()
                .filter(event -> ShipmentFeed.partition(event) == partition)
                .findFirst()
                .orElseThrow();
    }

    private void requireGeneratedShipments() {
        Map<String, Shipment> expected = new HashMap<>();
        GeneratedShipments.forEach(SCALE, row -> expected.put(row.getOrderId() + "-" + row.getLineNumber(), row));
        assertThat(platform.topics().table("logistics.shipments.v1", Shipment.class))
                .isEqualTo(expected);
    }

    private List<DeadLetter> deadLetters() {
        return platform.topics().records("logistics.shipments.dead-letters").stream()
                .map(DeadLetter::of)
                .toList();
    }

    /** Where the next shipment event of each partition would be read. */
    private Map<Integer, Long> committed() throws ExecutionException, InterruptedException {
        return platform
                .admin()
                .listConsumerGroupOffsets("logistics.shipments.g1")
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().topic().equals(SHIPMENT_EVENTS))
                .collect(toMap(
                        entry -> entry.getKey().partition(),
                        entry -> entry.getValue().offset()));
    }

    private int members() throws ExecutionException, InterruptedException {
        return platform.admin().describeConsumerGroups(GROUPS).all().get().values().stream()
                .mapToInt(group -> group.members().size())
                .sum();
    }

    private Set<String> topics() throws ExecutionException, InterruptedException {
        return platform.admin().listTopics().names().get();
    }
}
