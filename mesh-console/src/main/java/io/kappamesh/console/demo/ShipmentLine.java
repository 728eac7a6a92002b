package io.kappamesh.console.demo;

import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDelivered;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDispatched;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.format.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * A shipment event as a line of columns between bars: event, order, line, time, {@code dispatched} with mode, commit date and status, or {@code delivered}
 * with the return flag. A format of the domain's own, because no column can be one of two records. Stateless.
 */
final class ShipmentLine {
    private static final String BAR = "|";
    private static final String DISPATCHED = "dispatched";
    private static final String DELIVERED = "delivered";
    private static final int DISPATCHED_COLUMNS = 8;
    private static final int DELIVERED_COLUMNS = 6;

    private ShipmentLine() {}

    static String text(ShipmentEvent event) {
        String common = String.join(
                BAR,
                event.getEventId(),
                event.getOrderId(),
                Integer.toString(event.getLineNumber()),
                event.getOccurredAt().toString());
        return event.getEvent() instanceof ShipmentDispatched dispatched
                ? String.join(
                        BAR,
                        common,
                        DISPATCHED,
                        dispatched.getShipMode(),
                        dispatched.getCommitDate().toString(),
                        dispatched.getLineStatus())
                : String.join(BAR, common, DELIVERED, ((ShipmentDelivered) event.getEvent()).getReturnFlag());
    }

    /** The event of a line, or why it is none. */
    static ValueFormat.Result<ShipmentEvent> event(byte[] line) {
        List<String> columns = List.of(new String(line, StandardCharsets.UTF_8).split("\\|", -1));
        try {
            if (columns.size() == DISPATCHED_COLUMNS && columns.get(4).equals(DISPATCHED)) {
                return of(
                        columns,
                        new ShipmentDispatched(columns.get(5), LocalDate.parse(columns.get(6)), columns.get(7)));
            }
            if (columns.size() == DELIVERED_COLUMNS && columns.get(4).equals(DELIVERED)) {
                return of(columns, new ShipmentDelivered(columns.get(5)));
            }
        } catch (DateTimeException | NumberFormatException misfit) {
            return ValueFormat.Result.rejected("a number, a day or a time of the line is none");
        }
        return ValueFormat.Result.rejected("the line is neither a dispatch of " + DISPATCHED_COLUMNS
                + " columns nor a delivery of " + DELIVERED_COLUMNS);
    }

    private static ValueFormat.Result<ShipmentEvent> of(List<String> columns, Object event) {
        return ValueFormat.Result.value(new ShipmentEvent(
                columns.get(0),
                columns.get(1),
                Integer.parseInt(columns.get(2)),
                Instant.parse(columns.get(3)),
                event));
    }
}
