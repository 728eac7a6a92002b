package io.kappamesh.tpch;

import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import java.math.BigDecimal;
import java.util.List;

/** Q6. */
final class RevenueForecast implements QueryAnswers.QueryAnswer {

    private static final int SHIP_YEAR = 1994;
    private static final BigDecimal LEAST_DISCOUNT = new BigDecimal("0.05");
    private static final BigDecimal MOST_DISCOUNT = new BigDecimal("0.07");
    private static final BigDecimal TOO_MANY = new BigDecimal("24");

    private BigDecimal revenue = BigDecimal.ZERO;

    @Override
    public void add(Shipment line) {
        BigDecimal discount = line.getDiscount();
        if (line.getShipDate().getYear() == SHIP_YEAR
                && discount.compareTo(LEAST_DISCOUNT) >= 0
                && discount.compareTo(MOST_DISCOUNT) <= 0
                && line.getQuantity().compareTo(TOO_MANY) < 0) {
            revenue = revenue.add(line.getExtendedPrice().multiply(discount));
        }
    }

    @Override
    public List<Answer.Row> rows() {
        return List.of(new Answer.Row(List.of(), List.of(revenue)));
    }
}
