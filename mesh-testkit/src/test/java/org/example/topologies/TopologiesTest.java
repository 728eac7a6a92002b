package org.example.topologies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.example.topologies.Topologies.CITY_ACTIVITY;
import static org.example.topologies.Topologies.CITY_SALES_V1;
import static org.example.topologies.Topologies.CITY_SALES_V2;
import static org.example.topologies.Topologies.CITY_TOTALS;
import static org.example.topologies.Topologies.DAY;
import static org.example.topologies.Topologies.LARGE_SALES;
import static org.example.topologies.Topologies.ORDERS;
import static org.example.topologies.Topologies.PRICES;
import static org.example.topologies.Topologies.RESULTS;
import static org.example.topologies.Topologies.SALES;
import static org.example.topologies.Topologies.SALE_ROWS;
import static org.example.topologies.Topologies.SMALL_SALES;
import static org.example.topologies.Topologies.WITHOUT_CITY;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contracts.shop.CityActivity;
import io.kappamesh.contracts.shop.CityTotal;
import io.kappamesh.contracts.shop.Price;
import io.kappamesh.contracts.shop.Result;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.testkit.ProductLint;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.example.shop.RulesPage;
import org.example.shop.TaggedCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/topologies.md shows: that it does what it says, that the linter passes it, and that a replay of it ends where live ended. */
class TopologiesTest {
    private static final Instant EIGHT = DAY.atTime(8, 0).toInstant(ZoneOffset.UTC);
    private static final List<String> CITIES = List.of("Oslo", "Rome", "");
    private static final List<String> PRODUCTS = List.of("tea", "rice", "salt");

    @Test
    void aNegativeAmountIsADeadLetterAndOthersBecomeResults() {
        try (ProductDriver driver = ProductDriver.of(Products.check())) {
            driver.pipe(SALES, "s1", sale("s1", "tea", "Oslo", 0, "0.30"));
            driver.pipe(SALES, "s2", sale("s2", "tea", "Oslo", 0, "-0.30"));

            assertThat(driver.table(RESULTS)).isEqualTo(Map.of("s1", new Result(DAY, "Oslo")));
            assertThat(driver.deadLetters()).extracting(DeadLetter::detail).containsExactly("the amount is negative");
        }
    }

    @Test
    void aTotalFollowsCorrectionsAndIsStampedWithNoTime() {
        try (ProductDriver driver = ProductDriver.of(Products.totals())) {
            driver.pipe(SALE_ROWS, "s1", sale("s1", "tea", "Oslo", 0, "0.30"));
            driver.pipe(SALE_ROWS, "s2", sale("s2", "tea", "Oslo", 5, "0.50"));
            driver.pipe(SALE_ROWS, "s2", sale("s2", "tea", "Rome", 5, "0.40"));

            assertThat(driver.records(CITY_TOTALS))
                    .extracting(TestRecord::timestamp)
                    .containsOnly(0L);
            assertThat(driver.table(CITY_TOTALS))
                    .isEqualTo(Map.of(
                            "Oslo", new CityTotal("Oslo", 1L, new BigDecimal("0.30")),
                            "Rome", new CityTotal("Rome", 1L, new BigDecimal("0.40"))));
        }
    }

    @Test
    void theTimeOfTheLastSaleIsTakenBackWithTheSale() {
        try (ProductDriver driver = ProductDriver.of(Products.activity())) {
            driver.pipe(SALE_ROWS, "s1", sale("s1", "tea", "Oslo", 1, "0.30"));
            driver.pipe(SALE_ROWS, "s2", sale("s2", "tea", "Oslo", 9, "0.50"));
            assertThat(driver.table(CITY_ACTIVITY))
                    .containsEntry("Oslo", new CityActivity("Oslo", new BigDecimal("0.80"), minute(9)));

            driver.pipeDeletion(SALE_ROWS, "s2", minute(10).toEpochMilli());

            assertThat(driver.table(CITY_ACTIVITY))
                    .containsEntry("Oslo", new CityActivity("Oslo", new BigDecimal("0.30"), minute(1)));
        }
    }

    @Test
    void derivedRowsGoWithTheirParent() {
        try (ProductDriver driver = ProductDriver.of(Products.derive())) {
            driver.pipe(SALE_ROWS, "s1", sale("s1", "tea", "Oslo", 0, "0.30"));
            assertThat(driver.table(RESULTS)).containsOnlyKeys("s1/product", "s1/city");

            driver.pipeDeletion(SALE_ROWS, "s1", 1);

            assertThat(driver.table(RESULTS)).isEmpty();
        }
    }

    @Test
    void aSaleHasThePriceOfItsTimeThoughThePriceCameLater() {
        try (ProductDriver driver = ProductDriver.of(Products.asOf())) {
            driver.pipe(PRICES, "tea", new Price(minute(8), new BigDecimal("0.80")));
            driver.pipe(SALES, "s1", sale("s1", "tea", "Oslo", 5, "0.30"));
            assertThat(driver.table(RESULTS)).containsEntry("s1", new Result(DAY, "no price yet"));

            driver.pipe(PRICES, "tea", new Price(minute(2), new BigDecimal("0.20")));

            assertThat(driver.table(RESULTS)).containsEntry("s1", new Result(DAY, "at 0.20"));
        }
    }

    @Test
    void aSaleThatIsDeliveredAgainCountsOnce() {
        try (ProductDriver driver = ProductDriver.of(Products.distinct())) {
            driver.pipe(SALES, "s1", sale("s1", "tea", "Oslo", 0, "0.30"));
            driver.pipe(SALES, "s2", sale("s2", "tea", "Oslo", 0, "0.30"));
            driver.pipe(SALES, "s1", sale("s1", "tea", "Oslo", 0, "0.30"));

            assertThat(driver.table(RESULTS)).isEqualTo(Map.of("Oslo", new Result(DAY, "2")));
        }
    }

    @Test
    void theLatestIsTheLatestByEventTime() {
        try (ProductDriver driver = ProductDriver.of(Products.latest())) {
            driver.pipe(PRICES, "tea", new Price(minute(8), new BigDecimal("0.80")));
            driver.pipe(PRICES, "tea", new Price(minute(2), new BigDecimal("0.20")));

            assertThat(driver.table(RESULTS)).isEqualTo(Map.of("tea", new Result(DAY, "0.80")));
        }
    }

    @Test
    void aRetractedOrderIsForgotten() {
        try (ProductDriver driver = ProductDriver.of(Products.retract())) {
            driver.pipe(ORDERS, "o1", sale("o1", "tea", "Oslo", 0, "0.30"));
            driver.pipe(ORDERS, "o2", sale("o2", "tea", "Rome", 0, "0.30"));

            driver.pipeDeletion(ORDERS, "o1", 1);

            assertThat(driver.table(RESULTS)).containsOnlyKeys("o2");
        }
    }

    @Test
    void eachSaleGoesToOneOfThreePorts() {
        try (ProductDriver driver = ProductDriver.of(Products.branches())) {
            driver.pipe(SALES, "s1", sale("s1", "tea", "Oslo", 0, "0.90"));
            driver.pipe(SALES, "s2", sale("s2", "tea", "Rome", 0, "0.10"));
            driver.pipe(SALES, "s3", sale("s3", "tea", "", 0, "0.90"));

            assertThat(driver.table(LARGE_SALES)).containsOnlyKeys("s1");
            assertThat(driver.table(SMALL_SALES)).containsOnlyKeys("s2");
            assertThat(driver.table(WITHOUT_CITY)).containsOnlyKeys("s3");
        }
    }

    @Test
    void aProcessorOfItsOwnKeepsItsState() {
        try (ProductDriver driver = ProductDriver.of(Products.processor())) {
            driver.pipe(PRICES, "tea", new Price(minute(2), new BigDecimal("0.80")));
            driver.pipe(PRICES, "tea", new Price(minute(8), new BigDecimal("0.20")));

            assertThat(driver.table(RESULTS)).isEqualTo(Map.of("tea", new Result(DAY, "0.80")));
            assertThat(driver.records(RESULTS)).hasSize(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("products")
    void theLinterPassesItAndAReplayEndsWhereLiveEnded(String name, StreamingProduct product) {
        ProductLint.of(product).passes();
        ReplayProof.of(product)
                .inputs(random -> day(product, random))
                .schedules(25)
                .holds();
    }

    @Test
    void thePageShowsTheCodeThatRuns() throws IOException {
        Path place = Path.of("../docs/topologies.md");
        Map<String, String> now = new HashMap<>();
        TaggedCode.in(Path.of("src/test/java/org/example/topologies"))
                .forEach((tag, code) -> now.put("code: " + tag, code));
        RulesPage page = RulesPage.read(place);
        if (Boolean.getBoolean("mesh.docs.write")) {
            page.with(now).write(place);
            return;
        }
        assertThat(page.blocks()).isEqualTo(now);
    }

    @Test
    void bothVersionsOfAPortFollowWhatTheTopologyPublishes() {
        try (ProductDriver driver = ProductDriver.of(Products.versions())) {
            driver.pipe(ORDERS, "s1", sale("s1", "tea", "Oslo", 1, "0.30"));
            driver.pipe(ORDERS, "s2", sale("s2", "tea", "Rome", 2, "0.30"));
            driver.pipe(ORDERS, "s3", sale("s3", "tea", "Rome", 3, "0.30"));

            driver.pipe(ORDERS, "s2", sale("s2", "tea", "", 2, "0.30"));
            driver.pipeDeletion(ORDERS, "s3", minute(4).toEpochMilli());

            assertThat(driver.table(CITY_SALES_V2)).containsOnlyKeys("s1", "s2");
            assertThat(driver.table(CITY_SALES_V1)).isEqualTo(Map.of("s1", new Result(DAY, "Oslo")));
        }
    }

    static Stream<Arguments> products() {
        return Stream.of(
                Arguments.of("check", Products.check()),
                Arguments.of("totals", Products.totals()),
                Arguments.of("activity", Products.activity()),
                Arguments.of("derive", Products.derive()),
                Arguments.of("as-of", Products.asOf()),
                Arguments.of("distinct", Products.distinct()),
                Arguments.of("bounded", Products.boundedState()),
                Arguments.of("latest", Products.latest()),
                Arguments.of("retract", Products.retract()),
                Arguments.of("branches", Products.branches()),
                Arguments.of("versions", Products.versions()),
                Arguments.of("processor", Products.processor()));
    }

    /** Wired here, so that the linter looks at nothing else. */
    private static final class Products {
        static StreamingProduct check() {
            return product(Topologies::check, List.of(SALES), RESULTS);
        }

        static StreamingProduct totals() {
            return product(Topologies::totals, List.of(SALE_ROWS), CITY_TOTALS);
        }

        static StreamingProduct activity() {
            return product(Topologies::activity, List.of(SALE_ROWS), CITY_ACTIVITY);
        }

        static StreamingProduct derive() {
            return product(Topologies::derive, List.of(SALE_ROWS), RESULTS);
        }

        static StreamingProduct asOf() {
            return product(Topologies::asOf, List.of(SALES, PRICES), RESULTS);
        }

        static StreamingProduct distinct() {
            return product(Topologies::distinct, List.of(SALES), RESULTS);
        }

        static StreamingProduct boundedState() {
            return product(
                    Topologies::boundedState, List.of(Topologies.SALES_IN_TIME, Topologies.PRICES_IN_TIME), RESULTS);
        }

        static StreamingProduct latest() {
            return product(Topologies::latest, List.of(PRICES), RESULTS);
        }

        static StreamingProduct retract() {
            return product(Topologies::retract, List.of(ORDERS), RESULTS);
        }

        static StreamingProduct branches() {
            return product(Topologies::branches, List.of(SALES), LARGE_SALES, SMALL_SALES, WITHOUT_CITY);
        }

        static StreamingProduct versions() {
            return product(Topologies::versions, List.of(ORDERS), CITY_SALES_V2, CITY_SALES_V1);
        }

        static StreamingProduct processor() {
            return product(Topologies::processor, List.of(PRICES), RESULTS);
        }

        private static StreamingProduct product(
                ProductTopology topology, List<ReadablePort<?>> inputs, OutputPort<?>... outputs) {
            DataProduct.Builder product = DataProduct.named("shop.example")
                    .ownedBy("shop", "shop@example.org")
                    .describedAs("An example.");
            inputs.forEach(product::reads);
            List.of(outputs).forEach(product::publishes);
            return new StreamingProduct(product.build(), topology);
        }
    }

    /** Rows are corrected and deleted, facts come out of order. */
    private static History day(StreamingProduct product, RandomGenerator random) {
        History history = History.empty();
        boolean rows = product.product().inputs().stream().anyMatch(input -> input.isCorrectable());
        for (int number = 1; number <= 40; number++) {
            int minute = Math.max(0, number * 10 - random.nextInt(60));
            String amount = "0." + (10 + random.nextInt(90));
            String name = PRODUCTS.get(random.nextInt(PRODUCTS.size()));
            ReadablePort<?> port = product.product()
                    .inputs()
                    .get(random.nextInt(product.product().inputs().size()));
            if (port.address().equals(PRICES.address())) {
                history.put(port, name, new Price(minute(minute), new BigDecimal(amount)));
                continue;
            }
            String id = "s" + (rows ? random.nextInt(12) : number);
            if (rows && random.nextInt(6) == 0) {
                history.delete(port, id, minute(minute));
            } else {
                String city = CITIES.get(random.nextInt(CITIES.size()));
                history.put(port, id, sale(id, name, city, minute, amount));
            }
        }
        return history;
    }

    private static Sale sale(String id, String product, String city, int minute, String amount) {
        return new Sale(id, product, city, minute(minute), new BigDecimal(amount));
    }

    private static Instant minute(int minute) {
        return EIGHT.plus(Duration.ofMinutes(minute));
    }
}
