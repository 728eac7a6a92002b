package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.logistics.latedeliveries.v1.LateDelivery;
import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.contracts.sales.orders.v1.OrderLine;
import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.TpchDatabase;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/** What the worked products have published, against what SQL makes of the generator's rows. */
final class WorkedTables {
    private final TopicLog topics;
    private final TpchDatabase database;

    WorkedTables(TopicLog topics, TpchDatabase database) {
        this.topics = topics;
        this.database = database;
    }

    void requireDailyRevenue() {
        Answer found = rows(database.dailyRevenue(), "sales.daily-revenue.v1", DailyRevenue.class, SqlRows::of);

        assertThat(found.differencesFrom(database.dailyRevenue())).isEmpty();
    }

    void requireDeliveryPerformance() {
        Answer found = rows(
                database.deliveryPerformance(),
                "logistics.delivery-performance.v1",
                DeliveryPerformance.class,
                SqlRows::of);

        assertThat(found.differencesFrom(database.deliveryPerformance())).isEmpty();
    }

    /** Each of them once, and no other. */
    void requireLateDeliveries() {
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
        assertThat(topics.records("logistics.late-deliveries.v1").size())
                .as("facts, none repeated or taken back")
                .isEqualTo(expected.rows().size());
    }

    /** With all their lines. */
    void requireOrders() {
        Answer expected = database.query(
                List.of("orderId", "orderDate", "orderPriority"),
                List.of("customer", "lines", "quantity", "weightedPrice", "weightedRates"),
                """
                select cast(o_orderkey as varchar), cast(o_orderdate as varchar), o_orderpriority, o_custkey, count(*),
                  sum(l_quantity), sum(l_extendedprice * l_linenumber), sum(l_discount * 100 + l_tax * l_linenumber)
                from orders join lineitem on l_orderkey = o_orderkey
                group by o_orderkey, o_orderdate, o_orderpriority, o_custkey
                """);
        Answer found = rows(expected, "sales.orders.v1", Order.class, WorkedTables::row);

        assertThat(found.differencesFrom(expected)).isEmpty();
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

    private <V extends SpecificRecord> Answer rows(
            Answer like, String topic, Class<V> type, Function<V, Answer.Row> row) {
        Map<String, V> table = topics.table(topic, type);
        return new Answer(
                like.keys(), like.measures(), table.values().stream().map(row).toList());
    }

    private static BigDecimal number(long count) {
        return BigDecimal.valueOf(count);
    }
}
