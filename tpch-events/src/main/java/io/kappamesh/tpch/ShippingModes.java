package io.kappamesh.tpch;

import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Q12. */
final class ShippingModes implements QueryAnswers.QueryAnswer {

    private static final int RECEIPT_YEAR = 1994;
    private static final Set<String> MODES = Set.of("MAIL", "SHIP");
    private static final Set<String> HIGH_PRIORITIES = Set.of("1-URGENT", "2-HIGH");

    private final Map<String, Lines> linesByMode = new HashMap<>();

    @Override
    public void add(Shipment line) {
        if (MODES.contains(line.getShipMode())
                && line.getCommitDate().isBefore(line.getReceiptDate())
                && line.getShipDate().isBefore(line.getCommitDate())
                && line.getReceiptDate().getYear() == RECEIPT_YEAR) {
            boolean high = HIGH_PRIORITIES.contains(line.getOrderPriority());
            linesByMode.merge(line.getShipMode(), high ? new Lines(1, 0) : new Lines(0, 1), Lines::plus);
        }
    }

    @Override
    public List<Answer.Row> rows() {
        return linesByMode.entrySet().stream()
                .map(mode ->
                        new Answer.Row(List.of(mode.getKey()), mode.getValue().measures()))
                .toList();
    }

    private record Lines(long high, long low) {

        Lines plus(Lines other) {
            return new Lines(high + other.high, low + other.low);
        }

        List<BigDecimal> measures() {
            return List.of(BigDecimal.valueOf(high), BigDecimal.valueOf(low));
        }
    }
}
