package io.kappamesh.sales;

import static io.kappamesh.sales.SalesPorts.DAILY_REVENUE;
import static io.kappamesh.sales.SalesPorts.ORDERS;
import static io.kappamesh.sales.SalesPorts.ORDER_EVENTS;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;

/** The products of the sales domain: declaration and wiring. */
public final class SalesProducts {
    private SalesProducts() {}

    /** All products of the domain. */
    public static List<StreamingProduct> all() {
        return List.of(orders(), dailyRevenue());
    }

    /** {@code sales.orders}: every order with its lines. */
    public static StreamingProduct orders() {
        return new StreamingProduct(
                DataProduct.named("sales.orders")
                        .ownedBy("sales", "sales@example.org")
                        .describedAs("Every order with its lines")
                        .reads(ORDER_EVENTS)
                        .publishes(ORDERS)
                        .build(),
                SalesProducts::wireOrders);
    }

    /** {@code sales.daily-revenue}: what was earned per order day and market segment. */
    public static StreamingProduct dailyRevenue() {
        return new StreamingProduct(
                DataProduct.named("sales.daily-revenue")
                        .ownedBy("sales", "sales@example.org")
                        .describedAs("What was earned per order day and market segment")
                        .reads(ORDERS)
                        .publishes(DAILY_REVENUE)
                        .build(),
                SalesProducts::wireDailyRevenue);
    }

    /**
     * Of two events of one order the later by event time counts, so that an earlier one that is delivered again does not bring it back;
     * of two at one time the one that came later. The store is not cached: hardly any order comes twice, and a commit would have to
     * flush as many of them as the cache holds.
     */
    private static void wireOrders(Ports ports) {
        KTable<String, Order> latest =
                ports.read(ORDER_EVENTS).check(OrderSteps::objection).becomes(ORDERS, OrderSteps::order).stream()
                        .groupByKey(ports.grouped("placed-orders", Order.class))
                        .reduce(
                                OrderSteps::later,
                                Named.as("latest-order"),
                                ports.store("orders", Order.class).withCachingDisabled());
        ports.publish(ORDERS, latest.toStream(Named.as("order-changes")));
    }

    private static void wireDailyRevenue(Ports ports) {
        KTable<String, DailyRevenue> revenue = ports.read(ORDERS)
                .table("orders")
                .groupBy(
                        (orderId, order) -> KeyValue.pair(RevenueSteps.key(order), RevenueSteps.contribution(order)),
                        ports.grouped("orders-by-day-and-segment", DailyRevenue.class))
                .aggregate(
                        () -> null,
                        (key, order, sum) -> RevenueSteps.plus(sum, order),
                        (key, order, sum) -> RevenueSteps.minus(sum, order),
                        Named.as("sum-revenue"),
                        ports.store("daily-revenue", DailyRevenue.class));
        ports.publish(DAILY_REVENUE, revenue.toStream(Named.as("revenue-changes")));
    }
}
