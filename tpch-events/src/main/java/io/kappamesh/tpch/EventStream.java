package io.kappamesh.tpch;

/** The private stream that an event belongs to. */
public enum EventStream {
    /** What sales is told, {@code sales.order-events.v1}: values are {@code OrderPlaced}. */
    ORDERS,
    /** What logistics is told, {@code logistics.shipment-events.v1}: values are {@code ShipmentEvent}. */
    SHIPMENTS,
    /** Rows of nations, {@code masterdata.nation-rows.v1}: values are {@code NationRow}. */
    NATIONS,
    /** Rows of customers, {@code masterdata.customer-rows.v1}: values are {@code CustomerRow}. */
    CUSTOMERS,
    /** Rows of suppliers, {@code masterdata.supplier-rows.v1}: values are {@code SupplierRow}. */
    SUPPLIERS,
    /** Rows of parts, {@code masterdata.part-rows.v1}: values are {@code PartRow}. */
    PARTS
}
