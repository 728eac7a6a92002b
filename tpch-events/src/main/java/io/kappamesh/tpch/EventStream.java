package io.kappamesh.tpch;

/** The private stream that an event belongs to. */
public enum EventStream {
    /** What sales is told, {@code sales.order-events.v1}: values are {@code OrderPlaced}. */
    ORDERS,
    /** What logistics is told, {@code logistics.shipment-events.v1}: values are {@code ShipmentEvent}. */
    SHIPMENTS
}
