package io.kappamesh.logistics;

import io.kappamesh.contracts.logistics.reads.orders.v1.Order;
import io.kappamesh.contracts.logistics.reads.orders.v1.OrderLine;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDelivered;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDispatched;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Orders and carriers' events for tests. Days are counted from the day of the order. */
final class Facts {
    static final Instant PLACED_AT = Instant.parse("1995-03-15T10:00:00Z");
    static final LocalDate DAY = LocalDate.of(1995, 3, 15);

    private Facts() {}

    static Order order(String orderId, int... lines) {
        return new Order(
                orderId,
                "1-URGENT",
                DAY,
                PLACED_AT,
                Arrays.stream(lines).mapToObj(Facts::line).toList());
    }

    static OrderLine line(int number) {
        return new OrderLine(
                number,
                new BigDecimal("2.00"),
                new BigDecimal("100.00"),
                new BigDecimal("0.10"),
                new BigDecimal("0.05"));
    }

    /** Dispatched so many days after the order, promised for the tenth day. */
    static ShipmentEvent dispatched(String eventId, String orderId, int line, int day, String mode) {
        return new ShipmentEvent(eventId, orderId, line, at(day), new ShipmentDispatched(mode, DAY.plusDays(10), "O"));
    }

    static ShipmentEvent delivered(String eventId, String orderId, int line, int day) {
        return new ShipmentEvent(eventId, orderId, line, at(day), new ShipmentDelivered("N"));
    }

    static Instant at(int day) {
        return DAY.plusDays(day).atTime(12, 0).toInstant(ZoneOffset.UTC);
    }
}
