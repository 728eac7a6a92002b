package io.kappamesh.logistics;

import io.kappamesh.contracts.logistics.reads.orders.v1.Order;
import io.kappamesh.contracts.logistics.reads.orders.v1.OrderLine;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDelivered;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDispatched;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.logistics.shipments.v1.ShipmentStatus;
import io.kappamesh.contracts.logistics.state.v1.DeliveredFact;
import io.kappamesh.contracts.logistics.state.v1.DispatchedFact;
import io.kappamesh.contracts.logistics.state.v1.ShipmentLog;
import io.kappamesh.contracts.logistics.state.v1.ShipmentLogLine;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From orders and carriers' events to shipments. Of two reports of one fact the later counts, by event time and then by event id,
 * whatever the order in which they arrive.
 */
final class ShipmentSteps {
    /** More lines than any order has; it bounds what one order can keep. */
    private static final int MAX_LINES = 1000;

    private ShipmentSteps() {}

    /** Why the carrier's event cannot be used; empty if it can. */
    static Optional<String> objection(ShipmentEvent event) {
        if (event.getOrderId().isBlank()) {
            return Optional.of("the event names no order");
        }
        if (event.getLineNumber() < 1 || event.getLineNumber() > MAX_LINES) {
            return Optional.of("the line number is not between 1 and " + MAX_LINES);
        }
        if (event.getEvent() instanceof ShipmentDispatched dispatched
                && dispatched.getShipMode().isBlank()) {
            return Optional.of("the dispatch names no ship mode");
        }
        return Optional.empty();
    }

    /** The log with one more event in it. */
    static ShipmentLog record(@Nullable ShipmentLog log, ShipmentEvent event) {
        Map<Integer, ShipmentLogLine> lines = new TreeMap<>();
        if (log != null) {
            log.getLines().forEach(line -> lines.put(line.getLineNumber(), line));
        }
        int number = event.getLineNumber();
        ShipmentLogLine known = lines.getOrDefault(number, new ShipmentLogLine(number, null, null));
        DispatchedFact dispatched = known.getDispatched();
        DeliveredFact delivered = known.getDelivered();
        if (event.getEvent() instanceof ShipmentDispatched now
                && (dispatched == null || isLater(event, dispatched.getOccurredAt(), dispatched.getEventId()))) {
            dispatched = new DispatchedFact(
                    event.getEventId(),
                    event.getOccurredAt(),
                    now.getShipMode(),
                    now.getCommitDate(),
                    now.getLineStatus());
        } else if (event.getEvent() instanceof ShipmentDelivered now
                && (delivered == null || isLater(event, delivered.getOccurredAt(), delivered.getEventId()))) {
            delivered = new DeliveredFact(event.getEventId(), event.getOccurredAt(), now.getReturnFlag());
        }
        lines.put(number, new ShipmentLogLine(number, dispatched, delivered));
        return new ShipmentLog(List.copyOf(lines.values()));
    }

    private static boolean isLater(ShipmentEvent event, Instant knownAt, String knownId) {
        int byTime = event.getOccurredAt().compareTo(knownAt);
        return byTime > 0 || (byTime == 0 && event.getEventId().compareTo(knownId) > 0);
    }

    /** One shipment per line of the order, by {@code orderId-lineNumber}. */
    static Map<String, Shipment> shipments(OrderShipments known) {
        Map<Integer, ShipmentLogLine> facts = new LinkedHashMap<>();
        if (known.log() != null) {
            known.log().getLines().forEach(line -> facts.put(line.getLineNumber(), line));
        }
        Map<String, Shipment> shipments = new LinkedHashMap<>();
        for (OrderLine line : known.order().getLines()) {
            ShipmentLogLine fact = facts.get(line.getLineNumber());
            shipments.put(
                    known.order().getOrderId() + "-" + line.getLineNumber(),
                    shipment(
                            known.order(),
                            line,
                            fact == null ? null : fact.getDispatched(),
                            fact == null ? null : fact.getDelivered()));
        }
        return shipments;
    }

    private static Shipment shipment(
            Order order, OrderLine line, @Nullable DispatchedFact dispatched, @Nullable DeliveredFact delivered) {
        Instant updatedAt = order.getPlacedAt();
        Shipment.Builder shipment = Shipment.newBuilder()
                .setOrderId(order.getOrderId())
                .setLineNumber(line.getLineNumber())
                .setStatus(ShipmentStatus.ORDERED)
                .setQuantity(line.getQuantity())
                .setExtendedPrice(line.getExtendedPrice())
                .setDiscount(line.getDiscount())
                .setTax(line.getTax())
                .setOrderDate(order.getOrderDate())
                .setOrderPriority(order.getOrderPriority());
        if (dispatched != null) {
            updatedAt = later(updatedAt, dispatched.getOccurredAt());
            shipment.setStatus(ShipmentStatus.DISPATCHED)
                    .setShipMode(dispatched.getShipMode())
                    .setLineStatus(dispatched.getLineStatus())
                    .setShipDate(day(dispatched.getOccurredAt()))
                    .setCommitDate(dispatched.getCommitDate());
        }
        if (delivered != null) {
            updatedAt = later(updatedAt, delivered.getOccurredAt());
            shipment.setStatus(ShipmentStatus.DELIVERED)
                    .setReceiptDate(day(delivered.getOccurredAt()))
                    .setReturnFlag(delivered.getReturnFlag());
        }
        if (dispatched != null && delivered != null) {
            shipment.setDaysLate(Math.toIntExact(
                    ChronoUnit.DAYS.between(dispatched.getCommitDate(), day(delivered.getOccurredAt()))));
        }
        return shipment.setUpdatedAt(updatedAt).build();
    }

    private static LocalDate day(Instant time) {
        return time.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
