package io.kappamesh.sales;

import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlacedLine;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.contracts.sales.orders.v1.OrderLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Events and orders for tests. */
final class Orders {
    static final Instant PLACED_AT = Instant.parse("1995-03-15T23:59:59.999Z");

    private Orders() {}

    static OrderPlaced placed(String orderId, OrderPlacedLine... lines) {
        return placed(orderId, PLACED_AT, lines);
    }

    static OrderPlaced placed(String orderId, Instant at, OrderPlacedLine... lines) {
        return new OrderPlaced("e-" + orderId, orderId, at, "c-1", "BUILDING", "FRANCE", "1-URGENT", 3, List.of(lines));
    }

    static OrderPlacedLine line(int number) {
        return line(number, "1.00", "100.00", "0.10", "0.05");
    }

    static OrderPlacedLine line(int number, String quantity, String price, String discount, String tax) {
        return new OrderPlacedLine(
                number,
                "p-" + number,
                "s-" + number,
                new BigDecimal(quantity),
                new BigDecimal(price),
                new BigDecimal(discount),
                new BigDecimal(tax));
    }

    /** An order of up to five lines on one of three days in one of two segments. */
    static Order random(RandomGenerator random, String orderId) {
        Instant at = PLACED_AT.plusSeconds(random.nextInt(3) * 86_400L);
        List<OrderLine> lines = new ArrayList<>();
        for (int number = 1; number <= 1 + random.nextInt(5); number++) {
            lines.add(new OrderLine(
                    number,
                    "p-" + random.nextInt(100),
                    random.nextBoolean() ? "s-" + random.nextInt(10) : null,
                    BigDecimal.valueOf(1 + random.nextInt(5_000), 2),
                    BigDecimal.valueOf(random.nextInt(100_000_000), 2),
                    BigDecimal.valueOf(random.nextInt(101), 2),
                    BigDecimal.valueOf(random.nextInt(50), 2)));
        }
        return new Order(
                orderId,
                "c-1",
                random.nextBoolean() ? "BUILDING" : "MACHINERY",
                "FRANCE",
                "1-URGENT",
                0,
                at.atZone(java.time.ZoneOffset.UTC).toLocalDate(),
                at,
                lines);
    }
}
