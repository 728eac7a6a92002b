package io.kappamesh.logistics;

import static io.kappamesh.logistics.Facts.delivered;
import static io.kappamesh.logistics.Facts.dispatched;
import static io.kappamesh.logistics.Facts.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.logistics.shipments.v1.ShipmentStatus;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.testkit.ProductLint;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class LogisticsProductsTest {
    private static final EventSource<ShipmentEvent> EVENTS = LogisticsPorts.SHIPMENT_EVENTS;
    private static final OutputPort<Shipment> SHIPMENTS = LogisticsPorts.SHIPMENTS;

    @Test
    void replaysEqualLiveAsFarAsCodeTells() {
        LogisticsProducts.all().forEach(product -> ProductLint.of(product).passes());
    }

    @Test
    void whoeverComesFirstTheShipmentsAreTheSame() {
        long seed = 3;
        Random random = new Random(seed);
        Map<String, Shipment> expected = null;
        for (int round = 0; round < 6; round++) {
            try (ProductDriver driver = ProductDriver.of(LogisticsProducts.shipments())) {
                List<Runnable> arrivals = new ArrayList<>();
                for (String id : List.of("a", "b", "c")) {
                    arrivals.add(() -> driver.pipe(LogisticsPorts.ORDERS, id, order(id, 1, 2)));
                    arrivals.add(() -> driver.pipe(EVENTS, id, dispatched("1", id, 1, 3, "MAIL")));
                    arrivals.add(() -> driver.pipe(EVENTS, id, dispatched("2", id, 2, 4, "SHIP")));
                    arrivals.add(() -> driver.pipe(EVENTS, id, delivered("3", id, 1, 12)));
                }
                Collections.shuffle(arrivals, random);
                arrivals.forEach(Runnable::run);

                Map<String, Shipment> table = driver.table(LogisticsPorts.SHIPMENTS);

                expected = expected == null ? table : expected;
                assertThat(table)
                        .as("seed %d, round %d", seed, round)
                        .hasSize(6)
                        .isEqualTo(expected);
            }
        }
        assertThat(expected.get("a-1").getStatus()).isEqualTo(ShipmentStatus.DELIVERED);
        assertThat(expected.get("c-2").getStatus()).isEqualTo(ShipmentStatus.DISPATCHED);
    }

    @Test
    void shipmentsWithoutAnOrderAreKeptUntilItComes() {
        try (ProductDriver driver = ProductDriver.of(LogisticsProducts.shipments())) {
            driver.pipe(EVENTS, "o", dispatched("1", "o", 1, 3, "MAIL"));
            assertThat(driver.records(LogisticsPorts.SHIPMENTS)).isEmpty();

            driver.pipe(LogisticsPorts.ORDERS, "o", order("o", 1));

            assertThat(driver.records(LogisticsPorts.SHIPMENTS)).singleElement().satisfies(row -> {
                assertThat(row.key()).isEqualTo("o-1");
                assertThat(row.value().getStatus()).isEqualTo(ShipmentStatus.DISPATCHED);
                assertThat(row.timestamp()).isEqualTo(Facts.at(3).toEpochMilli());
            });
        }
    }

    @Test
    void aCorrectionThatLosesALineRetractsItAllTheWayDown() {
        Map<String, Shipment> shipments = new HashMap<>();
        try (ProductDriver first = ProductDriver.of(LogisticsProducts.shipments());
                ProductDriver late = ProductDriver.of(LogisticsProducts.lateDeliveries());
                ProductDriver performance = ProductDriver.of(LogisticsProducts.deliveryPerformance())) {
            first.pipe(LogisticsPorts.ORDERS, "o", order("o", 1, 2));
            for (int line = 1; line <= 2; line++) {
                first.pipe(EVENTS, "o", dispatched("s" + line, "o", line, 3, "MAIL"));
                first.pipe(EVENTS, "o", delivered("d" + line, "o", line, 12));
            }
            handOn(first, LogisticsPorts.SHIPMENTS, shipments, late, performance);
            assertThat(late.records(LogisticsPorts.LATE_DELIVERIES))
                    .extracting(TestRecord::key)
                    .containsExactly("o-1", "o-2");
            assertThat(performance.records(LogisticsPorts.DELIVERY_PERFORMANCE))
                    .last()
                    .satisfies(row -> assertThat(row.value())
                            .isEqualTo(new DeliveryPerformance("MAIL", "1-URGENT", LocalDate.of(1995, 3, 1), 2L, 2L)));

            first.pipe(LogisticsPorts.ORDERS, "o", order("o", 2));
            handOn(first, LogisticsPorts.SHIPMENTS, shipments, late, performance);

            assertThat(shipments).containsOnlyKeys("o-2");
            assertThat(late.records(LogisticsPorts.LATE_DELIVERIES))
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.key()).isEqualTo("o-1");
                        assertThat(row.value()).isNull();
                    });
            assertThat(performance.records(LogisticsPorts.DELIVERY_PERFORMANCE))
                    .last()
                    .satisfies(row -> assertThat(row.value())
                            .isEqualTo(new DeliveryPerformance("MAIL", "1-URGENT", LocalDate.of(1995, 3, 1), 1L, 1L)));

            first.pipeDeletion(LogisticsPorts.ORDERS, "o", Facts.PLACED_AT.toEpochMilli());
            handOn(first, LogisticsPorts.SHIPMENTS, shipments, late, performance);

            assertThat(shipments).isEmpty();
            assertThat(late.records(LogisticsPorts.LATE_DELIVERIES)).hasSize(1);
            assertThat(performance.records(LogisticsPorts.DELIVERY_PERFORMANCE))
                    .singleElement()
                    .satisfies(row -> assertThat(row.value()).isNull());
        }
    }

    @Test
    void aDeliveryThatMovesToAnotherMonthMovesItsCount() {
        try (ProductDriver driver = ProductDriver.of(LogisticsProducts.deliveryPerformance())) {
            driver.pipe(SHIPMENTS, "o-1", shipment(12));
            driver.pipe(SHIPMENTS, "o-1", shipment(40));

            assertThat(driver.table(LogisticsPorts.DELIVERY_PERFORMANCE)).containsOnlyKeys("MAIL|1-URGENT|1995-04");
        }
    }

    @Test
    void aDeliveryThatWasNotLateAfterAllRetractsItsFact() {
        try (ProductDriver driver = ProductDriver.of(LogisticsProducts.lateDeliveries())) {
            driver.pipe(SHIPMENTS, "o-1", shipment(12));
            assertThat(driver.records(LogisticsPorts.LATE_DELIVERIES))
                    .extracting(TestRecord::key)
                    .containsExactly("o-1");

            driver.pipe(SHIPMENTS, "o-1", shipment(9));

            assertThat(driver.records(LogisticsPorts.LATE_DELIVERIES))
                    .singleElement()
                    .satisfies(row -> assertThat(row.value()).isNull());
        }
    }

    @Test
    void badEventsGoToDeadLetters() {
        try (ProductDriver driver = ProductDriver.of(LogisticsProducts.shipments())) {
            driver.pipe(EVENTS, "o", delivered("1", "o", 0, 40));
            driver.pipe(EVENTS, "o", delivered("2", "o", 1, 40));
            driver.pipe(EVENTS, "o", delivered("3", "o", 1, 9));
            driver.pipeDeletion(EVENTS, "o", 1);

            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsExactly(Reason.INVALID, Reason.LATE, Reason.NULL_VALUE);
        }
    }

    @Test
    void theDomainRunsAllItsProducts() {
        assertThat(LogisticsProducts.all())
                .extracting(streaming -> streaming.product().name().toString())
                .containsExactly("logistics.shipments", "logistics.delivery-performance", "logistics.late-deliveries");
    }

    private static Shipment shipment(int receivedOn) {
        return ShipmentSteps.shipments(new OrderShipments(
                        order("o", 1),
                        ShipmentSteps.record(
                                ShipmentSteps.record(null, dispatched("e", "o", 1, 3, "MAIL")),
                                delivered("d", "o", 1, receivedOn))))
                .get("o-1");
    }

    /** What one product published is what the others read. */
    private static <V extends IndexedRecord> void handOn(
            ProductDriver from, OutputPort<V> port, Map<String, V> table, ProductDriver... to) {
        from.records(port).forEach(row -> {
            for (ProductDriver reader : to) {
                if (row.value() == null) {
                    reader.pipeDeletion(port, row.key(), row.timestamp());
                } else {
                    reader.pipe(port, row.key(), row.value());
                }
            }
            if (row.value() == null) {
                table.remove(row.key());
            } else {
                table.put(row.key(), row.value());
            }
        });
    }
}
