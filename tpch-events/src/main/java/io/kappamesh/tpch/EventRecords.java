package io.kappamesh.tpch;

import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDelivered;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDispatched;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlacedLine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Builds the event of an order or of a line. */
final class EventRecords {

    private final CustomerRows customers;
    private final OrderRows orders;
    private final LineRows lines;

    EventRecords(TpchRows rows) {
        this.customers = rows.customers();
        this.orders = rows.orders();
        this.lines = rows.lines();
    }

    /** The kinds of event, in the order in which those of one day follow each other. */
    List<Course> courses() {
        return List.of(
                new Course(EventStream.ORDERS, DayOrder.of(orders.size(), orders::day), this::placed),
                new Course(EventStream.SHIPMENTS, DayOrder.of(lines.size(), lines::shipDay), this::dispatched),
                new Course(EventStream.SHIPMENTS, DayOrder.of(lines.size(), lines::receiptDay), this::delivered));
    }

    private TpchEvent placed(int order) {
        String orderId = Long.toString(orders.key(order));
        Instant placedAt = midnight(orders.day(order));
        int customer = orders.customerKey(order);
        OrderPlaced value = new OrderPlaced(
                "order-" + orderId + "-placed",
                orderId,
                placedAt,
                Integer.toString(customer),
                customers.segment(customer),
                customers.nation(customer),
                orders.priority(order),
                orders.shipPriority(order),
                linesOf(order));
        return new TpchEvent(EventStream.ORDERS, orderId, placedAt.toEpochMilli(), value);
    }

    private List<OrderPlacedLine> linesOf(int order) {
        int end = lines.firstOf(order + 1);
        List<OrderPlacedLine> placed = new ArrayList<>(end - lines.firstOf(order));
        for (int line = lines.firstOf(order); line < end; line++) {
            placed.add(new OrderPlacedLine(
                    lines.lineNumber(line),
                    Integer.toString(lines.partKey(line)),
                    Integer.toString(lines.supplierKey(line)),
                    hundredths(lines.quantity(line) * 100L),
                    hundredths(lines.extendedPriceInCents(line)),
                    hundredths(lines.discountPercent(line)),
                    hundredths(lines.taxPercent(line))));
        }
        return placed;
    }

    private TpchEvent dispatched(int line) {
        Object event = new ShipmentDispatched(
                lines.shipMode(line), LocalDate.ofEpochDay(lines.commitDay(line)), lines.status(line));
        return shipmentEvent(line, "dispatched", lines.shipDay(line), event);
    }

    private TpchEvent delivered(int line) {
        Object event = new ShipmentDelivered(lines.returnFlag(line));
        return shipmentEvent(line, "delivered", lines.receiptDay(line), event);
    }

    private TpchEvent shipmentEvent(int line, String what, int day, Object event) {
        String orderId = Long.toString(orders.key(lines.order(line)));
        int lineNumber = lines.lineNumber(line);
        Instant occurredAt = midnight(day);
        String eventId = "line-" + orderId + "-" + lineNumber + "-" + what;
        ShipmentEvent value = new ShipmentEvent(eventId, orderId, lineNumber, occurredAt, event);
        return new TpchEvent(EventStream.SHIPMENTS, orderId, occurredAt.toEpochMilli(), value);
    }

    private static Instant midnight(int day) {
        return Instant.EPOCH.plus(Duration.ofDays(day));
    }

    /** Two digits after the point, as the contracts have it: exact, never by way of a double. */
    private static BigDecimal hundredths(long count) {
        return BigDecimal.valueOf(count, 2);
    }
}
