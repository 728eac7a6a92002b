package io.kappamesh.sales;

import io.kappamesh.condition.Condition;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import java.time.Duration;

/** The ports that the sales domain owns. */
public final class SalesPorts {
    private SalesPorts() {}

    /** The shop's order events, private to sales. An event that is more than 30 days behind the newest is refused. */
    public static final EventSource<OrderPlaced> ORDER_EVENTS = SourcePort.events(
                    "sales.order-events.v1", OrderPlaced.class)
            .eventTime("placedAt")
            .key("orderId")
            .describedAs("Orders as the shop takes them")
            .build()
            .allowingLateness(Duration.ofDays(30));

    /** Every order with its lines. */
    public static final OutputPort<Order> ORDERS = OutputPort.table("sales.orders.v1", Order.class)
            .eventTime("placedAt")
            .key("orderId")
            .describedAs("Every order with its lines, as it is known now")
            .promises("has-lines", "an order has at least one line", Condition.of("lines is not empty"))
            .build();

    /** What was earned per order day and market segment, under keys such as {@code 1995-03-15|BUILDING}. */
    public static final OutputPort<DailyRevenue> DAILY_REVENUE = OutputPort.table(
                    "sales.daily-revenue.v1", DailyRevenue.class)
            .eventTime("orderDate")
            .key("orderDate|marketSegment", RevenueSteps::key)
            .describedAs("Orders, lines and revenue per order day and market segment")
            .build();
}
