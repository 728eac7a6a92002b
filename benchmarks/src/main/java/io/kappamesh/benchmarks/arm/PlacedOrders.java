package io.kappamesh.benchmarks.arm;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.topology.StreamingProduct;

/** A product without state: order events as orders, each checked and published. */
public final class PlacedOrders {
    private PlacedOrders() {}

    /** Where it publishes. */
    public static final OutputPort<Order> PORT = OutputPort.table("sales.placed-orders.v1", Order.class)
            .eventTime("placedAt")
            .key("orderId")
            .describedAs("Orders as they are placed")
            .build();

    /** The product: {@code read}, {@code check}, {@code becomes}, {@code publish}. */
    public static StreamingProduct product() {
        return new StreamingProduct(
                DataProduct.named("sales.placed-orders")
                        .ownedBy("sales", "sales@example.org")
                        .describedAs("Orders as they are placed")
                        .reads(SalesPorts.ORDER_EVENTS)
                        .publishes(PORT)
                        .build(),
                ports -> ports.publish(
                        PORT,
                        ports
                                .read(SalesPorts.ORDER_EVENTS)
                                .check(OrderSteps::objection)
                                .becomes(PORT, OrderSteps::order)
                                .stream()));
    }
}
