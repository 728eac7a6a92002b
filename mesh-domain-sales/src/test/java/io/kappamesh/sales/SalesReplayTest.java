package io.kappamesh.sales;

import static io.kappamesh.sales.Orders.line;
import static io.kappamesh.sales.Orders.placed;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlacedLine;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Replays of histories with corrections, late, repeated, out-of-order and bad events end where live ended. */
class SalesReplayTest {
    private static final EventSource<OrderPlaced> EVENTS = SalesPorts.ORDER_EVENTS;
    private static final OutputPort<Order> ORDERS = SalesPorts.ORDERS;
    private static final int RECORDS = 80;
    private static final int KEYS = 12;

    @Test
    void ordersEndAsTheyDidLive() {
        ReplayProof.of(SalesProducts.orders())
                .inputs(SalesReplayTest::orderEvents)
                .holds();
    }

    @Test
    void dailyRevenueEndsAsItDidLive() {
        ReplayProof.of(SalesProducts.dailyRevenue())
                .inputs(SalesReplayTest::orders)
                .holds();
    }

    /** Time goes on by about a day with each event; one in five is weeks old, and some of those are later than is allowed. */
    private static History orderEvents(RandomGenerator random) {
        History history = History.empty();
        Instant now = Orders.PLACED_AT;
        for (int i = 0; i < RECORDS; i++) {
            now = now.plus(Duration.ofHours(random.nextInt(48)));
            Instant at = random.nextInt(5) == 0 ? now.minus(Duration.ofDays(random.nextInt(45))) : now;
            String id = "o-" + random.nextInt(KEYS);
            switch (random.nextInt(20)) {
                case 0 -> history.raw(EVENTS, id.getBytes(UTF_8), "garbage".getBytes(UTF_8), at);
                case 1 -> history.delete(EVENTS, id, at);
                case 2 -> history.put(EVENTS, id, placed(id, at));
                case 3 -> history.put(EVENTS, id, placed(id, at, line(1), line(1)));
                default -> history.put(EVENTS, id, placed(id, at, lines(random)));
            }
        }
        return history;
    }

    private static OrderPlacedLine[] lines(RandomGenerator random) {
        OrderPlacedLine[] lines = new OrderPlacedLine[1 + random.nextInt(3)];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = line(i + 1, random.nextInt(1, 50) + ".00", random.nextInt(1_000) + ".50", "0.10", "0.05");
        }
        return lines;
    }

    private static History orders(RandomGenerator random) {
        History history = History.empty();
        for (int i = 0; i < RECORDS; i++) {
            String id = "o-" + random.nextInt(KEYS);
            switch (random.nextInt(15)) {
                case 0, 1, 2 -> history.delete(ORDERS, id, Orders.PLACED_AT);
                case 3 -> history.raw(ORDERS, id.getBytes(UTF_8), "garbage".getBytes(UTF_8), Orders.PLACED_AT);
                default -> history.put(ORDERS, id, Orders.random(random, id));
            }
        }
        return history;
    }
}
