package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.ITEMS;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;

/** Once per id, first and last by event time, and windows that never close. */
class ConvergentOperatorsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void anEventThatIsDeliveredAgainPassesOnce() {
        try (Bench bench = new Bench(
                Shop.product(RAW, BASKETS),
                ports -> ports.publish(
                        BASKETS, ports.distinct("event-ids", ports.read(RAW).stream(), Basket::getNote)))) {
            bench.pipe(RAW, "c", basket(NOON, "e-1", "a"));
            bench.pipe(RAW, "c", basket(NOON, "e-2", "a"));
            bench.pipe(RAW, "c", basket(NOON.plusSeconds(9), "e-1", "a"));
            bench.pipe(RAW, "d", basket(NOON, "e-1", "a"));
            bench.pipe(RAW, "de", basket(NOON, "-1", "a"));

            assertThat(bench.records(BASKETS))
                    .extracting(record -> record.key() + " " + record.value().getNote() + " "
                            + record.value().getAt())
                    .containsExactly("c e-1 " + NOON, "c e-2 " + NOON, "d e-1 " + NOON, "de -1 " + NOON);
        }
    }

    @Test
    void theLatestIsByEventTimeAndNotByArrival() {
        ProductTopology latest = ports -> ports.publish(
                BASKETS,
                ports.latest("latest", ports.read(RAW).stream(), Basket.class, Basket::getAt)
                        .toStream(Named.as("changes")));

        assertThat(notes(latest, basket(NOON, "old", "a"), basket(NOON.plusSeconds(1), "new", "a")))
                .isEqualTo(notes(latest, basket(NOON.plusSeconds(1), "new", "a"), basket(NOON, "old", "a")))
                .containsExactlyEntriesOf(Map.of("c", "new"));
    }

    @Test
    void theEarliestIsByEventTimeAndNotByArrival() {
        ProductTopology earliest = ports -> ports.publish(
                BASKETS,
                ports.earliest("earliest", ports.read(RAW).stream(), Basket.class, Basket::getAt)
                        .toStream(Named.as("changes")));

        assertThat(notes(earliest, basket(NOON, "old", "a"), basket(NOON.plusSeconds(1), "new", "a")))
                .isEqualTo(notes(earliest, basket(NOON.plusSeconds(1), "new", "a"), basket(NOON, "old", "a")))
                .containsExactlyEntriesOf(Map.of("c", "old"));
    }

    @Test
    void ofTwoAtOneTimeTheSameOneIsChosenInEitherOrder() {
        ProductTopology latest = ports -> ports.publish(
                BASKETS,
                ports.latest("latest", ports.read(RAW).stream(), Basket.class, Basket::getAt)
                        .toStream(Named.as("changes")));

        assertThat(notes(latest, basket(NOON, "x", "a"), basket(NOON, "y", "a")))
                .isEqualTo(notes(latest, basket(NOON, "y", "a"), basket(NOON, "x", "a")))
                .hasSize(1);
    }

    @Test
    void anEventThatIsOlderThanEverySoFarStillCountsInItsWindow() {
        Duration lateness = Duration.ofDays(40_000);
        try (Bench bench = new Bench(
                Shop.product(RAW.allowingLateness(lateness), ITEMS),
                ports -> ports.publish(ITEMS, perHour(ports, lateness)))) {
            for (Instant at : List.of(NOON, NOON.plus(Duration.ofDays(9_000)), NOON.plusSeconds(1), Instant.EPOCH)) {
                bench.pipe(RAW.allowingLateness(lateness), "c", basket(at, "", "a*2"));
            }

            assertThat(table(bench, ITEMS).values())
                    .extracting(item -> ((BasketItem) item).getQuantity())
                    .containsExactlyInAnyOrder(4, 2, 2);
        }
    }

    private static KStream<String, BasketItem> perHour(Ports ports, Duration lateness) {
        return ports.read(RAW.allowingLateness(lateness)).stream()
                .groupByKey(ports.grouped("baskets", Basket.class))
                .windowedBy(ports.windows(HOUR))
                .aggregate(
                        () -> null,
                        (customer, basket, sum) -> new BasketItem(
                                sum == null || basket.getAt().isAfter(sum.getAt()) ? basket.getAt() : sum.getAt(),
                                customer,
                                (sum == null ? 0 : sum.getQuantity())
                                        + basket.getItems().get(0).getQuantity()),
                        Named.as("per-hour"),
                        ports.windowStore("items-per-hour", BasketItem.class, HOUR))
                .toStream(Named.as("windows"))
                .selectKey(
                        (windowed, item) ->
                                windowed.key() + "@" + windowed.window().startTime(),
                        Named.as("window-key"));
    }

    private static Map<String, String> notes(ProductTopology topology, Basket... baskets) {
        try (Bench bench = new Bench(Shop.product(RAW, BASKETS), topology)) {
            for (Basket basket : baskets) {
                bench.pipe(RAW, "c", basket);
            }
            Map<String, String> notes = new LinkedHashMap<>();
            table(bench, BASKETS).forEach((key, basket) -> notes.put(key, ((Basket) basket).getNote()));
            return notes;
        }
    }

    private static Map<String, IndexedRecord> table(Bench bench, OutputPort<?> port) {
        Map<String, IndexedRecord> table = new LinkedHashMap<>();
        bench.records(port).forEach(record -> table.put(record.key(), record.value()));
        return table;
    }
}
