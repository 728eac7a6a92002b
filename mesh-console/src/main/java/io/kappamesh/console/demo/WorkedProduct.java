package io.kappamesh.console.demo;

import io.kappamesh.contract.ProductName;
import io.kappamesh.tpch.EventStream;
import java.util.List;
import java.util.stream.Stream;

/** The products of the worked domains, each after those it reads. */
public enum WorkedProduct {
    ORDERS("sales.orders", "sales.orders.v1", "sales.order-events.v1"),
    DAILY_REVENUE("sales.daily-revenue", "sales.daily-revenue.v1", "sales.orders.v1"),
    SHIPMENTS("logistics.shipments", "logistics.shipments.v1", "sales.orders.v1", "logistics.shipment-events.v1"),
    DELIVERY_PERFORMANCE(
            "logistics.delivery-performance", "logistics.delivery-performance.v1", "logistics.shipments.v1"),
    LATE_DELIVERIES("logistics.late-deliveries", "logistics.late-deliveries.v1", "logistics.shipments.v1"),
    NATIONS("masterdata.nations", "masterdata.nations.v1", "masterdata.nation-rows.v1"),
    CUSTOMERS("masterdata.customers", "masterdata.customers.v1", "masterdata.customer-rows.v1"),
    SUPPLIERS("masterdata.suppliers", "masterdata.suppliers.v1", "masterdata.supplier-rows.v1"),
    PARTS("masterdata.parts", "masterdata.parts.v1", "masterdata.part-rows.v1");

    /** The private topics that the events of the outside world go into. */
    public static final String ORDER_EVENTS = "sales.order-events.v1";

    public static final String SHIPMENT_EVENTS = "logistics.shipment-events.v1";
    public static final String NATION_ROWS = "masterdata.nation-rows.v1";
    public static final String CUSTOMER_ROWS = "masterdata.customer-rows.v1";
    public static final String SUPPLIER_ROWS = "masterdata.supplier-rows.v1";
    public static final String PART_ROWS = "masterdata.part-rows.v1";

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
        return switch (stream) {
            case ORDERS -> ORDER_EVENTS;
            case SHIPMENTS -> SHIPMENT_EVENTS;
            case NATIONS -> NATION_ROWS;
            case CUSTOMERS -> CUSTOMER_ROWS;
            case SUPPLIERS -> SUPPLIER_ROWS;
            case PARTS -> PART_ROWS;
        };
    }

    /** The products of some domains. */
    public static List<WorkedProduct> of(List<String> domains) {
        return Stream.of(values())
                .filter(one -> domains.contains(ProductName.of(one.product).domain()))
                .toList();
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
