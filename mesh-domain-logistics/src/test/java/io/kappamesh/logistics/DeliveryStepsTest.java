package io.kappamesh.logistics;

import static io.kappamesh.logistics.Facts.delivered;
import static io.kappamesh.logistics.Facts.dispatched;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.logistics.latedeliveries.v1.LateDelivery;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.logistics.state.v1.ShipmentLog;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What follows from shipments: performance and late deliveries. */
class DeliveryStepsTest {

    @Test
    void aShipmentCountsOnceItIsReceivedAndItsModeIsKnown() {
        assertThat(PerformanceSteps.counts(received(12))).isTrue();
        assertThat(PerformanceSteps.counts(shipment(dispatchOnly()))).isFalse();
        assertThat(PerformanceSteps.counts(shipment(ShipmentSteps.record(null, delivered("d", "o", 1, 5)))))
                .isFalse();
        assertThat(PerformanceSteps.counts(shipment(null))).isFalse();
    }

    @Test
    void aContributionIsOneDeliveryInTheMonthOfItsReceipt() {
        assertThat(PerformanceSteps.key(received(20))).isEqualTo("MAIL|1-URGENT|1995-04");
        assertThat(PerformanceSteps.contribution(received(20)))
                .isEqualTo(new DeliveryPerformance("MAIL", "1-URGENT", LocalDate.of(1995, 4, 1), 1L, 1L));
        assertThat(PerformanceSteps.contribution(received(10)).getLate()).isZero();
    }

    @Test
    void takingAwayIsTheExactInverseOfAddingInAnyOrder() {
        long seed = 12;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<DeliveryPerformance> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                all.add(PerformanceSteps.contribution(received(4 + random.nextInt(12))));
            }
            int staying = random.nextInt(10);
            DeliveryPerformance expected = null;
            for (DeliveryPerformance one : all.subList(0, staying)) {
                expected = PerformanceSteps.plus(expected, one);
            }

            DeliveryPerformance sum = null;
            List<DeliveryPerformance> in = new ArrayList<>(all);
            Collections.shuffle(in, random);
            for (DeliveryPerformance one : in) {
                sum = PerformanceSteps.plus(sum, one);
            }
            for (DeliveryPerformance gone : all.subList(staying, 10)) {
                sum = PerformanceSteps.minus(sum, gone);
            }

            assertThat(counts(sum)).as("seed %d, round %d", seed, round).isEqualTo(counts(expected));
        }
    }

    @Test
    void aDeliveryAfterThePromisedDayIsOneFactWithItsDay() {
        Map<String, LateDelivery> facts = LatenessSteps.facts(received(12));

        assertThat(facts)
                .isEqualTo(Map.of(
                        "o-1",
                        new LateDelivery(
                                "o",
                                1,
                                "MAIL",
                                "1-URGENT",
                                Facts.DAY.plusDays(10),
                                Facts.DAY.plusDays(12),
                                2,
                                Instant.parse("1995-03-27T00:00:00Z"))));
    }

    @Test
    void aDeliveryInTimeOrUnfinishedIsNoFact() {
        assertThat(LatenessSteps.facts(received(10))).isEmpty();
        assertThat(LatenessSteps.facts(shipment(dispatchOnly()))).isEmpty();
        assertThat(LatenessSteps.facts(shipment(null))).isEmpty();
    }

    private static List<Long> counts(DeliveryPerformance sum) {
        return sum == null ? List.of() : List.of(sum.getDelivered(), sum.getLate());
    }

    private static Shipment received(int day) {
        return shipment(ShipmentSteps.record(dispatchOnly(), delivered("d", "o", 1, day)));
    }

    private static ShipmentLog dispatchOnly() {
        return ShipmentSteps.record(null, dispatched("e", "o", 1, 3, "MAIL"));
    }

    private static Shipment shipment(ShipmentLog log) {
        return ShipmentSteps.shipments(new OrderShipments(Facts.order("o", 1), log))
                .get("o-1");
    }
}
