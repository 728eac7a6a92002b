package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.BASKETS;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a source says how late its records may be, what is kept of them is bounded, and no result differs. */
class ForgettingTest {
    private static final int SEEDS = Boolean.getBoolean("mesh.long") ? 200 : 5;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final EventSource<Basket> FACTS = RAW.allowingLateness(MINUTE);
    private static final EventSource<BasketItem> PRICES = SourcePort.events("shop.prices.v1", BasketItem.class)
            .eventTime("at")
            .describedAs("Prices, from a time on.")
            .build()
            .allowingLateness(HOUR);
    private static final DataProduct PRICED =
            Shop.declared().reads(FACTS).reads(PRICES).publishes(ITEMS).build();

    /** A fact (its id is the basket's note) or a price, at a second. */
    private record Event(boolean isFact, String customer, long second, String id, int price) {}

    @Test
    void whatIsForgottenChangesNoResultInWhateverOrderTheTopicsAreRead() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Event> facts = facts(random, 250);
            List<Event> prices = prices(random, 150);
            // Without bounds, prices first: each fact gets the last price of its time at once.
            List<Event> ordered = new ArrayList<>(prices);
            ordered.addAll(facts);
            Map<String, String> expected = table(ForgettingTest::remembering, ordered, Map.of());
            assertThat(expected).hasSizeGreaterThan(100);

            for (int order = 0; order < 4; order++) {
                assertThat(table(
                                ForgettingTest::forgetting,
                                interleaved(facts, prices, random, order),
                                Map.of(Slices.FACTS_AT_ONCE, order % 2 == 0 ? 1 : 1_000)))
                        .as("seed %d, order %d", seed, order)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void whatAnAsOfJoinKeepsIsBoundedByHowLateRecordsMayBe() {
        List<Event> events = new ArrayList<>();
        for (int second = 0; second < 20_000; second += 10) {
            events.add(new Event(false, "c" + second % 30, second, "", second));
            events.add(new Event(true, "c" + second % 30, second, "fact-" + second, 0));
        }

        // An hour of facts and prices, each twice for its time and once more for its id, and some that are not deleted
        // yet.
        assertThat(kept(ForgettingTest::forgetting, events)).isLessThan(3_500);
        assertThat(kept(ForgettingTest::remembering, events)).isGreaterThan(5_500);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 59, 60, 61, 3_600})
    void anIdIsKnownAsLongAsItsRecordWouldNotBeLate(int later) {
        try (Bench bench = once()) {
            bench.pipe(FACTS, "c", basket(NOON, "e-1", "a"));
            bench.pipe(FACTS, "c", basket(NOON.plusSeconds(later), "other", "a"));
            bench.pipe(FACTS, "c", basket(NOON, "e-1", "a")); // as late as can be, or too late
            bench.pipe(FACTS, "c", basket(NOON.plusSeconds(later), "e-1", "a")); // another event of the id

            assertThat(bench.records(BASKETS))
                    .extracting(record -> record.value().getNote())
                    .filteredOn("e-1"::equals)
                    .hasSize(later <= 60 ? 1 : 2);
        }
    }

    @Test
    void idsThatAreForgottenAreDeleted() {
        try (Bench bench = once()) {
            for (int second = 0; second < 3_000; second++) {
                bench.pipe(FACTS, "c", basket(NOON.plusSeconds(second), "e-" + second, "a"));
            }

            assertThat(bench.records(BASKETS)).hasSize(3_000);
            assertThat(entries(bench, "ids")).isLessThan(2 * (60 + 2 * 64));
        }
    }

    @Test
    void ofASourceThatIsKeyedByItsValuesNothingIsForgotten() {
        EventSource<Basket> keyed = FACTS.keyedBy("note");
        try (Bench bench = new Bench(
                Shop.product(keyed, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(keyed).distinct("ids", Basket::getNote)))) {
            for (int second = 0; second < 1_000; second++) {
                bench.pipe(keyed, "c", basket(NOON.plusSeconds(second), "e-" + second, "a"));
            }

            assertThat(entries(bench, "ids")).isEqualTo(1_000);
        }
    }

    private static Bench once() {
        return new Bench(
                Shop.product(FACTS, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(FACTS).distinct("ids", Basket::getNote)));
    }

    private static void forgetting(Ports ports) {
        ports.publish(
                ITEMS,
                ports.asOf(
                        "priced",
                        ports.read(FACTS).facts(Basket.class, Basket::getNote),
                        ports.read(PRICES).versions(BasketItem.class),
                        ForgettingTest::priced));
    }

    private static void remembering(Ports ports) {
        ports.publish(
                ITEMS,
                ports.asOf(
                        "priced",
                        new Facts<>(ports.read(FACTS).stream(), Basket.class, Basket::getNote),
                        new Versions<>(ports.read(PRICES).stream(), BasketItem.class),
                        ForgettingTest::priced));
    }

    /** Some prices take a fact back. */
    private static @Nullable BasketItem priced(Basket basket, @Nullable BasketItem price) {
        return price == null || price.getQuantity() % 5 == 0
                ? null
                : new BasketItem(basket.getAt(), basket.getNote(), price.getQuantity());
    }

    /** In the order of their topic: some are late, some too late, some come again, and again with another time. */
    private static List<Event> facts(Random random, int many) {
        List<Event> facts = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            long now = i * 60L;
            facts.add(
                    switch (random.nextInt(facts.isEmpty() ? 1 : 10)) {
                        case 1 -> facts.get(facts.size() - 1 - random.nextInt(Math.min(3, facts.size()))); // again
                        case 2 -> moved(facts.get(random.nextInt(facts.size())), now - random.nextInt(50));
                        default -> new Event(true, "c" + random.nextInt(3), now - random.nextInt(90), "fact-" + i, 0);
                    });
        }
        return facts;
    }

    private static Event moved(Event fact, long second) {
        return new Event(true, fact.customer(), second, fact.id(), 0);
    }

    private static List<Event> prices(Random random, int many) {
        List<Event> prices = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            prices.add(new Event(
                    false, "c" + random.nextInt(3), i * 100L - random.nextInt(4_500), "", 1 + random.nextInt(1_000)));
        }
        return prices;
    }

    /** Each topic in its own order; one of them first, or both mixed with one ahead. */
    private static List<Event> interleaved(List<Event> facts, List<Event> prices, Random random, int order) {
        List<Event> events = new ArrayList<>();
        int fact = 0;
        int price = 0;
        while (fact < facts.size() || price < prices.size()) {
            events.add(
                    fact < facts.size()
                                    && (price == prices.size()
                                            || factFirst(facts.get(fact), prices.get(price), random, order))
                            ? facts.get(fact++)
                            : prices.get(price++));
        }
        return events;
    }

    private static boolean factFirst(Event fact, Event price, Random random, int order) {
        return switch (order) {
            case 0 -> true;
            case 1 -> false;
            case 2 -> random.nextBoolean();
            default -> fact.second() <= price.second();
        };
    }

    private static Map<String, String> table(ProductTopology topology, List<Event> events, Map<String, Object> more) {
        try (Bench bench = new Bench(PRICED, topology, ProductObserver.NONE, more)) {
            events.forEach(event -> pipe(bench, event));
            Map<String, String> table = new TreeMap<>();
            bench.records(ITEMS).forEach(record -> {
                if (record.value() == null) {
                    table.remove(record.key());
                } else {
                    table.put(record.key(), record.value().toString());
                }
            });
            return table;
        }
    }

    private static int kept(ProductTopology topology, List<Event> events) {
        try (Bench bench = new Bench(PRICED, topology)) {
            events.forEach(event -> pipe(bench, event));
            return entries(bench, "priced");
        }
    }

    private static void pipe(Bench bench, Event event) {
        if (event.isFact()) {
            bench.pipe(FACTS, event.customer(), basket(NOON.plusSeconds(event.second()), event.id(), "a"));
        } else {
            bench.pipe(
                    PRICES, event.customer(), new BasketItem(NOON.plusSeconds(event.second()), "price", event.price()));
        }
    }

    private static int entries(Bench bench, String store) {
        int entries = 0;
        try (KeyValueIterator<Bytes, byte[]> all =
                bench.driver.<Bytes, byte[]>getKeyValueStore(store).all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                entries += entry.key.get().length > 1 ? 1 : 0;
            }
        }
        return entries;
    }
}
