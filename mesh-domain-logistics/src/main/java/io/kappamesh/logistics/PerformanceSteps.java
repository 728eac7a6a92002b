package io.kappamesh.logistics;

import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/** How many deliveries there were, and how many were late. Counts add up and take away exactly. */
final class PerformanceSteps {
    private PerformanceSteps() {}

    /** Whether a shipment counts: it is received, and how it was shipped is known. */
    static boolean counts(Shipment shipment) {
        return shipment.getReceiptDate() != null && shipment.getDaysLate() != null;
    }

    /** What a shipment counts for: {@code MAIL|1-URGENT|1994-03}. Only for one that counts. */
    static String key(Shipment shipment) {
        return shipment.getShipMode() + "|" + shipment.getOrderPriority() + "|"
                + YearMonth.from(shipment.getReceiptDate());
    }

    /** The key of a row: that of the shipments that count for it. */
    static String key(DeliveryPerformance row) {
        return row.getShipMode() + "|" + row.getOrderPriority() + "|" + YearMonth.from(row.getReceiptMonth());
    }

    /** What one shipment contributes. Only for one that counts. */
    static DeliveryPerformance contribution(Shipment shipment) {
        return DeliveryPerformance.newBuilder()
                .setShipMode(shipment.getShipMode())
                .setOrderPriority(shipment.getOrderPriority())
                .setReceiptMonth(shipment.getReceiptDate().withDayOfMonth(1))
                .setDelivered(1)
                .setLate(shipment.getDaysLate() > 0 ? 1 : 0)
                .build();
    }

    /** Adds a contribution. */
    static DeliveryPerformance plus(@Nullable DeliveryPerformance sum, DeliveryPerformance one) {
        return sum == null
                ? one
                : DeliveryPerformance.newBuilder(sum)
                        .setDelivered(sum.getDelivered() + one.getDelivered())
                        .setLate(sum.getLate() + one.getLate())
                        .build();
    }

    /** Takes a contribution away; nothing is left when no delivery is. */
    static @Nullable DeliveryPerformance minus(DeliveryPerformance sum, DeliveryPerformance one) {
        return sum.getDelivered() == one.getDelivered()
                ? null
                : DeliveryPerformance.newBuilder(sum)
                        .setDelivered(sum.getDelivered() - one.getDelivered())
                        .setLate(sum.getLate() - one.getLate())
                        .build();
    }
}
