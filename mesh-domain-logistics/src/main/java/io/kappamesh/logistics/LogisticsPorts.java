package io.kappamesh.logistics;

import io.kappamesh.condition.Condition;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.logistics.latedeliveries.v1.LateDelivery;
import io.kappamesh.contracts.logistics.reads.orders.v1.Order;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import java.time.Duration;

/** The ports that the logistics domain owns, and the one it reads of another domain. */
public final class LogisticsPorts {
    private LogisticsPorts() {}

    /** The carrier's shipment events, private to logistics. An event that is more than 30 days behind the newest is refused. */
    public static final EventSource<ShipmentEvent> SHIPMENT_EVENTS = SourcePort.events(
                    "logistics.shipment-events.v1", ShipmentEvent.class)
            .eventTime("occurredAt")
            .key("orderId")
            .describedAs("Dispatches and deliveries as the carriers report them")
            .build()
            .allowingLateness(Duration.ofDays(30));

    /** The orders of the sales domain, by their published contract, with the fields that logistics needs. */
    public static final InputPort<Order> ORDERS = InputPort.table("sales.orders.v1", Order.class)
            .eventTime("placedAt")
            .key("orderId")
            .build();

    /** Every order line with its dispatch and delivery. */
    public static final OutputPort<Shipment> SHIPMENTS = OutputPort.table("logistics.shipments.v1", Shipment.class)
            .eventTime("updatedAt")
            .key("orderId-lineNumber", shipment -> shipment.getOrderId() + "-" + shipment.getLineNumber())
            .describedAs("Every order line with its dispatch and delivery, as far as they are known")
            .build();

    /** Deliveries, and late ones, per ship mode, priority and month of receipt, under keys such as {@code MAIL|1-URGENT|1994-03}. */
    public static final OutputPort<DeliveryPerformance> DELIVERY_PERFORMANCE = OutputPort.table(
                    "logistics.delivery-performance.v1", DeliveryPerformance.class)
            .eventTime("receiptMonth")
            .key("shipMode|orderPriority|month", PerformanceSteps::key)
            .describedAs("Deliveries and late deliveries per ship mode, order priority and month of receipt")
            .promises(
                    "late-among-delivered",
                    "no more deliveries are late than there are",
                    Condition.of("late <= delivered"))
            .build();

    /** One fact per late delivery. */
    public static final OutputPort<LateDelivery> LATE_DELIVERIES = OutputPort.events(
                    "logistics.late-deliveries.v1", LateDelivery.class)
            .eventTime("deliveredAt")
            .key("orderId-lineNumber", delivery -> delivery.getOrderId() + "-" + delivery.getLineNumber())
            .describedAs("One fact per order line that was received after the promised day")
            .build();
}
