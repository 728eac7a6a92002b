package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.CityTotal;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;

/** A source of facts that several topics hold together. */
class SeveralTopicsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<String> TOPICS = List.of("TILLS_EAST", "tills.west");
    private static final EventSource<Sale> SALES = SourcePort.events("shop.till-sales.v1", Sale.class)
            .topics("TILLS_EAST", "tills.west")
            .format(JsonFormat.json())
            .eventTime("at")
            .describedAs("Sales of all tills, by city.")
            .build();
    private static final OutputPort<CityTotal> TOTALS = OutputPort.table("shop.till-totals.v1", CityTotal.class)
            .withoutEventTime()
            .key("city")
            .describedAs("What was sold in each city.")
            .build();

    @Test
    void factsOfAllTopicsComeIn() {
        try (ProductDriver driver = ProductDriver.of(totals(SALES, SeveralTopicsTest::sums))) {
            driver.pipe(SALES, "Köln", sale("Köln", 0));
            driver.pipe(SALES, "tills.west", "Köln", sale("Köln", 1));
            driver.pipe(SALES, "tills.west", "Bonn", sale("Bonn", 2));
            driver.pipeBytes(SALES, utf8("Bonn"), utf8("{"), new RecordHeaders(), 0);

            assertThat(driver.table(TOTALS))
                    .containsOnly(Map.entry("Köln", total("Köln", 2)), Map.entry("Bonn", total("Bonn", 1)));
            assertThat(driver.deadLetters()).extracting(DeadLetter::topic).containsExactly("TILLS_EAST");
        }
    }

    @Test
    void lateIsWhatIsBehindItsOwnTopic() {
        EventSource<Sale> punctual = SALES.allowingLateness(Duration.ofSeconds(10));
        try (ProductDriver driver = ProductDriver.of(totals(punctual, SeveralTopicsTest::sums))) {
            driver.pipe(punctual, "tills.west", "Köln", sale("Köln", 100));
            driver.pipe(punctual, "TILLS_EAST", "Köln", sale("Köln", 0));
            driver.pipe(punctual, "tills.west", "Köln", sale("Köln", 89));

            assertThat(driver.table(TOTALS)).containsOnly(Map.entry("Köln", total("Köln", 2)));
            assertThat(driver.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.LATE);
                assertThat(letter.topic()).isEqualTo("tills.west");
            });
        }
    }

    @Test
    void aReplayEndsWhereLiveEnded() {
        ReplayProof.of(totals(SALES, SeveralTopicsTest::sums))
                .inputs(SeveralTopicsTest::sales)
                .holds();
        EventSource<Sale> punctual = SALES.allowingLateness(Duration.ofSeconds(10));
        ReplayProof.of(totals(punctual, SeveralTopicsTest::sums))
                .inputs(random -> sales(punctual, random))
                .holds();
        EventSource<Sale> keyed = SALES.keyedBy("city");
        ReplayProof.of(totals(keyed, SeveralTopicsTest::sums))
                .inputs(random -> sales(keyed, random))
                .holds();
    }

    @Test
    void theProofSeesThatTheLastToArriveOfTwoTopicsIsNotTheSameInAReplay() {
        assertThatThrownBy(() -> ReplayProof.of(totals(SALES, SeveralTopicsTest::lasts))
                        .inputs(SeveralTopicsTest::sales)
                        .holds())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("TILLS_EAST")
                .hasMessageContaining("tills.west");
    }

    @Test
    void whatNeedsAnOrderHasOneTopic() {
        assertThatThrownBy(() -> SourcePort.table("shop.till-rows.v1", Sale.class)
                        .topics("TILLS_EAST", "TILLS_EAST", "tills.*")
                        .eventTime("at")
                        .describedAs("Rows.")
                        .build()
                        .contract())
                .isInstanceOfSatisfying(
                        DeclarationException.class,
                        wrong -> assertThat(wrong.problems())
                                .containsExactly(
                                        "source port shop.till-rows.v1: names topic TILLS_EAST twice",
                                        "source port shop.till-rows.v1: 'tills.*' is not a valid name of a topic; name every topic, without a pattern",
                                        "source port shop.till-rows.v1: several topics have no order in which a record could replace or take back another; read facts with SourcePort.events(…), or each topic by a port of its own"));
        assertThatThrownBy(() -> SourcePort.retractableEvents("shop.till-rows.v1", Sale.class)
                        .topics("TILLS_EAST", "tills.west")
                        .eventTime("at")
                        .describedAs("Rows.")
                        .build()
                        .contract())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("several topics have no order");
    }

    @Test
    void aTopicMoreIsAnotherShape() {
        EventSource<Sale> wider = SourcePort.events("shop.till-sales.v1", Sale.class)
                .topics("TILLS_EAST", "tills.west", "tills.south")
                .keys(KeyFormat.int64())
                .format(JsonFormat.json())
                .eventTime("at")
                .describedAs("Sales of all tills, by city.")
                .build();

        assertThat(wider.topics()).containsExactly("TILLS_EAST", "tills.west", "tills.south");
        assertThat(wider).isNotEqualTo(SALES);
        assertThatThrownBy(() ->
                        History.empty().put(SALES, "Köln", sale("Köln", 0)).inTopic("tills.south"))
                .hasMessage("port shop.till-sales.v1 reads no topic tills.south");
    }

    private static History sales(RandomGenerator random) {
        return sales(SALES, random);
    }

    private static History sales(EventSource<Sale> port, RandomGenerator random) {
        History history = History.empty();
        for (int sale = 0; sale < 40; sale++) {
            String city = random.nextBoolean() ? "Köln" : "Bonn";
            history.put(port, city, sale("s" + sale, city, random.nextInt(60)))
                    .inTopic(TOPICS.get(random.nextInt(TOPICS.size())));
        }
        return history;
    }

    private static void sums(Ports ports, EventSource<Sale> sales) {
        publish(
                ports,
                ports.read(sales)
                        .distinct("seen", Sale::getId)
                        .mapValues(sale -> new CityTotal(sale.getCity(), 1L, sale.getAmount()), Named.as("one"))
                        .groupByKey(ports.grouped("by-city", CityTotal.class))
                        .reduce(
                                (one, other) -> new CityTotal(
                                        one.getCity(),
                                        one.getSales() + other.getSales(),
                                        one.getAmount().add(other.getAmount())),
                                Named.as("sum"),
                                ports.store("totals", CityTotal.class))
                        .toStream(Named.as("changes")));
    }

    /** Wrong: which one is last depends on which topic is read first. */
    private static void lasts(Ports ports, EventSource<Sale> sales) {
        publish(
                ports,
                ports.read(sales).stream()
                        .mapValues(
                                sale -> new CityTotal(
                                        sale.getCity(), sale.getAt().getEpochSecond(), sale.getAmount()),
                                Named.as("one")));
    }

    private static void publish(Ports ports, KStream<String, CityTotal> totals) {
        ports.publish(TOTALS, totals);
    }

    private interface Wiring {
        void wire(Ports ports, EventSource<Sale> sales);
    }

    private static StreamingProduct totals(EventSource<Sale> sales, Wiring wiring) {
        return new StreamingProduct(
                DataProduct.named("shop.till-totals")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sums over all tills.")
                        .reads(sales)
                        .publishes(TOTALS)
                        .build(),
                ports -> wiring.wire(ports, sales));
    }

    private static Sale sale(String city, int second) {
        return sale("s" + second, city, second);
    }

    private static Sale sale(String id, String city, int second) {
        return new Sale(id, "tea", city, NOON.plusSeconds(second), new BigDecimal("1.00"));
    }

    private static CityTotal total(String city, int sales) {
        return new CityTotal(city, (long) sales, new BigDecimal(sales + ".00"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
