package io.kappamesh.tpch;

import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.logistics.shipments.v1.ShipmentStatus;
import io.trino.tpch.LineItem;
import io.trino.tpch.Order;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The rows that {@code logistics.shipments.v1} must hold in the end, made from the generator's rows without any event. */
public final class GeneratedShipments {

    private final Generator generator;
    private final Map<Long, Order> orders = new HashMap<>();

    private GeneratedShipments(Generator generator) {
        this.generator = generator;
        generator.orders().forEach(order -> orders.put(order.getOrderKey(), order));
    }

    /** Hands on each row of a TPC-H scale, by order key and line number. */
    public static void forEach(double scale, Consumer<Shipment> consumer) {
        GeneratedShipments shipments = new GeneratedShipments(new Generator(scale));
        shipments.generator.lines().forEach(line -> consumer.accept(shipments.shipment(line)));
    }

    private Shipment shipment(LineItem line) {
        Order order = orders.get(line.getOrderKey());
        LocalDate commitDate = LocalDate.ofEpochDay(line.getCommitDate());
        LocalDate receiptDate = LocalDate.ofEpochDay(line.getReceiptDate());
        return Shipment.newBuilder()
                .setOrderId(Long.toString(line.getOrderKey()))
                .setLineNumber(line.getLineNumber())
                .setStatus(ShipmentStatus.DELIVERED)
                .setQuantity(BigDecimal.valueOf(line.getQuantity()).setScale(2))
                .setExtendedPrice(BigDecimal.valueOf(line.getExtendedPriceInCents(), 2))
                .setDiscount(BigDecimal.valueOf(line.getDiscountPercent(), 2))
                .setTax(BigDecimal.valueOf(line.getTaxPercent(), 2))
                .setOrderDate(LocalDate.ofEpochDay(order.getOrderDate()))
                .setOrderPriority(order.getOrderPriority())
                .setShipMode(line.getShipMode())
                .setLineStatus(line.getStatus())
                .setShipDate(LocalDate.ofEpochDay(line.getShipDate()))
                .setCommitDate(commitDate)
                .setReceiptDate(receiptDate)
                .setReturnFlag(line.getReturnFlag())
                .setDaysLate((int) ChronoUnit.DAYS.between(commitDate, receiptDate))
                .setUpdatedAt(receiptDate.atStartOfDay(ZoneOffset.UTC).toInstant())
                .build();
    }
}
