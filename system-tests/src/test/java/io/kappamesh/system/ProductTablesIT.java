package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.logistics.latedeliveries.v1.LateDelivery;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.contracts.sales.orders.v1.OrderLine;
import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.TpchDatabase;
import io.kappamesh.tpch.TpchEvents;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
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
        Answer found = rows(database.dailyRevenue(), "sales.daily-revenue.v1", DailyRevenue.class, SqlRows::of);

        assertThat(found.differencesFrom(database.dailyRevenue())).isEmpty();
    }

    @Test
    void deliveryPerformanceEqualsSql() {
        Answer found = rows(
                database.deliveryPerformance(),
                "logistics.delivery-performance.v1",
                DeliveryPerformance.class,
                SqlRows::of);

        assertThat(found.differencesFrom(database.deliveryPerformance())).isEmpty();
    }

    @Test
    void lateDeliveriesAreThoseReceivedAfterTheCommitDate() {
        Answer expected = database.query(List.of("orderId", "lineNumber", "shipMode"), List.of("daysLate"), """
                select cast(l_orderkey as varchar), cast(l_linenumber as varchar), l_shipmode,
                  datediff(day, l_commitdate, l_receiptdate)
                from lineitem where l_receiptdate > l_commitdate
                """);
        Answer found = rows(
                expected,
                "logistics.late-deliveries.v1",
                LateDelivery.class,
                row -> new Answer.Row(
                        List.of(row.getOrderId(), Integer.toString(row.getLineNumber()), row.getShipMode()),
                        List.of(number(row.getDaysLate()))));

        assertThat(found.differencesFrom(expected)).isEmpty();
        assertThat(platform.topics().records("logistics.late-deliveries.v1"))
                .as("one fact each, none repeated or taken back")
                .hasSameSizeAs(expected.rows());
    }

    @Test
    void ordersHaveAllTheirLines() {
        Answer expected = database.query(
                List.of("orderId", "orderDate", "orderPriority"),
                List.of("customer", "lines", "quantity", "weightedPrice", "weightedRates"),
                """
                select cast(o_orderkey as varchar), cast(o_orderdate as varchar), o_orderpriority, o_custkey, count(*),
                  sum(l_quantity), sum(l_extendedprice * l_linenumber), sum(l_discount * 100 + l_tax * l_linenumber)
                from orders join lineitem on l_orderkey = o_orderkey
                group by o_orderkey, o_orderdate, o_orderpriority, o_custkey
                """);
        Answer found = rows(expected, "sales.orders.v1", Order.class, ProductTablesIT::row);

        assertThat(found.rows()).hasSize(15_000);
        assertThat(found.differencesFrom(expected)).isEmpty();
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

    /** Sums weighted by the line's number, so that values at the wrong line show. */
    private static Answer.Row row(Order order) {
        return new Answer.Row(
                List.of(order.getOrderId(), order.getOrderDate().toString(), order.getOrderPriority()),
                List.of(
                        new BigDecimal(order.getCustomerId()),
                        number(order.getLines().size()),
                        sum(order, line -> line.getQuantity()),
                        sum(order, line -> line.getExtendedPrice().multiply(number(line.getLineNumber()))),
                        sum(
                                order,
                                line -> line.getDiscount()
                                        .multiply(number(100))
                                        .add(line.getTax().multiply(number(line.getLineNumber()))))));
    }

    private static BigDecimal sum(Order order, Function<OrderLine, BigDecimal> measure) {
        return order.getLines().stream().map(measure).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static <V extends SpecificRecord> Answer rows(
            Answer like, String topic, Class<V> type, Function<V, Answer.Row> row) {
        Map<String, V> table = platform.topics().table(topic, type);
        return new Answer(
                like.keys(), like.measures(), table.values().stream().map(row).toList());
    }

    private static BigDecimal number(long count) {
        return BigDecimal.valueOf(count);
    }
}
