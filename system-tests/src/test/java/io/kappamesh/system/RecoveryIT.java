package io.kappamesh.system;

import static org.awaitility.Awaitility.await;

import io.kappamesh.console.demo.Drain;
import io.kappamesh.console.demo.EventFeed;
import io.kappamesh.console.demo.WorkedProduct;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.tpch.TpchDatabase;
import io.kappamesh.tpch.TpchEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a domain needs until it is ready again, after an orderly stop and after a kill, with the state of TPC-H at a scale and an instance id,
 * with transactional stores and without. The figures are printed; what is asserted is that the results are right afterwards. Of the long
 * profile: {@code -Dmesh.recovery.scale=0.1}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class RecoveryIT {
    private static final double SCALE = Double.parseDouble(System.getProperty("mesh.recovery.scale", "0.02"));
    private static final int ROUNDS = 3;
    private static final double MEBIBYTE = 1024 * 1024;

    @TempDir
    private Path home;

    @Nested
    class WithTransactionalStores {
        @RegisterExtension
        static final LocalMesh mesh = LocalMesh.withBrokers(1);

        @Test
        void aKillCostsNoMoreThanAnOrderlyStop() throws Exception {
            measure(mesh, true);
        }
    }

    @Nested
    class WithoutTransactionalStores {
        @RegisterExtension
        static final LocalMesh mesh = LocalMesh.withBrokers(1);

        @Test
        void aKillCostsARestore() throws Exception {
            measure(mesh, false);
        }
    }

    private void measure(LocalMesh mesh, boolean transactional) throws Exception {
        TpchEvents events = TpchEvents.atScale(SCALE);
        Map<String, String> settings =
                Map.of("MESH_STREAMS_ENABLE_TRANSACTIONAL_STATESTORES", Boolean.toString(transactional));
        try (SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", mesh.registryUrl()));
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, mesh.bootstrapServers()));
                TpchDatabase database = TpchDatabase.atScale(SCALE);
                WorkedDomains domains = new WorkedDomains(mesh, home, settings)) {
            say("ready for the first time, with nothing to do: sales after %s, logistics after %s"
                    .formatted(domains.startAndMeasure("sales"), domains.startAndMeasure("logistics")));
            EventFeed feed = new EventFeed(mesh.bootstrapServers(), registry);
            long from = System.nanoTime();
            feed.start(events, Optional.empty(), new LongAdder()).join();
            awaitDrained(mesh, admin, domains);
            say("%,d events, transactional stores %s: through after %s, state of logistics %.0f MiB"
                    .formatted(
                            events.size(),
                            transactional,
                            Duration.ofNanos(System.nanoTime() - from),
                            size(home.resolve("state-logistics")) / MEBIBYTE));
            for (String domain : List.of("logistics", "sales")) {
                List<Duration> afterStops = new ArrayList<>();
                List<Duration> afterKills = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    domains.stopAndMeasure(domain);
                    afterStops.add(domains.startAndMeasure(domain));
                    domains.kill(domain);
                    afterKills.add(domains.startAndMeasure(domain));
                }
                say("%s ready after an orderly stop: %s, after a kill: %s".formatted(domain, afterStops, afterKills));
            }
            awaitDrained(mesh, admin, domains);
            WorkedTables tables = new WorkedTables(new TopicLog(mesh.bootstrapServers(), registry), database);
            tables.requireOrders();
            tables.requireDailyRevenue();
            tables.requireDeliveryPerformance();
        }
    }

    private static void awaitDrained(LocalMesh mesh, Admin admin, WorkedDomains domains) {
        Drain drain = new Drain(admin, mesh.bootstrapServers());
        for (WorkedProduct product : WorkedProduct.of(WorkedDomains.NAMES)) {
            await().alias(product.product()).atMost(Duration.ofMinutes(10)).until(() -> {
                domains.requireAlive();
                return drain.isDrained(product);
            });
        }
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
