package io.kappamesh.logistics;

import io.kappamesh.contracts.logistics.latedeliveries.v1.LateDelivery;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import java.time.ZoneOffset;
import java.util.Map;

/** Which deliveries came too late. */
final class LatenessSteps {
    private LatenessSteps() {}

    /** The one fact that follows from a shipment that was received after the promised day; none from any other. */
    static Map<String, LateDelivery> facts(Shipment shipment) {
        Integer daysLate = shipment.getDaysLate();
        if (daysLate == null || daysLate <= 0) {
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
                        .setDaysLate(daysLate)
                        .setDeliveredAt(shipment.getReceiptDate()
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant())
                        .build());
    }
}
