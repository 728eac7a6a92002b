package io.kappamesh.sales;

import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.contracts.sales.orders.v1.OrderLine;
import java.math.BigDecimal;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** What orders earn. Sums are exact, so that adding and taking away an order leaves no trace. */
final class RevenueSteps {
    private RevenueSteps() {}

    /** The day and segment that an order counts for: {@code 1995-03-15|BUILDING}. */
    static String key(Order order) {
        return order.getOrderDate() + "|" + order.getMarketSegment();
    }

    /** The key of a day and segment: that of the orders that count for it. */
    static String key(DailyRevenue revenue) {
        return revenue.getOrderDate() + "|" + revenue.getMarketSegment();
    }

    /** What one order contributes. */
    static DailyRevenue contribution(Order order) {
        BigDecimal gross = BigDecimal.ZERO.setScale(2);
        BigDecimal discounted = BigDecimal.ZERO.setScale(4);
        BigDecimal withTax = BigDecimal.ZERO.setScale(6);
        for (OrderLine line : order.getLines()) {
            BigDecimal net = line.getExtendedPrice().multiply(BigDecimal.ONE.subtract(line.getDiscount()));
            gross = gross.add(line.getExtendedPrice());
            discounted = discounted.add(net);
            withTax = withTax.add(net.multiply(BigDecimal.ONE.add(line.getTax())));
        }
        return DailyRevenue.newBuilder()
                .setOrderDate(order.getOrderDate())
                .setMarketSegment(order.getMarketSegment())
                .setOrders(1)
                .setLines(order.getLines().size())
                .setGross(gross)
                .setDiscounted(discounted)
                .setWithTax(withTax)
                .build();
    }

    /** Adds a contribution. */
    static DailyRevenue plus(@Nullable DailyRevenue sum, DailyRevenue contribution) {
        return sum == null ? contribution : combine(sum, contribution, Long::sum, BigDecimal::add);
    }

    /** Takes a contribution away; nothing is left when no order is. */
    static @Nullable DailyRevenue minus(DailyRevenue sum, DailyRevenue contribution) {
        return sum.getOrders() == contribution.getOrders()
                ? null
                : combine(sum, contribution, (all, one) -> all - one, BigDecimal::subtract);
    }

    private static DailyRevenue combine(
            DailyRevenue sum, DailyRevenue one, LongBinaryOperator count, BinaryOperator<BigDecimal> money) {
        return DailyRevenue.newBuilder(sum)
                .setOrders(count.applyAsLong(sum.getOrders(), one.getOrders()))
                .setLines(count.applyAsLong(sum.getLines(), one.getLines()))
                .setGross(money.apply(sum.getGross(), one.getGross()))
                .setDiscounted(money.apply(sum.getDiscounted(), one.getDiscounted()))
                .setWithTax(money.apply(sum.getWithTax(), one.getWithTax()))
                .build();
    }
}
