package io.kappamesh.system;

import static io.kappamesh.logistics.LogisticsPorts.LATE_DELIVERIES;
import static io.kappamesh.logistics.LogisticsPorts.SHIPMENTS;
import static io.kappamesh.sales.SalesPorts.ORDERS;
import static io.kappamesh.sales.SalesPorts.ORDER_EVENTS;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contracts.logistics.latedeliveries.v1.LateDelivery;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.contracts.sales.orders.v1.OrderLine;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds of products that compute something else, and what that comes to in SQL. Orders are changed by their number: some are taxed
 * higher, some lose their first line, some are not orders at all. Late is what comes more than three days after the promised
 * one, and what came by mail counts as four days later than it was.
 */
final class OtherBuilds {
    private static final BigDecimal HIGHER = new BigDecimal("0.01");

    /**
     * What {@link #orders()} does, in the order in which it is to be done. H2 asks a subquery over the table that is being changed again
     * for each row, hence the table of its own.
     */
    static final List<String> ORDERS_IN_SQL = List.of(
            "delete from lineitem where mod(l_orderkey, 17) = 7",
            "delete from orders where mod(o_orderkey, 17) = 7",
            "create table of_several_lines as select l_orderkey from lineitem where l_linenumber = 2",
            """
            delete from lineitem where mod(l_orderkey, 13) = 5 and l_linenumber = 1
              and l_orderkey in (select l_orderkey from of_several_lines)
            """,
            "update lineitem set l_tax = l_tax + 0.01 where mod(l_orderkey, 11) = 3");

    private OtherBuilds() {}

    static StreamingProduct orders() {
        DataProduct product = DataProduct.named("sales.orders")
                .ownedBy("sales", "sales@example.org")
                .describedAs("Every order with its lines, taxed as it should be")
                .reads(ORDER_EVENTS)
                .publishes(ORDERS)
                .build();
        return new StreamingProduct(
                product,
                ports -> ports.publish(
                        ORDERS,
                        ports
                                .read(ORDER_EVENTS)
                                .check(order ->
                                        number(order) % 17 == 7 ? Optional.of("is not an order") : Optional.empty())
                                .becomes(ORDERS, OtherBuilds::order)
                                .stream()));
    }

    static StreamingProduct lateDeliveries() {
        DataProduct product = DataProduct.named("logistics.late-deliveries")
                .ownedBy("logistics", "logistics@example.org")
                .describedAs("One fact per delivery that is later than we tolerate")
                .reads(SHIPMENTS)
                .publishes(LATE_DELIVERIES)
                .build();
        return new StreamingProduct(
                product,
                ports -> ports.publish(
                        LATE_DELIVERIES,
                        ports.derive(
                                "late-deliveries",
                                ports.read(SHIPMENTS).changes(),
                                LateDelivery.class,
                                OtherBuilds::facts)));
    }

    private static long number(OrderPlaced placed) {
        return Long.parseLong(placed.getOrderId());
    }

    private static Order order(OrderPlaced placed) {
        boolean taxedHigher = number(placed) % 11 == 3;
        boolean losesALine = number(placed) % 13 == 5 && placed.getLines().size() > 1;
        List<OrderLine> lines = placed.getLines().stream()
                .filter(line -> !(losesALine && line.getLineNumber() == 1))
                .sorted(Comparator.comparingInt(line -> line.getLineNumber()))
                .map(line -> OrderLine.newBuilder()
                        .setLineNumber(line.getLineNumber())
                        .setPartId(line.getPartId())
                        .setSupplierId(line.getSupplierId())
                        .setQuantity(line.getQuantity())
                        .setExtendedPrice(line.getExtendedPrice())
                        .setDiscount(line.getDiscount())
                        .setTax(taxedHigher ? line.getTax().add(HIGHER) : line.getTax())
                        .build())
                .toList();
        return Order.newBuilder()
                .setOrderId(placed.getOrderId())
                .setCustomerId(placed.getCustomerId())
                .setMarketSegment(placed.getMarketSegment())
                .setNation(placed.getNation())
                .setOrderPriority(placed.getOrderPriority())
                .setShipPriority(placed.getShipPriority())
                .setOrderDate(placed.getPlacedAt().atZone(ZoneOffset.UTC).toLocalDate())
                .setPlacedAt(placed.getPlacedAt())
                .setLines(lines)
                .build();
    }

    private static Map<String, LateDelivery> facts(Shipment shipment) {
        Integer days = shipment.getDaysLate();
        if (days == null) {
            return Map.of();
        }
        int counted = "MAIL".equals(shipment.getShipMode()) ? days + 4 : days;
        if (counted <= 3) {
            return Map.of();
        }
        return Map.of(
                shipment.getOrderId() + "-" + shipment.getLineNumber(),
                LateDelivery.newBuilder()
                        .setOrderId(shipment.getOrderId())
                        .setLineNumber(shipment.getLineNumber())
                        .setShipMode(shipment.getShipMode())
                        .setOrderPriority(shipment.getOrderPriority())
                        .setCommitDate(shipment.getCommitDate())
                        .setReceiptDate(shipment.getReceiptDate())
                        .setDaysLate(counted)
                        .setDeliveredAt(shipment.getReceiptDate()
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant())
                        .build());
    }
}
