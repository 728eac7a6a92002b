package io.kappamesh.sales;

import static io.kappamesh.sales.Orders.line;
import static io.kappamesh.sales.Orders.placed;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.testkit.ProductLint;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class SalesProductsTest {
    private static final EventSource<OrderPlaced> EVENTS = SalesPorts.ORDER_EVENTS;
    private static final OutputPort<Order> ORDERS = SalesPorts.ORDERS;

    @Test
    void replaysEqualLiveAsFarAsCodeTells() {
        SalesProducts.all().forEach(product -> ProductLint.of(product).passes());
    }

    @Test
    void anOrderIsPublishedUnderItsIdAtItsTime() {
        try (ProductDriver driver = ProductDriver.of(SalesProducts.orders())) {
            driver.pipe(EVENTS, "o-1", placed("o-1", line(2), line(1)));

            assertThat(driver.records(SalesPorts.ORDERS)).singleElement().satisfies(order -> {
                assertThat(order.key()).isEqualTo("o-1");
                assertThat(order.timestamp()).isEqualTo(Orders.PLACED_AT.toEpochMilli());
                assertThat(order.value()).isEqualTo(OrderSteps.order(placed("o-1", line(1), line(2))));
            });
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    @Test
    void badOrdersGoToDeadLettersAndTheGoodOnesBetweenThemDoNot() {
        try (ProductDriver driver = ProductDriver.of(SalesProducts.orders())) {
            driver.pipe(EVENTS, "empty", placed("empty"));
            driver.pipe(EVENTS, "good", placed("good", line(1)));
            driver.pipe(EVENTS, "twice", placed("twice", line(1), line(1)));
            driver.pipeBytes(EVENTS, utf8("garbage"), utf8("garbage"), new RecordHeaders(), 0);
            driver.pipe(EVENTS, "late", placed("late", Orders.PLACED_AT.minus(Duration.ofDays(31)), line(1)));
            driver.pipe(EVENTS, "in-time", placed("in-time", Orders.PLACED_AT.minus(Duration.ofDays(30)), line(1)));
            driver.pipeDeletion(EVENTS, "null", 1);

            assertThat(driver.table(SalesPorts.ORDERS)).containsOnlyKeys("good", "in-time");
            List<DeadLetter> letters = driver.deadLetters();
            assertThat(letters)
                    .extracting(DeadLetter::reason)
                    .containsExactly(
                            Reason.QUALITY, Reason.INVALID, Reason.UNDECODABLE, Reason.LATE, Reason.NULL_VALUE);
            assertThat(letters.get(0).detail()).contains("has-lines");
            assertThat(letters.get(1).value()).isEqualTo(driver.bytes(EVENTS, placed("twice", line(1), line(1))));
        }
    }

    @Test
    void aLaterEventOfAnOrderReplacesIt() {
        try (ProductDriver driver = ProductDriver.of(SalesProducts.orders())) {
            driver.pipe(EVENTS, "o-1", placed("o-1", line(1), line(2)));
            driver.pipe(EVENTS, "o-1", placed("o-1", line(1)));

            assertThat(driver.table(SalesPorts.ORDERS).get("o-1").getLines()).hasSize(1);
        }
    }

    @Test
    void anEarlierEventThatComesAgainDoesNotBringAnOrderBack() {
        try (ProductDriver driver = ProductDriver.of(SalesProducts.orders())) {
            driver.pipe(EVENTS, "o-1", placed("o-1", Orders.PLACED_AT.plusSeconds(1), line(1)));
            driver.pipe(EVENTS, "o-1", placed("o-1", Orders.PLACED_AT, line(1), line(2)));

            assertThat(driver.table(SalesPorts.ORDERS).get("o-1").getLines()).hasSize(1);
        }
    }

    @Test
    void revenueFollowsEveryCorrectionAndDeletion() {
        long seed = 42;
        Random random = new Random(seed);
        Map<String, Order> orders = new LinkedHashMap<>();
        Map<String, DailyRevenue> revenue = new HashMap<>();
        try (ProductDriver driver = ProductDriver.of(SalesProducts.dailyRevenue())) {
            for (int i = 0; i < 300; i++) {
                String id = "o-" + random.nextInt(25);
                if (random.nextInt(5) == 0) {
                    driver.pipeDeletion(ORDERS, id, Orders.PLACED_AT.toEpochMilli());
                    orders.remove(id);
                } else {
                    Order order = Orders.random(random, id);
                    driver.pipe(ORDERS, id, order);
                    orders.put(id, order);
                }
            }
            driver.records(SalesPorts.DAILY_REVENUE).forEach(row -> {
                if (row.value() == null) {
                    revenue.remove(row.key());
                } else {
                    revenue.put(row.key(), row.value());
                }
            });
        }

        Map<String, DailyRevenue> expected = new HashMap<>();
        for (Order order : new ArrayList<>(orders.values())) {
            expected.merge(RevenueSteps.key(order), RevenueSteps.contribution(order), RevenueSteps::plus);
        }
        assertThat(revenue).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void anOrderThatMovesToAnotherDayLeavesTheOldOneEmpty() {
        Order first = OrderSteps.order(placed("o-1", line(1)));
        Order moved = OrderSteps.order(placed("o-1", Orders.PLACED_AT.plusSeconds(86_400), line(1)));
        try (ProductDriver driver = ProductDriver.of(SalesProducts.dailyRevenue())) {
            driver.pipe(ORDERS, "o-1", first);
            driver.pipe(ORDERS, "o-1", moved);

            Map<String, DailyRevenue> table = driver.table(SalesPorts.DAILY_REVENUE);
            assertThat(table).containsOnlyKeys("1995-03-16|BUILDING");
            assertThat(table.get("1995-03-16|BUILDING").getGross()).isEqualTo(new BigDecimal("100.00"));
        }
    }

    @Test
    void revenueIsStampedWithMidnightOfItsDay() {
        try (ProductDriver driver = ProductDriver.of(SalesProducts.dailyRevenue())) {
            driver.pipe(ORDERS, "o-1", OrderSteps.order(placed("o-1", line(1))));

            assertThat(driver.records(SalesPorts.DAILY_REVENUE).get(0).getRecordTime())
                    .isEqualTo(java.time.Instant.parse("1995-03-15T00:00:00Z"));
        }
    }

    @Test
    void theDomainRunsAllItsProducts() {
        assertThat(SalesProducts.all())
                .extracting(streaming -> streaming.product().name().toString())
                .containsExactly("sales.orders", "sales.daily-revenue");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
