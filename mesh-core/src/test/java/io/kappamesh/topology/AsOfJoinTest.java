package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.ITEMS;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.join.Facts;
import io.kappamesh.join.Slices;
import io.kappamesh.join.Versions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A basket (its note is its id) gets the price that is valid for its customer when it is filled. */
class AsOfJoinTest {
    private static final EventSource<BasketItem> PRICES = SourcePort.events("shop.prices.v1", BasketItem.class)
            .eventTime("at")
            .describedAs("Prices, from a time on.")
            .build();
    private static final DataProduct PRODUCT =
            Shop.declared().reads(RAW).reads(PRICES).publishes(ITEMS).build();

    private Bench bench = new Bench(PRODUCT, AsOfJoinTest::wire);

    private static void wire(Ports ports) {
        ports.publish(
                ITEMS,
                ports.asOf(
                        "priced",
                        new Facts<>(ports.read(RAW).stream(), Basket.class, Basket::getNote),
                        new Versions<>(ports.read(PRICES).stream(), BasketItem.class),
                        AsOfJoinTest::priced));
    }

    private static @Nullable BasketItem priced(Basket basket, @Nullable BasketItem price) {
        return price == null ? null : new BasketItem(basket.getAt(), basket.getNote(), price.getQuantity());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theVersionAtTheFactsTimeCounts() {
        price("c", 0, 10);
        price("c", 60, 20);

        fact("c", 59, "before");
        fact("c", 60, "at");
        fact("c", 61, "after");

        assertThat(changes()).containsExactly("before=10", "at=20", "after=20");
    }

    @Test
    void aFactBeforeTheFirstVersionGetsItsResultWhenThereIsOne() {
        fact("c", 5, "early");
        assertThat(changes()).isEmpty();

        price("c", 0, 10);

        assertThat(changes()).containsExactly("early=10");
    }

    @Test
    void aVersionThatComesLateChangesTheFactsUnderItAndNoOthers() {
        price("c", 0, 10);
        price("c", 60, 20);
        price("d", 0, 99);
        fact("c", 10, "first");
        fact("c", 30, "second");
        fact("c", 70, "third");
        fact("d", 30, "other");
        changes();

        price("c", 20, 15);

        assertThat(changes()).containsExactly("second=15");
    }

    /** Only behind an exemption: a source has no deletions. */
    @Test
    void whatNamesNeitherFactNorVersionIsPassedOver() {
        try (Bench exempt = new Bench(
                Shop.declared()
                        .reads(Shop.FOREIGN)
                        .reads(PRICES)
                        .publishes(ITEMS)
                        .build(),
                ports -> ports.publish(
                        ITEMS,
                        ports.asOf(
                                "priced",
                                new Facts<>(ports.read(Shop.FOREIGN).changes(), Basket.class, Basket::getNote),
                                new Versions<>(ports.read(PRICES).stream(), BasketItem.class),
                                AsOfJoinTest::priced)))) {
            exempt.pipe(Shop.FOREIGN, Bench.utf8("c"), null, new RecordHeaders(), 1);

            assertThat(exempt.records(ITEMS)).isEmpty();
        }
    }

    @Test
    void deliveringAgainChangesNothing() {
        price("c", 0, 10);
        fact("c", 5, "one");
        changes();

        price("c", 0, 10);
        fact("c", 5, "one");

        assertThat(changes()).isEmpty();
    }

    @Test
    void aFactThatComesAgainAtAnotherTimeReplacesTheEarlierOne() {
        price("c", 0, 10);
        price("c", 60, 20);
        fact("c", 5, "moved");
        fact("c", 65, "moved");
        assertThat(changes()).containsExactly("moved=10", "moved=20");

        price("c", 4, 11);

        assertThat(changes()).isEmpty();
    }

    @Test
    void aVersionThatComesAgainWithAnotherValueReplacesTheEarlierOne() {
        price("c", 0, 10);
        fact("c", 5, "one");
        price("c", 0, 12);

        assertThat(changes()).containsExactly("one=10", "one=12");
    }

    @Test
    void resultsCarryTheTimeOfTheirFact() {
        fact("c", 5, "early");
        price("c", 0, 10);

        assertThat(bench.records(ITEMS))
                .extracting(TestRecord::timestamp)
                .containsExactly(NOON.plusSeconds(5).toEpochMilli());
    }

    @Test
    void aVersionOfMoreFactsThanFitIntoOneTransactionChangesAllOfThemAndNoOthers() {
        int many = 17_003;
        fact("c", -1, "before");
        for (int i = 0; i < many; i++) {
            fact("c", i, "fact-" + i);
        }
        fact("c", many, "after");
        price("c", many, 7);
        changes();

        price("c", 0, 10);

        List<String> first = changes();
        assertThat(first).hasSize(many).doesNotHaveDuplicates().allMatch(change -> change.endsWith("=10"));

        price("c", 5, 11);

        assertThat(changes()).hasSize(many - 5).allMatch(change -> change.endsWith("=11"));
        assertThat(slices()).isEqualTo(2 * 4);
    }

    @Test
    void aFactWithoutAnIdThatBeginsWithTheNextVersionKeepsThatOne() {
        price("c", 60, 20);
        fact("c", 60, "");
        changes();

        price("c", 0, 10);

        assertThat(changes()).isEmpty();
    }

    @Test
    void keysOfWhichOneBeginsWithTheOtherAreKeptApart() {
        price("c", 0, 10);
        price("c0", 0, 20);
        price("", 0, 30);
        fact("c", 5, "one");
        fact("c0", 5, "two");
        fact("", 5, "three");

        assertThat(changes()).containsExactly("one=10", "two=20", "three=30");
    }

    @Test
    void theOrderOfArrivalDecidesNothing() {
        List<Consumer<AsOfJoinTest>> events = new ArrayList<>();
        for (int at = 0; at < 12; at++) {
            int second = at;
            events.add(test -> test.fact("c" + second % 2, second * 10L, "fact-" + second));
            events.add(test -> test.price("c" + second % 3 % 2, second * 10L + second % 3 - 1, 100 + second));
        }
        Map<String, Integer> expected = played(events, Map.of());
        assertThat(expected).hasSizeGreaterThan(8);

        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            Collections.shuffle(events, random);
            assertThat(played(events, Map.of(Slices.FACTS_AT_ONCE, 1 + round % 2)))
                    .as("round %d", round)
                    .isEqualTo(expected);
        }
    }

    private static Map<String, Integer> played(List<Consumer<AsOfJoinTest>> events, Map<String, Object> more) {
        AsOfJoinTest test = new AsOfJoinTest();
        test.bench.close();
        test.bench = new Bench(PRODUCT, AsOfJoinTest::wire, ProductObserver.NONE, more);
        try {
            events.forEach(event -> event.accept(test));
            return test.table();
        } finally {
            test.close();
        }
    }

    private Map<String, Integer> table() {
        Map<String, Integer> table = new TreeMap<>();
        bench.records(ITEMS)
                .forEach(record -> table.put(record.key(), record.value().getQuantity()));
        return table;
    }

    /** How often a next slice was asked for. */
    private int slices() {
        return bench.driver
                .createOutputTopic(
                        "shop.test.g1-priced-backlog-repartition",
                        new StringDeserializer(),
                        new ByteArrayDeserializer())
                .readRecordsToList()
                .size();
    }

    private void fact(String customer, long second, String id) {
        bench.pipe(RAW, customer, basket(NOON.plusSeconds(second), id, "a"));
    }

    private void price(String customer, long second, int price) {
        bench.pipe(PRICES, customer, new BasketItem(at(second), "price", price));
    }

    private static Instant at(long second) {
        return NOON.plusSeconds(second);
    }

    private List<String> changes() {
        return bench.records(ITEMS).stream()
                .map(record -> record.key() + "="
                        + (record.value() == null ? null : record.value().getQuantity()))
                .collect(Collectors.toList());
    }
}
