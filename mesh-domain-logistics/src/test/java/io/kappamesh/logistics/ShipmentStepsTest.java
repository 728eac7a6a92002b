package io.kappamesh.logistics;

import static io.kappamesh.logistics.Facts.delivered;
import static io.kappamesh.logistics.Facts.dispatched;
import static io.kappamesh.logistics.Facts.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.logistics.shipments.v1.ShipmentStatus;
import io.kappamesh.contracts.logistics.state.v1.ShipmentLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShipmentStepsTest {

    @Test
    void theLogEndsTheSameUnderAnyOrderAndRepetitionOfEvents() {
        long seed = 7;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<ShipmentEvent> events = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int line = 1 + random.nextInt(3);
                int day = random.nextInt(4); // collisions of time are wanted
                events.add(
                        random.nextBoolean()
                                ? dispatched("e" + i, "o", line, day, "MODE-" + i)
                                : delivered("e" + i, "o", line, day));
            }
            ShipmentLog expected = log(events);

            List<ShipmentEvent> again = new ArrayList<>(events);
            for (int i = 0; i < 6; i++) {
                again.add(events.get(random.nextInt(events.size())));
            }
            Collections.shuffle(again, random);

            assertThat(log(again)).as("seed %d, round %d", seed, round).isEqualTo(expected);
        }
    }

    @Test
    void theLaterOfTwoReportsCountsAndThenTheGreaterId() {
        ShipmentLog log = log(List.of(
                dispatched("a", "o", 1, 2, "LATER"),
                dispatched("z", "o", 1, 1, "EARLIER"),
                dispatched("b", "o", 1, 2, "SAME-TIME")));

        assertThat(log.getLines().get(0).getDispatched().getShipMode()).isEqualTo("SAME-TIME");
    }

    @Test
    void aLineNobodyReportedOnIsOrdered() {
        Shipment shipment = shipments(null, 1).get("o-1");

        assertThat(shipment.getStatus()).isEqualTo(ShipmentStatus.ORDERED);
        assertThat(shipment.getUpdatedAt()).isEqualTo(Facts.PLACED_AT);
        assertThat(shipment.getShipMode()).isNull();
        assertThat(shipment.getDaysLate()).isNull();
    }

    @Test
    void aDispatchedLineHasItsModeAndDates() {
        Shipment shipment =
                shipments(log(List.of(dispatched("e", "o", 1, 3, "MAIL"))), 1).get("o-1");

        assertThat(shipment.getStatus()).isEqualTo(ShipmentStatus.DISPATCHED);
        assertThat(shipment.getShipMode()).isEqualTo("MAIL");
        assertThat(shipment.getShipDate()).isEqualTo(Facts.DAY.plusDays(3));
        assertThat(shipment.getCommitDate()).isEqualTo(Facts.DAY.plusDays(10));
        assertThat(shipment.getReceiptDate()).isNull();
        assertThat(shipment.getUpdatedAt()).isEqualTo(Facts.at(3));
    }

    @Test
    void aDeliveredLineKnowsHowLateItIs() {
        assertThat(daysLate(12)).isEqualTo(2);
        assertThat(daysLate(10)).isZero();
        assertThat(daysLate(4)).isEqualTo(-6);
    }

    @Test
    void aDeliveryWithoutADispatchCannotBeLate() {
        Shipment shipment =
                shipments(log(List.of(delivered("e", "o", 1, 40))), 1).get("o-1");

        assertThat(shipment.getStatus()).isEqualTo(ShipmentStatus.DELIVERED);
        assertThat(shipment.getDaysLate()).isNull();
    }

    @Test
    void onlyLinesOfTheOrderAreShipments() {
        ShipmentLog log = log(List.of(dispatched("e", "o", 9, 3, "MAIL")));

        assertThat(shipments(log, 2, 1)).containsOnlyKeys("o-2", "o-1");
    }

    @Test
    void anEventThatCannotBeUsedIsRefused() {
        assertThat(ShipmentSteps.objection(dispatched("e", "o", 1, 1, "MAIL"))).isEmpty();
        assertThat(ShipmentSteps.objection(delivered("e", "o", 1000, 1))).isEmpty();
        assertThat(ShipmentSteps.objection(delivered("e", " ", 1, 1))).contains("the event names no order");
        assertThat(ShipmentSteps.objection(delivered("e", "o", 0, 1)))
                .contains("the line number is not between 1 and 1000");
        assertThat(ShipmentSteps.objection(delivered("e", "o", 1001, 1)))
                .contains("the line number is not between 1 and 1000");
        assertThat(ShipmentSteps.objection(dispatched("e", "o", 1, 1, ""))).contains("the dispatch names no ship mode");
    }

    private static Integer daysLate(int day) {
        return shipments(log(List.of(delivered("d", "o", 1, day), dispatched("e", "o", 1, 3, "MAIL"))), 1)
                .get("o-1")
                .getDaysLate();
    }

    private static Map<String, Shipment> shipments(ShipmentLog log, int... lines) {
        return ShipmentSteps.shipments(new OrderShipments(order("o", lines), log));
    }

    private static ShipmentLog log(List<ShipmentEvent> events) {
        ShipmentLog log = null;
        for (ShipmentEvent event : events) {
            log = ShipmentSteps.record(log, event);
        }
        return log;
    }
}
