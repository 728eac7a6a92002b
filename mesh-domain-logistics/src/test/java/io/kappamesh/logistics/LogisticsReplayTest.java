package io.kappamesh.logistics;

import static io.kappamesh.logistics.Facts.delivered;
import static io.kappamesh.logistics.Facts.dispatched;
import static io.kappamesh.logistics.Facts.order;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Replays of histories with corrections, late, repeated, out-of-order and bad events end where live ended. */
class LogisticsReplayTest {
    private static final EventSource<ShipmentEvent> EVENTS = LogisticsPorts.SHIPMENT_EVENTS;
    private static final OutputPort<Shipment> SHIPMENTS = LogisticsPorts.SHIPMENTS;
    private static final int RECORDS = 100;
    private static final int ORDERS = 8;
    private static final int LINES = 3;

    @Test
    void shipmentsEndAsTheyDidLive() {
        ReplayProof.of(LogisticsProducts.shipments())
                .inputs(LogisticsReplayTest::ordersAndEvents)
                .holds();
    }

    @Test
    void deliveryPerformanceEndsAsItDidLive() {
        ReplayProof.of(LogisticsProducts.deliveryPerformance())
                .inputs(LogisticsReplayTest::shipments)
                .holds();
    }

    @Test
    void lateDeliveriesEndAsTheyDidLive() {
        ReplayProof.of(LogisticsProducts.lateDeliveries())
                .inputs(LogisticsReplayTest::shipments)
                .holds();
    }

    /** Carriers report anything at any time within two months, some of it later than is allowed; orders change and go. */
    private static History ordersAndEvents(RandomGenerator random) {
        History history = History.empty();
        for (int i = 0; i < RECORDS; i++) {
            String id = "o-" + random.nextInt(ORDERS);
            int line = 1 + random.nextInt(LINES);
            int day = Math.max(1, i / 2 - random.nextInt(5) * random.nextInt(12));
            switch (random.nextInt(17)) {
                case 0 -> history.delete(LogisticsPorts.ORDERS, id, Facts.PLACED_AT);
                case 16 ->
                    history.raw(LogisticsPorts.ORDERS, id.getBytes(UTF_8), "garbage".getBytes(UTF_8), Facts.PLACED_AT);
                case 1, 2, 3, 4 -> history.put(LogisticsPorts.ORDERS, id, order(id, someLines(random)));
                case 5 -> history.raw(EVENTS, id.getBytes(UTF_8), "garbage".getBytes(UTF_8), Facts.at(day));
                case 6 -> history.put(EVENTS, id, dispatched("e-" + i, id, 0, day, "MAIL"));
                case 7, 8, 9, 10 -> history.put(EVENTS, id, delivered("e-" + i, id, line, day));
                default -> history.put(EVENTS, id, dispatched("e-" + i, id, line, day, mode(random)));
            }
        }
        return history;
    }

    /** Rows as they follow from two reports on each of some lines, deletions of rows, and rows that cannot be read. */
    private static History shipments(RandomGenerator random) {
        History history = History.empty();
        for (int i = 0; i < RECORDS; i++) {
            String id = "o-" + random.nextInt(ORDERS);
            int line = 1 + random.nextInt(LINES);
            int fate = random.nextInt(18);
            if (fate < 3) {
                history.delete(SHIPMENTS, id + "-" + line, Facts.at(random.nextInt(60)));
                continue;
            }
            if (fate == 3) {
                history.raw(SHIPMENTS, (id + "-" + line).getBytes(UTF_8), "garbage".getBytes(UTF_8), Facts.at(line));
                continue;
            }
            Map<String, Shipment> rows = ShipmentSteps.shipments(new OrderShipments(
                    order(id, line),
                    ShipmentSteps.record(
                            ShipmentSteps.record(null, dispatched("s", id, line, 1 + random.nextInt(9), mode(random))),
                            delivered("d", id, random.nextInt(4) == 0 ? line + 1 : line, 5 + random.nextInt(50)))));
            rows.forEach((key, row) -> history.put(SHIPMENTS, key, row));
        }
        return history;
    }

    private static int[] someLines(RandomGenerator random) {
        int[] some = IntStream.rangeClosed(1, LINES)
                .filter(line -> random.nextInt(4) > 0)
                .toArray();
        return some.length > 0 ? some : new int[] {1};
    }

    private static String mode(RandomGenerator random) {
        return random.nextBoolean() ? "MAIL" : "SHIP";
    }
}
