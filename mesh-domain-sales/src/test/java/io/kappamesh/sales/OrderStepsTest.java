package io.kappamesh.sales;

import static io.kappamesh.sales.Orders.line;
import static io.kappamesh.sales.Orders.placed;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.contracts.sales.orders.v1.OrderLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OrderStepsTest {

    @Test
    void theOrderIsWhatWasPlacedWithItsLinesInOrder() {
        Order order = OrderSteps.order(placed("o-1", line(3), line(1, "2.00", "50.00", "0.00", "0.08"), line(2)));

        assertThat(order.getOrderId()).isEqualTo("o-1");
        assertThat(order.getCustomerId()).isEqualTo("c-1");
        assertThat(order.getMarketSegment()).isEqualTo("BUILDING");
        assertThat(order.getNation()).isEqualTo("FRANCE");
        assertThat(order.getOrderPriority()).isEqualTo("1-URGENT");
        assertThat(order.getShipPriority()).isEqualTo(3);
        assertThat(order.getPlacedAt()).isEqualTo(Orders.PLACED_AT);
        assertThat(order.getLines()).extracting(OrderLine::getLineNumber).containsExactly(1, 2, 3);
        assertThat(order.getLines().get(0))
                .isEqualTo(new OrderLine(
                        1,
                        "p-1",
                        "s-1",
                        new BigDecimal("2.00"),
                        new BigDecimal("50.00"),
                        new BigDecimal("0.00"),
                        new BigDecimal("0.08")));
    }

    @Test
    void theDayOfAnOrderIsThatOfUtc() {
        assertThat(OrderSteps.order(placed("o-1", line(1))).getOrderDate()).isEqualTo(LocalDate.of(1995, 3, 15));
        assertThat(OrderSteps.order(placed("o-1", Instant.parse("1995-03-16T00:00:00Z"), line(1)))
                        .getOrderDate())
                .isEqualTo(LocalDate.of(1995, 3, 16));
    }

    @Test
    void anOrderAtTheLimitsIsGood() {
        assertThat(OrderSteps.objection(placed(
                        "o-1", line(1, "0.01", "0.00", "0.00", "0.00"), line(2, "1.00", "1.00", "1.00", "9.00"))))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("badOrders")
    void aBadOrderIsRefusedWithAReasonThatShowsNoValue(String reason, OrderPlaced bad) {
        assertThat(OrderSteps.objection(bad)).contains(reason);
    }

    static Stream<Arguments> badOrders() {
        return Stream.of(
                Arguments.of("the order has no id", placed(" ", line(1))),
                Arguments.of("two lines have one number", placed("o-1", line(1), line(2), line(1))),
                Arguments.of("a line number is below 1", placed("o-1", line(0))),
                Arguments.of("a quantity is not positive", placed("o-1", line(1, "0.00", "1.00", "0.00", "0.00"))),
                Arguments.of("a price is negative", placed("o-1", line(1, "1.00", "-0.01", "0.00", "0.00"))),
                Arguments.of(
                        "a discount is not between 0 and 1", placed("o-1", line(1, "1.00", "1.00", "1.01", "0.00"))),
                Arguments.of(
                        "a discount is not between 0 and 1", placed("o-1", line(1, "1.00", "1.00", "-0.01", "0.00"))),
                Arguments.of("a tax is negative", placed("o-1", line(1), line(2, "1.00", "1.00", "0.00", "-0.01"))));
    }
}
