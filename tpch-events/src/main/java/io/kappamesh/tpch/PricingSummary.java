package io.kappamesh.tpch;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Q1. */
final class PricingSummary implements QueryAnswers.QueryAnswer {

    private static final LocalDate LAST_SHIP_DATE = LocalDate.of(1998, 12, 1).minusDays(90);

    private final Map<List<String>, Group> groups = new HashMap<>();

    @Override
    public void add(Shipment line) {
        if (!line.getShipDate().isAfter(LAST_SHIP_DATE)) {
            List<String> key = List.of(line.getReturnFlag(), line.getLineStatus());
            groups.computeIfAbsent(key, unseen -> new Group()).add(line);
        }
    }

    @Override
    public List<Answer.Row> rows() {
        return groups.entrySet().stream()
                .map(group -> new Answer.Row(group.getKey(), group.getValue().measures()))
                .toList();
    }

    private static final class Group {

        private BigDecimal quantity = ZERO;
        private BigDecimal basePrice = ZERO;
        private BigDecimal discountedPrice = ZERO;
        private BigDecimal charge = ZERO;
        private BigDecimal discount = ZERO;
        private long count;

        void add(Shipment line) {
            BigDecimal discounted = line.getExtendedPrice().multiply(ONE.subtract(line.getDiscount()));
            quantity = quantity.add(line.getQuantity());
            basePrice = basePrice.add(line.getExtendedPrice());
            discountedPrice = discountedPrice.add(discounted);
            charge = charge.add(discounted.multiply(ONE.add(line.getTax())));
            discount = discount.add(line.getDiscount());
            count++;
        }

        List<BigDecimal> measures() {
            return List.of(
                    quantity,
                    basePrice,
                    discountedPrice,
                    charge,
                    average(quantity),
                    average(basePrice),
                    average(discount),
                    BigDecimal.valueOf(count));
        }

        private BigDecimal average(BigDecimal sum) {
            return sum.divide(BigDecimal.valueOf(count), 2, RoundingMode.HALF_UP);
        }
    }
}
