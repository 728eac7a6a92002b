package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.console.demo.Drain;
import io.kappamesh.console.demo.EventFeed;
import io.kappamesh.console.demo.ProductTopics;
import io.kappamesh.console.demo.WorkedProduct;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.GeneratedShipments;
import io.kappamesh.tpch.TpchDatabase;
import io.kappamesh.tpch.TpchEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both worked domains on three brokers, half of TPC-H as history and half as live events, a broker killed every twenty seconds, and
 * operators at work all the while. Nothing is lost or doubled, every command ends well in the end, states and lags are what they are, the
 * products keep up again soon after the last broker is back, and stop when they are told to. Of the long profile: {@code
 * -Dmesh.faults.seconds=N}, and the same faults again with {@code -Dmesh.faults.seed=N}. Ten minutes of faults are run at scale 0.1.
 */
@Timeout(value = 90, unit = TimeUnit.MINUTES)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class WorkedDomainsFaultsIT {
    private static final long SEED = Long.getLong("mesh.faults.seed", 1);
    private static final Duration FAULTS = Duration.ofSeconds(Integer.getInteger("mesh.faults.seconds", 120));
    /** So that the live half lasts two and a half minutes longer than the faults: 0.1 for ten minutes of them. */
    private static final double SCALE = (FAULTS.toSeconds() + 150) / 7_500.0;

    private static final double PER_SECOND = 900;
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(20);
    private static final Duration AWAY = Duration.ofSeconds(4);
    /** What is promised: from the return of the last broker on. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

    private static final Duration LATELY = Duration.ofSeconds(6);
    private static final Duration TO_STOP = Duration.ofSeconds(35);
    /** Ten seconds in which a product hears nothing of the ends of its inputs, and what questions take. */
    private static final double TO_NOTICE_SECONDS = 12;

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.withBrokers(3);

    /** The logs of both domains are what a failure is understood by. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path home;

    private final long began = System.nanoTime();
    private final AtomicLong kills = new AtomicLong();
    private final List<String> stops = new ArrayList<>();

    @Test
    void withABrokerKilledEveryTwentySecondsNothingIsLostOrDoubledAndEveryCommandIsDone() throws Exception {
        TpchEvents events = TpchEvents.atScale(SCALE);
        long now = events.historyEnd(0.5);
        TpchEvents history = events.before(now);
        TpchEvents live = events.from(now);
        try (SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", mesh.registryUrl()));
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, mesh.bootstrapServers()));
                WorkedDomains domains = new WorkedDomains(mesh, home)) {
            EventFeed feed = new EventFeed(mesh.bootstrapServers(), registry);
            say("loading %,d events of history".formatted(history.size()));
            feed.start(history, Optional.empty(), new LongAdder()).join();
            WorkedDomains.NAMES.forEach(domains::start);
            WorkedDomains.NAMES.forEach(domains::awaitLive);
            say("live; feeding %,d events, %.0f a second".formatted(live.size(), PER_SECOND));
            RepeatedCommands commands = new RepeatedCommands(Map.of(
                    "MESH_BOOTSTRAP_SERVERS", mesh.bootstrapServers(), "MESH_SCHEMA_REGISTRY_URL", mesh.registryUrl()));
            CompletableFuture<Void> feeding = feed.start(live, Optional.of(PER_SECOND), new LongAdder());
            try (ProductWatch watch = new ProductWatch(admin, domains)) {
                operateWhileBrokersDie(commands, domains);
                say(kills + " kills, " + stops + commands.summary());
                try {
                    await().alias("the rate of the input after the last fault")
                            .atMost(BACK_WITHIN)
                            .pollInterval(Duration.ofSeconds(1))
                            .untilAsserted(
                                    () -> assertThat(watch.behind(LATELY)).isEmpty());
                } finally {
                    say(watch.summary() + "; behind: " + watch.behind(LATELY));
                }
                assertThat(feeding).as("the input went on all the while").isNotDone();
                assertThat(watch.longestLies())
                        .as(watch.summary())
                        .allSatisfy(
                                (what, seconds) -> assertThat(seconds).as(what).isLessThan(TO_NOTICE_SECONDS));
            }
            oneAfterTheOther(commands, "sales.orders", new AtomicBoolean());
            feeding.join();
            stopsInTimeWhileABrokerSleeps(domains);
            domains.requireAlive();
            say(stops + commands.summary());
            requireNothingLostAndNothingDoubled(admin, registry, domains);
        }
    }

    private void operateWhileBrokersDie(RepeatedCommands commands, WorkedDomains domains) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> killing = CompletableFuture.runAsync(() -> {
            try {
                killBrokers(domains);
            } finally {
                over.set(true);
            }
        });
        try {
            while (!over.get()) {
                for (String product : List.of(
                        "sales.orders",
                        "logistics.late-deliveries",
                        "sales.daily-revenue",
                        "logistics.delivery-performance",
                        "logistics.shipments")) {
                    oneAfterTheOther(commands, product, over);
                }
            }
        } catch (AssertionError failed) {
            throw new AssertionError(failed.getMessage() + "\n" + domains.logTail(60), failed);
        } finally {
            killing.join();
        }
        domains.requireAlive();
    }

    /** Proves, replays, verifies and promotes a product, and retires what served before; ends early between two commands. */
    private static void oneAfterTheOther(RepeatedCommands commands, String product, AtomicBoolean over) {
        if (!over.get()) {
            commands.run("prove", product);
        }
        if (over.get()) {
            return;
        }
        commands.run("replay", product);
        ProductLifecycle now = decided(product);
        String serving = Integer.toString(now.serving().orElseThrow().number());
        String candidate = now.candidates().stream()
                .map(one -> Integer.toString(one.number()))
                .filter(number -> Integer.parseInt(number) > Integer.parseInt(serving))
                .reduce((first, second) -> second)
                .orElseThrow();
        for (String[] command : new String[][] {
            {"verify", product, "--candidate", candidate},
            {"promote", product, "--candidate", candidate},
            {"retire", product + ".g" + serving}
        }) {
            if (over.get()) {
                return;
            }
            commands.run(command);
        }
    }

    private static ProductLifecycle decided(String product) {
        ProductName name = ProductName.of(product);
        return await().alias("what is decided about " + product)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptionsInstanceOf(KafkaException.class)
                .until(
                        () -> ControlSnapshot.read(List.of(name), Map.of("bootstrap.servers", mesh.bootstrapServers()))
                                .lifecycle(name)
                                .orElseThrow(),
                        found -> true);
    }

    /** One after the other, each back before the next one goes; a domain is stopped and started on the way while a broker is away. */
    private void killBrokers(WorkedDomains domains) {
        Random random = new Random(SEED);
        LocalKafka kafka = mesh.kafka();
        List<Integer> brokers = List.copyOf(kafka.brokerIds());
        long first = System.nanoTime();
        List<String> toStop = new ArrayList<>(WorkedDomains.NAMES);
        long due = first;
        while (System.nanoTime() - first < FAULTS.toNanos()) {
            rest(due - System.nanoTime());
            due = System.nanoTime() + BETWEEN_KILLS.toNanos();
            int broker = brokers.get(random.nextInt(brokers.size()));
            kafka.kill(broker);
            kills.incrementAndGet();
            double passed = (System.nanoTime() - first) / (double) FAULTS.toNanos();
            if (!toStop.isEmpty() && passed > 1.0 - 0.4 * toStop.size()) {
                String domain = toStop.remove(0);
                requireQuickStop(domain, domains.stopAndMeasure(domain));
                domains.start(domain);
            } else {
                rest(AWAY.toNanos());
            }
            kafka.start(broker);
        }
    }

    private void requireQuickStop(String domain, Duration took) {
        stops.add(domain + " stopped in " + took.toMillis() + " ms");
        assertThat(took).as(domain).isLessThan(TO_STOP);
    }

    private void stopsInTimeWhileABrokerSleeps(WorkedDomains domains) {
        for (String domain : WorkedDomains.NAMES) {
            int asleep = mesh.kafka().brokerIds().iterator().next();
            mesh.kafka().pause(asleep);
            Duration took = domains.stopAndMeasure(domain);
            mesh.kafka().resume(asleep);
            requireQuickStop(domain, took);
            domains.start(domain);
            domains.awaitLive(domain);
        }
    }

    private void requireNothingLostAndNothingDoubled(Admin admin, SchemaRegistry registry, WorkedDomains domains)
            throws Exception {
        Drain drain = new Drain(admin, mesh.bootstrapServers());
        for (WorkedProduct product : WorkedProduct.of(WorkedDomains.NAMES)) {
            int serving = decided(product.product()).serving().orElseThrow().number();
            await().alias(product.product()).atMost(PATIENCE).until(() -> {
                domains.requireAlive();
                return drain.isDrained(product, serving);
            });
        }
        TpchEvents events = TpchEvents.atScale(SCALE);
        for (EventStream stream : events.streams()) {
            String topic = WorkedProduct.topicOf(stream);
            assertThat(TopicEnds.written(admin, List.of(topic)).values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .as("events in " + topic + ", of which brokers acknowledged all")
                    .isEqualTo(events.only(stream).size());
        }
        TopicLog topics = new TopicLog(mesh.bootstrapServers(), registry);
        try (TpchDatabase database = TpchDatabase.atScale(SCALE)) {
            WorkedTables tables = new WorkedTables(topics, database);
            tables.requireOrders();
            requireShipments(registry);
            tables.requireDailyRevenue();
            tables.requireDeliveryPerformance();
            tables.requireLateDeliveries();
        }
        for (WorkedProduct product : WorkedProduct.of(WorkedDomains.NAMES)) {
            assertThat(topics.records(product.product() + ".dead-letters"))
                    .as(product.product())
                    .isEmpty();
        }
    }

    private void requireShipments(SchemaRegistry registry) {
        Map<String, byte[]> shipments =
                new ProductTopics(mesh.bootstrapServers(), registry).latest(WorkedProduct.SHIPMENTS.output());
        Deserializer<Shipment> decoder = new AvroDecoder<>(AvroType.of(Shipment.class), registry).asDeserializer();
        Map<String, String> different = new HashMap<>();
        LongAdder expected = new LongAdder();
        GeneratedShipments.forEach(SCALE, row -> {
            expected.increment();
            String key = row.getOrderId() + "-" + row.getLineNumber();
            byte[] bytes = shipments.get(key);
            Shipment found = bytes == null ? null : decoder.deserialize(WorkedProduct.SHIPMENTS.output(), bytes);
            if (!row.equals(found)) {
                different.put(key, String.valueOf(found));
            }
        });
        say("%,d shipments expected, %,d found, %,d different"
                .formatted(expected.sum(), shipments.size(), different.size()));
        assertThat(different).isEmpty();
        assertThat(shipments.size()).isEqualTo(expected.intValue());
    }

    /** Faults are spread over time: here nothing can be awaited. */
    private static void rest(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String text) {
        System.out.println((System.nanoTime() - began) / 1_000_000_000 + " s: " + text);
    }
}
