package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.tpch.TpchDatabase;
import io.kappamesh.tpch.TpchEvents;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every product's table after a run of half history and half live events, against what SQL makes of the generator's rows. */
class ProductTablesIT {
    private static final Pattern METRIC = Pattern.compile("\\b(?:mesh|kafka|jvm|process)_[a-z_]+[a-z]\\b");

    @TempDir
    static Path home;

    private static TestPlatform platform;
    private static TpchDatabase database;
    private static WorkedTables tables;

    @BeforeAll
    static void run() {
        platform = TestPlatform.start(home);
        platform.processes().provisionDomains();
        TpchEvents events = TpchEvents.atScale(TestPlatform.SCALE);
        long now = events.historyEnd(0.5);
        platform.feed(events.before(now)).join();
        platform.processes().startDomains();
        platform.awaitDrained();
        platform.feed(events.from(now)).join();
        platform.awaitDrained();
        database = TpchDatabase.atScale(TestPlatform.SCALE);
        tables = new WorkedTables(platform.topics(), database);
    }

    @AfterAll
    static void stop() {
        if (database != null) {
            database.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void dailyRevenueEqualsSql() {
        tables.requireDailyRevenue();
    }

    @Test
    void deliveryPerformanceEqualsSql() {
        tables.requireDeliveryPerformance();
    }

    @Test
    void lateDeliveriesAreThoseReceivedAfterTheCommitDate() {
        tables.requireLateDeliveries();
    }

    @Test
    void ordersHaveAllTheirLines() {
        assertThat(platform.topics().table("sales.orders.v1", Order.class)).hasSize(15_000);
        tables.requireOrders();
    }

    @Test
    void metricsInDocumentsDashboardAndAlertsExist() throws Exception {
        Set<String> named = new TreeSet<>();
        for (String file : List.of(
                "docs/operations.md", "docker/grafana/dashboards/kappa-mesh.json", "docker/prometheus/alerts.yml")) {
            METRIC.matcher(Files.readString(Checkout.root().resolve(file)))
                    .results()
                    .map(MatchResult::group)
                    .forEach(named::add);
        }
        // Kafka's own are bound with a delay of up to a minute after they come to be.
        named.removeIf(metric -> metric.startsWith("kafka_"));
        URI address = URI.create("http://127.0.0.1:" + platform.processes().httpPort("sales") + "/metrics");
        Set<String> served = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());

        assertThat(served).containsAll(named);
        assertThat(named).hasSizeGreaterThan(8);
    }

    @Test
    void shipmentsAnswerTheQueries() {
        assertThat(platform.topics().table("logistics.shipments.v1", Shipment.class))
                .hasSize(60_175);
        platform.requirePublishedAnswers();
    }
}
