package io.kappamesh.logistics;

import io.kappamesh.contracts.logistics.reads.orders.v1.Order;
import io.kappamesh.contracts.logistics.state.v1.ShipmentLog;
import org.jspecify.annotations.Nullable;

/**
 * An order and what is known of its shipments.
 *
 * @param order the order with its lines
 * @param log dispatches and deliveries; null while none is known
 */
record OrderShipments(Order order, @Nullable ShipmentLog log) {}
