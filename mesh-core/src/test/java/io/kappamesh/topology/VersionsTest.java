package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.FOREIGN;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import java.time.Instant;
import java.time.LocalDate;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two major versions of a port: whole baskets, and before that the first item of each, under the key of the basket. */
class VersionsTest {
    private static final Schema LIFE = SchemaBuilder.record("Life")
            .fields()
            .name("began")
            .type(moment())
            .noDefault()
            .name("ended")
            .type(moment())
            .noDefault()
            .endRecord();
    private static final OutputPort<Basket> V2 = baskets("shop.baskets.v2").build();
    private static final OutputPort<BasketItem> V1 = items("shop.baskets.v1")
            .partitions(3)
            .maxRecordBytes(30)
            .promises("some", "there is at least one", item -> item.getQuantity() > 0)
            .build()
            .convertedFrom(V2, VersionsTest::first);

    @Test
    void eachRecordIsPublishedInBothVersionsUnderItsKey() {
        try (Bench bench = new Bench(
                both(FOREIGN), ports -> ports.publish(V2, ports.read(FOREIGN).changes()))) {
            bench.pipe(FOREIGN, "b1", basket(NOON, "n", "pen*2", "ink"));

            assertThat(bench.records(V2)).extracting(TestRecord::key).containsExactly("b1");
            assertThat(bench.records(V1)).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("b1");
                assertThat(record.value()).isEqualTo(new BasketItem(NOON.plusSeconds(1), "pen", 2));
                assertThat(record.timestamp())
                        .as("its own event time")
                        .isEqualTo(NOON.plusSeconds(1).toEpochMilli());
            });
        }
    }

    @Test
    void aDeletionIsOneInBothAndSoIsARowWithoutAFormInTheEarlierVersion() {
        try (Bench bench = new Bench(
                both(FOREIGN), ports -> ports.publish(V2, ports.read(FOREIGN).changes()))) {
            bench.pipe(FOREIGN, "b1", basket(NOON, "n", "pen"));
            bench.pipe(FOREIGN, "b1", basket(NOON, "n"));
            bench.pipe(FOREIGN, Bench.utf8("b1"), null, new RecordHeaders(), 9);

            assertThat(bench.records(V2))
                    .extracting(TestRecord::value)
                    .hasSize(3)
                    .last()
                    .isNull();
            assertThat(bench.records(V1))
                    .extracting(TestRecord::value)
                    .hasSize(3)
                    .satisfies(values -> {
                        assertThat(values.get(0)).isNotNull();
                        assertThat(values.get(1)).isNull();
                        assertThat(values.get(2)).isNull();
                    });
        }
    }

    /** Its row may be of a later time than the value that has no form any more. */
    @Test
    void aRowWithoutAFormIsDeletedAtTheTimeThatItWouldHave() {
        OutputPort<BasketItem> timed = items("shop.baskets.v1")
                .build()
                .convertedFrom(V2, VersionsTest::first, basket -> basket.getAt().plusSeconds(1));
        DataProduct product =
                Shop.declared().reads(FOREIGN).publishes(V2).publishes(timed).build();
        try (Bench bench = new Bench(
                product, ports -> ports.publish(V2, ports.read(FOREIGN).changes()))) {
            bench.pipe(FOREIGN, "b1", basket(NOON, "n", "pen"));
            bench.pipe(FOREIGN, "b1", basket(NOON, "n"));

            assertThat(bench.records(timed))
                    .extracting(TestRecord::timestamp)
                    .containsExactly(
                            NOON.plusSeconds(1).toEpochMilli(),
                            NOON.plusSeconds(1).toEpochMilli());
            assertThat(bench.records(V2))
                    .extracting(TestRecord::timestamp)
                    .containsExactly(NOON.toEpochMilli(), NOON.toEpochMilli());
        }
    }

    /** Behind the intake it would stop the product at each start, and in each replay. */
    @Test
    void timeOfADeletionThatThrowsOrLiesBefore1970RefusesTheRecord() {
        OutputPort<BasketItem> timed = items("shop.baskets.v1")
                .build()
                .convertedFrom(V2, VersionsTest::first, basket -> {
                    if (basket.getNote().equals("throws")) {
                        throw new IllegalStateException("a time that is wrong");
                    }
                    return basket.getNote().equals("old") ? Instant.ofEpochMilli(-1) : basket.getAt();
                });
        DataProduct product =
                Shop.declared().reads(RAW).publishes(V2).publishes(timed).build();
        try (Bench bench = new Bench(
                product, ports -> ports.publish(V2, ports.read(RAW).becomes(V2, basket -> basket).stream()))) {
            bench.pipe(RAW, "b1", basket(NOON, "throws"));
            bench.pipe(RAW, "b2", basket(NOON, "old"));
            bench.pipe(RAW, "b3", basket(NOON, "n"));

            assertThat(bench.records(V2)).extracting(TestRecord::key).containsExactly("b3");
            assertThat(bench.letters()).hasSize(2);
        }
    }

    /** A deletion of the earlier version must not be older than its row: the record that leads to it may have any timestamp. */
    @Test
    void aRowWithoutAFormIsDeletedAtTheEventTimeThatBothVersionsHave() {
        try (Bench bench = new Bench(
                both(FOREIGN),
                ports -> ports.publish(
                        V2,
                        ports.read(FOREIGN)
                                .changes()
                                .processValues(
                                        () -> new ContextualFixedKeyProcessor<String, Basket, Basket>() {
                                            @Override
                                            public void process(FixedKeyRecord<String, Basket> record) {
                                                context().forward(record.withTimestamp(1));
                                            }
                                        },
                                        Named.as("older"))))) {
            bench.pipe(FOREIGN, "b1", basket(NOON, "n", "pen"));
            bench.pipe(FOREIGN, "b1", basket(NOON.plusSeconds(60), "n"));

            assertThat(bench.records(V1))
                    .extracting(TestRecord::timestamp)
                    .containsExactly(
                            NOON.plusSeconds(1).toEpochMilli(),
                            NOON.plusSeconds(60).toEpochMilli());
        }
    }

    @Test
    void whereEventTimesDifferADeletionNeedsATimeOfItsOwn() {
        OutputPort<GenericRecord> later =
                lives("shop.lives.v2").eventTime("ended").build();

        assertThatThrownBy(() -> assembled(
                        later, lives("shop.lives.v1").eventTime("began").build().convertedFrom(later, life -> null)))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining(
                        "port shop.lives.v1: its event time is began, and that of shop.lives.v2, from which it is converted, is ended")
                .hasMessageContaining("might be older than the row that it deletes")
                .hasMessageContaining("Give convertedFrom(…) a third argument");
        assembled(later, lives("shop.lives.v1").eventTime("began").build().convertedFrom(later, life -> null, life ->
                (Instant) life.get("began")));
        assembled(later, lives("shop.lives.v1").withoutEventTime().build().convertedFrom(later, life -> null));
    }

    private static void assembled(OutputPort<GenericRecord> later, OutputPort<GenericRecord> earlier) {
        InputPort<GenericRecord> lives = InputPort.table("mall.lives.v1", GenericRecord.class)
                .schema(LIFE)
                .eventTime("ended")
                .build();
        Topology unused = Bench.assemble(
                Shop.declared().reads(lives).publishes(later).publishes(earlier).build(),
                ports -> ports.publish(later, ports.read(lives).changes()));
    }

    private static PortBuilder<GenericRecord, OutputPort<GenericRecord>> lives(String address) {
        return OutputPort.table(address, GenericRecord.class).schema(LIFE).describedAs("Lives of baskets.");
    }

    @Test
    void whatBecomesAPortIsRefusedAtTheIntakeIfAnEarlierVersionCannotHoldIt() {
        try (Bench bench = new Bench(
                both(RAW), ports -> ports.publish(V2, ports.read(RAW).becomes(V2, value -> value).stream()))) {
            bench.pipe(RAW, "b1", basket(NOON, "n", "pen*0"));
            bench.pipe(RAW, "b2", basket(NOON, "n", "a-pen-with-a-name-that-is-too-long-for-the-earlier-version"));
            bench.pipe(RAW, "b3", basket(NOON, "n", "broken"));
            bench.pipe(RAW, "b4", basket(NOON, "n"));

            assertThat(bench.letters())
                    .extracting(DeadLetter::reason)
                    .containsExactly(Reason.QUALITY, Reason.TOO_LARGE, Reason.INVALID);
            assertThat(bench.records(V2)).extracting(TestRecord::key).containsExactly("b4");
            assertThat(bench.records(V1)).extracting(TestRecord::value).containsOnlyNulls();
        }
    }

    @Test
    void threeVersionsAreServedFromTheNewest() {
        OutputPort<Basket> third = baskets("shop.baskets.v3").build();
        OutputPort<Basket> second = baskets("shop.baskets.v2")
                .build()
                .convertedFrom(third, basket -> new Basket(basket.getAt(), "second", basket.getItems()));
        OutputPort<Basket> first = baskets("shop.baskets.v1")
                .build()
                .convertedFrom(
                        second,
                        basket -> new Basket(basket.getAt(), "first of " + basket.getNote(), basket.getItems()));
        DataProduct all = Shop.declared()
                .reads(FOREIGN)
                .publishes(first)
                .publishes(second)
                .publishes(third)
                .build();
        try (Bench bench =
                new Bench(all, ports -> ports.publish(third, ports.read(FOREIGN).changes()))) {
            bench.pipe(FOREIGN, "b1", basket(NOON, "third", "pen"));

            assertThat(bench.records(third).get(0).value().getNote()).isEqualTo("third");
            assertThat(bench.records(second).get(0).value().getNote()).isEqualTo("second");
            assertThat(bench.records(first).get(0).value().getNote()).isEqualTo("first of second");
        }
    }

    @Test
    void whatIsConvertedIsNotPublishedByTheTopologyToo() {
        assertThatThrownBy(() -> Bench.assemble(
                        both(FOREIGN),
                        ports -> ports.publish(V1, ports.read(FOREIGN).changes().mapValues(VersionsTest::first))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shop.baskets.v1 is converted from shop.baskets.v2, and published with it");
    }

    @Test
    void aProductPublishesBothOrNone() {
        OutputPort<Basket> other = baskets("shop.others.v1").build();
        DataProduct half =
                Shop.declared().reads(FOREIGN).publishes(other).publishes(V1).build();

        assertThatThrownBy(() -> Bench.assemble(
                        half, ports -> ports.publish(other, ports.read(FOREIGN).changes())))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining(
                        "publishes shop.baskets.v1, which is converted from shop.baskets.v2, but its topology"
                                + " does not publish that one; declare both");
    }

    @Test
    void onlyALaterVersionOfTheSamePortOfTheSameKindIsConverted() {
        OutputPort<Basket> other = baskets("shop.carts.v2").build();
        OutputPort<Basket> facts = OutputPort.events("shop.baskets.v3", Basket.class)
                .eventTime("at")
                .describedAs("Baskets.")
                .build();

        assertThatThrownBy(() -> items("shop.baskets.v1")
                        .build()
                        .convertedFrom(other, VersionsTest::first)
                        .contract())
                .hasMessageContaining("converted from shop.carts.v2, which is no later major version of it");
        assertThatThrownBy(() -> items("shop.baskets.v2")
                        .build()
                        .convertedFrom(V2, VersionsTest::first)
                        .contract())
                .hasMessageContaining("no later major version");
        assertThatThrownBy(() -> items("shop.baskets.v1")
                        .build()
                        .convertedFrom(facts, VersionsTest::first)
                        .contract())
                .hasMessageContaining("declared as TABLE and not as EVENTS");
    }

    @Test
    void aDeprecationNamesAnotherPort() {
        LocalDate day = LocalDate.of(2027, 6, 30);

        assertThat(V1.deprecated("shop.baskets.v2", day)
                        .deprecation()
                        .orElseThrow()
                        .endOfLife())
                .isEqualTo(day);
        assertThat(V1.deprecated("shop.baskets.v2", day)).isNotEqualTo(V1);
        assertThatThrownBy(() -> V1.deprecated("shop.baskets.v1", day).contract())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("names no other port to read instead, but shop.baskets.v1");
        assertThatThrownBy(() -> V1.deprecated("baskets", day).contract())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("names no other port");
    }

    private static Schema moment() {
        return LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    }

    private static DataProduct both(ReadablePort<?> input) {
        return Shop.declared().reads(input).publishes(V2).publishes(V1).build();
    }

    private static @Nullable BasketItem first(Basket basket) {
        if (basket.getItems().isEmpty()) {
            return null;
        }
        BasketItem item = basket.getItems().get(0);
        if (item.getSku().equals("broken")) {
            throw new IllegalStateException("a step that is wrong");
        }
        return new BasketItem(basket.getAt().plusSeconds(1), item.getSku(), item.getQuantity());
    }

    private static PortBuilder<Basket, OutputPort<Basket>> baskets(String address) {
        return OutputPort.table(address, Basket.class).eventTime("at").describedAs("Baskets.");
    }

    private static PortBuilder<BasketItem, OutputPort<BasketItem>> items(String address) {
        return OutputPort.table(address, BasketItem.class)
                .eventTime("at")
                .describedAs("The first item of each basket.");
    }
}
