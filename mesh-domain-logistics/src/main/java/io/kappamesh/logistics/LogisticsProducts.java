package io.kappamesh.logistics;

import static io.kappamesh.logistics.LogisticsPorts.DELIVERY_PERFORMANCE;
import static io.kappamesh.logistics.LogisticsPorts.LATE_DELIVERIES;
import static io.kappamesh.logistics.LogisticsPorts.ORDERS;
import static io.kappamesh.logistics.LogisticsPorts.SHIPMENTS;
import static io.kappamesh.logistics.LogisticsPorts.SHIPMENT_EVENTS;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.logistics.latedeliveries.v1.LateDelivery;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.logistics.state.v1.ShipmentLog;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;

/** The products of the logistics domain: declaration and wiring. */
public final class LogisticsProducts {
    private LogisticsProducts() {}

    /** All products of the domain. */
    public static List<StreamingProduct> all() {
        return List.of(shipments(), deliveryPerformance(), lateDeliveries());
    }

    /** {@code logistics.shipments}: every order line with its dispatch and delivery. */
    public static StreamingProduct shipments() {
        DataProduct product = named("logistics.shipments", "Every order line with its dispatch and delivery")
                .reads(ORDERS)
                .reads(SHIPMENT_EVENTS)
                .publishes(SHIPMENTS)
                .build();
        return new StreamingProduct(product, LogisticsProducts::wireShipments);
    }

    /** {@code logistics.delivery-performance}: how many deliveries there were and how many were late. */
    public static StreamingProduct deliveryPerformance() {
        DataProduct product = named(
                        "logistics.delivery-performance",
                        "Deliveries and late deliveries per ship mode, order priority and month")
                .reads(SHIPMENTS)
                .publishes(DELIVERY_PERFORMANCE)
                .build();
        return new StreamingProduct(product, LogisticsProducts::wireDeliveryPerformance);
    }

    /** {@code logistics.late-deliveries}: one fact per delivery that came after the promised day. */
    public static StreamingProduct lateDeliveries() {
        DataProduct product = named("logistics.late-deliveries", "One fact per late delivery")
                .reads(SHIPMENTS)
                .publishes(LATE_DELIVERIES)
                .build();
        ProductTopology topology = ports -> ports.publish(
                LATE_DELIVERIES,
                ports.derive(
                        "late-deliveries", ports.read(SHIPMENTS).changes(), LateDelivery.class, LatenessSteps::facts));
        return new StreamingProduct(product, topology);
    }

    /** Orders and shipment events meet by the state of both, so that it does not matter which arrives first. */
    private static void wireShipments(Ports ports) {
        KTable<String, ShipmentLog> log = ports.read(SHIPMENT_EVENTS).check(ShipmentSteps::objection).stream()
                .groupByKey(ports.grouped("shipment-events", ShipmentEvent.class))
                .aggregate(
                        () -> null,
                        (orderId, event, known) -> ShipmentSteps.record(known, event),
                        Named.as("record-shipment-events"),
                        ports.store("shipment-log", ShipmentLog.class));
        KTable<String, OrderShipments> known = ports.read(ORDERS)
                .table("orders")
                .leftJoin(log, OrderShipments::new, Named.as("orders-with-shipments"));
        ports.publish(
                SHIPMENTS,
                ports.derive(
                        "shipments",
                        known.toStream(Named.as("order-changes")),
                        Shipment.class,
                        ShipmentSteps::shipments));
    }

    private static void wireDeliveryPerformance(Ports ports) {
        KTable<String, DeliveryPerformance> performance = ports.read(SHIPMENTS)
                .table("shipments")
                .filter((key, shipment) -> PerformanceSteps.counts(shipment), Named.as("delivered"))
                .groupBy(
                        (key, shipment) ->
                                KeyValue.pair(PerformanceSteps.key(shipment), PerformanceSteps.contribution(shipment)),
                        ports.grouped("deliveries-by-mode-priority-and-month", DeliveryPerformance.class))
                .aggregate(
                        () -> null,
                        (key, delivery, sum) -> PerformanceSteps.plus(sum, delivery),
                        (key, delivery, sum) -> PerformanceSteps.minus(sum, delivery),
                        Named.as("count-deliveries"),
                        ports.store("delivery-performance", DeliveryPerformance.class));
        ports.publish(DELIVERY_PERFORMANCE, performance.toStream(Named.as("performance-changes")));
    }

    private static DataProduct.Builder named(String name, String description) {
        return DataProduct.named(name)
                .ownedBy("logistics", "logistics@example.org")
                .describedAs(description);
    }
}
