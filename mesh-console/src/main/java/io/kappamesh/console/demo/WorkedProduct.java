package io.kappamesh.console.demo;

import io.kappamesh.tpch.EventStream;
import java.util.List;

/** The products of the worked domains, each after those it reads. */
public enum WorkedProduct {
    ORDERS("sales.orders", "sales.orders.v1", "sales.order-events.v1"),
    DAILY_REVENUE("sales.daily-revenue", "sales.daily-revenue.v1", "sales.orders.v1"),
    SHIPMENTS("logistics.shipments", "logistics.shipments.v1", "sales.orders.v1", "logistics.shipment-events.v1"),
    DELIVERY_PERFORMANCE(
            "logistics.delivery-performance", "logistics.delivery-performance.v1", "logistics.shipments.v1"),
    LATE_DELIVERIES("logistics.late-deliveries", "logistics.late-deliveries.v1", "logistics.shipments.v1");

    /** The private topics that the events of the outside world go into. */
    public static final String ORDER_EVENTS = "sales.order-events.v1";

    public static final String SHIPMENT_EVENTS = "logistics.shipment-events.v1";

    private final String product;
    private final String output;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> inputs;

    WorkedProduct(String product, String output, String... inputs) {
        this.product = product;
        this.output = output;
        this.inputs = List.of(inputs);
    }

    /** Where the events of a stream go. */
    public static String topicOf(EventStream stream) {
        return stream == EventStream.ORDERS ? ORDER_EVENTS : SHIPMENT_EVENTS;
    }

    public String product() {
        return product;
    }

    public String output() {
        return output;
    }

    public List<String> inputs() {
        return inputs;
    }
}
