package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.compare.PortReport;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.logistics.latedeliveries.v1.LateDelivery;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Generation;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Promotion;
import io.kappamesh.logistics.LogisticsProducts;
import io.kappamesh.observe.ProductState;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesProducts;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchDatabase;
import io.kappamesh.tpch.TpchEvents;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worked products replayed, compared and promoted while shipments go on: first all of them by the same code, then two by code that
 * computes something else. The domains run as processes of their own; candidates run here.
 */
class PromoteIT {
    private static final double SCALE = Double.parseDouble(System.getProperty("mesh.scale", "0.01"));
    private static final double HISTORY = 0.9;

    @TempDir
    static Path home;

    private static final List<MeshRuntime> CANDIDATES = new ArrayList<>();
    private static final Map<String, Verification> SAME = new HashMap<>();
    private static final Map<String, Promotion> PROMOTED = new HashMap<>();

    private static TestPlatform platform;
    private static TpchDatabase database;
    private static Lifecycle lifecycle;
    private static PortReport seeded;
    private static PortReport unseeded;
    private static Verification otherOrders;
    private static Promotion promotedOrders;
    private static Verification otherLateDeliveries;
    private static Promotion promotedLateDeliveries;

    @BeforeAll
    static void run() throws Exception {
        platform = TestPlatform.start(home);
        database = TpchDatabase.atScale(SCALE);
        lifecycle = Lifecycle.connect(settings("operator", "operator"));
        TpchEvents events = TpchEvents.atScale(SCALE);
        long now = events.historyEnd(HISTORY);
        platform.processes().provisionDomains();
        platform.feed(events.before(now)).join();
        platform.processes().startDomains();
        platform.awaitDrained();
        try (SteadyFeed shipments = new SteadyFeed(platform, events.from(now).only(EventStream.SHIPMENTS))) {
            CompletableFuture<Void> orders = platform.feed(events.from(now).only(EventStream.ORDERS));
            theSameCode();
            orders.join();
            otherCode();
            shipments.finish();
        }
    }

    private static void theSameCode() throws Exception {
        for (StreamingProduct product : products().toList()) {
            replay("same", product);
        }
        CANDIDATES.forEach(PromoteIT::awaitLive);
        awaitCaughtUp("logistics.shipments.g2");
        seedDifferences();
        for (StreamingProduct product : products().toList()) {
            ProductName name = product.product().name();
            SAME.put(name.toString(), verified(name));
            PROMOTED.put(name.toString(), promoted(name));
        }
    }

    /** Live is whoever is not far behind; here nothing of the history may come later. */
    private static void awaitCaughtUp(String generation) {
        await().atMost(TestPlatform.TIMEOUT)
                .until(() -> lifecycle.status(Generation.of(generation).product()).stream()
                        .anyMatch(one -> one.generation().toString().equals(generation) && one.caughtUp()));
    }

    /** What a comparison must not overlook, written into a shadow by hand; and taken back. */
    private static void seedDifferences() throws Exception {
        ProductName product = ProductName.of("logistics.shipments");
        String shadow = "logistics.shipments.v1.g2";
        Map<String, ConsumerRecord<byte[], byte[]>> delivered = new HashMap<>();
        platform.topics().records(shadow).forEach(record -> delivered.put(key(record), record));
        List<ConsumerRecord<byte[], byte[]>> settled = delivered.values().stream()
                .filter(record -> key(record).startsWith("1-"))
                .sorted((one, other) -> key(one).compareTo(key(other)))
                .toList();
        ConsumerRecord<byte[], byte[]> value = settled.get(0);
        ConsumerRecord<byte[], byte[]> time = settled.get(1);
        ConsumerRecord<byte[], byte[]> gone = settled.get(2);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(again(value, settled.get(3).value(), value.timestamp()))
                    .get();
            producer.send(again(time, time.value(), time.timestamp() + 1)).get();
            producer.send(again(gone, null, gone.timestamp())).get();
            producer.send(new ProducerRecord<>(shadow, 0, 0L, utf8("nobody-1"), value.value()))
                    .get();

            seeded = verified(product).ports().get(0);

            producer.send(again(value, value.value(), value.timestamp())).get();
            producer.send(again(time, time.value(), time.timestamp())).get();
            producer.send(again(gone, gone.value(), gone.timestamp())).get();
            producer.send(new ProducerRecord<>(shadow, 0, 0L, utf8("nobody-1"), (byte[]) null))
                    .get();

            unseeded = verified(product).ports().get(0);
        }
    }

    private static void otherCode() {
        OtherBuilds.ORDERS_IN_SQL.forEach(database::change);
        ProductName orders = ProductName.of("sales.orders");
        awaitLive(replay("other", OtherBuilds.orders()));
        otherOrders = verified(orders, "changed:lines*", "only-serving");
        promotedOrders = promoted(orders);
        ProductName late = ProductName.of("logistics.late-deliveries");
        awaitLive(replay("other", OtherBuilds.lateDeliveries()));
        otherLateDeliveries = verified(late);
        assertThatThrownBy(() -> lifecycle.promote(late, OptionalInt.empty(), false, Progress.SILENT))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("they differed when they were compared");
        promotedLateDeliveries =
                CaughtUp.then(() -> lifecycle.promote(late, OptionalInt.empty(), true, Progress.SILENT));
    }

    private static Verification verified(ProductName product, String... expected) {
        return CaughtUp.then(() -> lifecycle.verify(product, OptionalInt.empty(), List.of(expected), Progress.SILENT));
    }

    private static Promotion promoted(ProductName product) {
        return CaughtUp.then(() -> lifecycle.promote(product, OptionalInt.empty(), false, Progress.SILENT));
    }

    @AfterAll
    static void tellFigures() {
        SAME.forEach((product, found) -> System.out.printf(
                "%s at scale %s: %,d keys, was paused %d ms to be compared, nothing published for %d ms when promoted%n",
                product,
                SCALE,
                found.ports().get(0).servingKeys(),
                found.pauseMillis(),
                PROMOTED.get(product).quiet().toMillis()));
    }

    @AfterAll
    static void stop() {
        CANDIDATES.forEach(MeshRuntime::close);
        if (lifecycle != null) {
            lifecycle.close();
        }
        if (database != null) {
            database.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void everyProductReplayedByTheSameCodeIsEqualAndNeedsNoCorrection() {
        assertThat(SAME).hasSize(5).allSatisfy((product, found) -> {
            assertThat(found.agrees()).as("%s", found).isTrue();
            assertThat(found.ports()).allSatisfy(port -> {
                assertThat(port.equal()).isPositive().isEqualTo(port.servingKeys());
                assertThat(port.overtaken()).isZero();
            });
        });
        assertThat(PROMOTED)
                .hasSize(5)
                .allSatisfy((product, done) ->
                        assertThat(done.totalCorrections()).as(product).isZero());
    }

    @Test
    void differencesOfEachKindAreFound() {
        assertThat(seeded.changed()).isEqualTo(1);
        assertThat(seeded.timestampOnly()).isEqualTo(1);
        assertThat(seeded.onlyServing()).isEqualTo(1);
        assertThat(seeded.onlyCandidate()).isEqualTo(1);
        assertThat(unseeded.agrees()).isTrue();
    }

    @Test
    void codeThatChangesOrdersIsFoundOutWhereItDoesAndNowhereElse() {
        PortReport found = otherOrders.ports().get(0);

        assertThat(found.unexpected()).isZero();
        assertThat(found.expected()).isEqualTo(changedOrders() + removedOrders());
        assertThat(promotedOrders.totalCorrections()).isEqualTo(changedOrders() + removedOrders());
        assertThat(corrections("sales.orders.v1")).hasSize((int) (changedOrders() + removedOrders()));
    }

    @Test
    void consumersOfOrdersEndWithTheTableOfTheNewCode() {
        awaitSame(
                database.query(List.of("orderId"), List.of("lines", "tax", "price"), """
                        select cast(l_orderkey as varchar), count(*), sum(l_tax * l_linenumber),
                          sum(l_extendedprice * l_linenumber)
                        from lineitem group by l_orderkey
                        """),
                "sales.orders.v1",
                Order.class,
                order -> new Answer.Row(
                        List.of(order.getOrderId()),
                        List.of(
                                number(order.getLines().size()),
                                order.getLines().stream()
                                        .map(line -> line.getTax().multiply(number(line.getLineNumber())))
                                        .reduce(BigDecimal.ZERO, BigDecimal::add),
                                order.getLines().stream()
                                        .map(line -> line.getExtendedPrice().multiply(number(line.getLineNumber())))
                                        .reduce(BigDecimal.ZERO, BigDecimal::add))));
    }

    @Test
    void whatFollowsFromOrdersFollowsTheCorrections() {
        awaitSame(database.dailyRevenue(), "sales.daily-revenue.v1", DailyRevenue.class, SqlRows::of);
        awaitSame(
                database.query(List.of("orderId", "lineNumber", "status"), List.of("quantity", "tax"), """
                        select cast(l_orderkey as varchar), cast(l_linenumber as varchar), 'DELIVERED', l_quantity, l_tax
                        from lineitem
                        """),
                "logistics.shipments.v1",
                Shipment.class,
                row -> new Answer.Row(
                        List.of(
                                row.getOrderId(),
                                Integer.toString(row.getLineNumber()),
                                row.getStatus().toString()),
                        List.of(row.getQuantity(), row.getTax())));
        awaitSame(
                database.deliveryPerformance(),
                "logistics.delivery-performance.v1",
                DeliveryPerformance.class,
                SqlRows::of);
    }

    @Test
    void factsAreAddedChangedAndRetracted() {
        PortReport found = otherLateDeliveries.ports().get(0);

        assertThat(found.changed()).isPositive();
        assertThat(found.onlyServing()).isPositive();
        assertThat(found.onlyCandidate()).isPositive();
        assertThat(corrections("logistics.late-deliveries.v1"))
                .hasSize((int) promotedLateDeliveries.totalCorrections())
                .anyMatch(record -> record.value() == null)
                .anyMatch(record -> record.value() != null);
        awaitSame(
                database.query(List.of("orderId", "lineNumber"), List.of("daysLate"), """
                        select cast(l_orderkey as varchar), cast(l_linenumber as varchar), days from (
                          select l_orderkey, l_linenumber,
                            datediff(day, l_commitdate, l_receiptdate) + case when l_shipmode = 'MAIL' then 4 else 0 end as days
                          from lineitem)
                        where days > 3
                        """),
                "logistics.late-deliveries.v1",
                LateDelivery.class,
                row -> new Answer.Row(
                        List.of(row.getOrderId(), Integer.toString(row.getLineNumber())),
                        List.of(number(row.getDaysLate()))));
    }

    private static long changedOrders() {
        try (TpchDatabase before = TpchDatabase.atScale(SCALE)) {
            return count(before, """
                    select 'all', count(*) from (select l_orderkey as k, count(*) as lines from lineitem group by l_orderkey)
                    where mod(k, 17) <> 7 and (mod(k, 11) = 3 or (mod(k, 13) = 5 and lines > 1))
                    """);
        }
    }

    private static long removedOrders() {
        try (TpchDatabase before = TpchDatabase.atScale(SCALE)) {
            return count(before, "select 'all', count(*) from orders where mod(o_orderkey, 17) = 7");
        }
    }

    private static long count(TpchDatabase of, String sql) {
        return of.query(List.of("all"), List.of("count"), sql)
                .rows()
                .get(0)
                .measures()
                .get(0)
                .longValueExact();
    }

    private static <V extends SpecificRecord> void awaitSame(
            Answer expected, String topic, Class<V> type, Function<V, Answer.Row> row) {
        await().atMost(TestPlatform.TIMEOUT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            Answer found = new Answer(
                    expected.keys(),
                    expected.measures(),
                    platform.topics().table(topic, type).values().stream()
                            .map(row)
                            .toList());
            assertThat(found.differencesFrom(expected)).as(topic).isEmpty();
        });
    }

    private static Stream<StreamingProduct> products() {
        return Stream.concat(SalesProducts.all().stream(), LogisticsProducts.all().stream());
    }

    private static MeshRuntime replay(String build, StreamingProduct product) {
        MeshRuntime candidate = MeshRuntime.builder(List.of(product))
                .candidate(OptionalInt.empty())
                .start(settings(build, build + "-" + product.product().name()));
        CANDIDATES.add(candidate);
        return candidate;
    }

    private static void awaitLive(MeshRuntime runtime) {
        await().atMost(TestPlatform.TIMEOUT)
                .untilAsserted(() -> assertThat(runtime.products())
                        .allSatisfy(product ->
                                assertThat(product.state()).as("%s", product).isEqualTo(ProductState.LIVE)));
    }

    private static Settings settings(String build, String directory) {
        return Settings.of(
                Map.of(
                        "bootstrap.servers",
                        platform.processes().bootstrapServers(),
                        "schema.registry.url",
                        platform.processes().registryUrl(),
                        "mesh.state.dir",
                        home.resolve("state-" + directory).toString(),
                        "mesh.build",
                        build),
                Map.of());
    }

    private static List<ConsumerRecord<byte[], byte[]>> corrections(String topic) {
        return platform.topics().records(topic).stream()
                .filter(record -> record.headers().lastHeader("mesh-generation") != null)
                .toList();
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", platform.processes().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> again(
            ConsumerRecord<byte[], byte[]> record, byte[] value, long timestamp) {
        return new ProducerRecord<>(record.topic(), record.partition(), timestamp, record.key(), value);
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static BigDecimal number(long count) {
        return BigDecimal.valueOf(count);
    }
}
