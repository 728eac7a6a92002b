package io.kappamesh.sales;

import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlacedLine;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.contracts.sales.orders.v1.OrderLine;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** From the shop's events to orders. Pure functions; public so that other programs can be measured with the same steps. */
public final class OrderSteps {
    private OrderSteps() {}

    /** Why the shop's event cannot be an order; empty if it can. */
    public static Optional<String> objection(OrderPlaced placed) {
        List<OrderPlacedLine> lines = placed.getLines();
        if (placed.getOrderId().isBlank()) {
            return Optional.of("the order has no id");
        }
        if (lines.stream().map(OrderPlacedLine::getLineNumber).distinct().count() != lines.size()) {
            return Optional.of("two lines have one number");
        }
        return lines.stream()
                .map(OrderSteps::objection)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> objection(OrderPlacedLine line) {
        if (line.getLineNumber() < 1) {
            return Optional.of("a line number is below 1");
        }
        if (line.getQuantity().signum() <= 0) {
            return Optional.of("a quantity is not positive");
        }
        if (line.getExtendedPrice().signum() < 0) {
            return Optional.of("a price is negative");
        }
        if (line.getDiscount().signum() < 0 || line.getDiscount().compareTo(BigDecimal.ONE) > 0) {
            return Optional.of("a discount is not between 0 and 1");
        }
        if (line.getTax().signum() < 0) {
            return Optional.of("a tax is negative");
        }
        return Optional.empty();
    }

    /** The order that the event places, its lines in the order of their numbers. */
    public static Order order(OrderPlaced placed) {
        return Order.newBuilder()
                .setOrderId(placed.getOrderId())
                .setCustomerId(placed.getCustomerId())
                .setMarketSegment(placed.getMarketSegment())
                .setNation(placed.getNation())
                .setOrderPriority(placed.getOrderPriority())
                .setShipPriority(placed.getShipPriority())
                .setOrderDate(placed.getPlacedAt().atZone(ZoneOffset.UTC).toLocalDate())
                .setPlacedAt(placed.getPlacedAt())
                .setLines(placed.getLines().stream()
                        .sorted(Comparator.comparingInt(OrderPlacedLine::getLineNumber))
                        .map(OrderSteps::line)
                        .toList())
                .build();
    }

    private static OrderLine line(OrderPlacedLine line) {
        return OrderLine.newBuilder()
                .setLineNumber(line.getLineNumber())
                .setPartId(line.getPartId())
                .setSupplierId(line.getSupplierId())
                .setQuantity(line.getQuantity())
                .setExtendedPrice(line.getExtendedPrice())
                .setDiscount(line.getDiscount())
                .setTax(line.getTax())
                .build();
    }

    /** Of two states of one order the one that was placed later; of two at one time the one that came later. */
    public static Order later(Order known, Order now) {
        return now.getPlacedAt().isBefore(known.getPlacedAt()) ? known : now;
    }
}
