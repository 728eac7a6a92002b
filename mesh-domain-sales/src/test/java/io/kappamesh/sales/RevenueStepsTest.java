package io.kappamesh.sales;

import static io.kappamesh.sales.Orders.line;
import static io.kappamesh.sales.Orders.placed;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.contracts.sales.orders.v1.Order;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RevenueStepsTest {

    @Test
    void anOrderEarnsWhatItsLinesDo() {
        Order order = OrderSteps.order(
                placed("o-1", line(1, "1.00", "100.00", "0.10", "0.05"), line(2, "1.00", "10.00", "0.00", "0.00")));

        DailyRevenue revenue = RevenueSteps.contribution(order);

        assertThat(RevenueSteps.key(order)).isEqualTo("1995-03-15|BUILDING");
        assertThat(revenue)
                .isEqualTo(new DailyRevenue(
                        order.getOrderDate(),
                        "BUILDING",
                        1L,
                        2L,
                        new BigDecimal("110.00"),
                        new BigDecimal("100.0000"),
                        new BigDecimal("104.500000")));
    }

    @Test
    void takingAwayIsTheExactInverseOfAddingInAnyOrder() {
        long seed = 19_950_315;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<DailyRevenue> contributions = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                contributions.add(RevenueSteps.contribution(Orders.random(random, "o-" + i)));
            }
            List<DailyRevenue> staying = contributions.subList(0, random.nextInt(12));
            DailyRevenue expected = sum(staying);

            DailyRevenue sum = sum(shuffled(contributions, random));
            for (DailyRevenue gone : shuffled(contributions.subList(staying.size(), 12), random)) {
                sum = RevenueSteps.minus(sum, gone);
            }

            if (staying.isEmpty()) {
                assertThat(sum).as("seed %d, round %d", seed, round).isNull();
            } else {
                assertThat(amounts(sum)).as("seed %d, round %d", seed, round).isEqualTo(amounts(expected));
            }
        }
    }

    /** What is summed up, without the key, which the topology keeps apart. */
    private static List<Object> amounts(DailyRevenue revenue) {
        return List.of(
                revenue.getOrders(),
                revenue.getLines(),
                revenue.getGross(),
                revenue.getDiscounted(),
                revenue.getWithTax());
    }

    private static DailyRevenue sum(List<DailyRevenue> contributions) {
        DailyRevenue sum = null;
        for (DailyRevenue contribution : contributions) {
            sum = RevenueSteps.plus(sum, contribution);
        }
        return sum;
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> copy = new ArrayList<>(list);
        Collections.shuffle(copy, random);
        return copy;
    }
}
