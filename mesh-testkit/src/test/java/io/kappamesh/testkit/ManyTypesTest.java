package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Price;
import io.kappamesh.contracts.shop.Result;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.join.Facts;
import io.kappamesh.join.Versions;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;

/** A topic that holds several types of records, of which a product reads one. */
class ManyTypesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Schema OTHER = SchemaBuilder.record("Refund")
            .namespace("shop")
            .fields()
            .requiredString("id")
            .endRecord();
    private static final EventSource<Sale> BY_RECORD = SourcePort.events("shop.sold.v1", Sale.class)
            .topic("everything")
            .eventTime("at")
            .describedAs("Sales among other things.")
            .build()
            .ofRecord(Sale.getClassSchema().getFullName());
    private static final EventSource<Sale> BY_HEADER = SourcePort.events("shop.told.v1", Sale.class)
            .topic("everything-in-json")
            .format(JsonFormat.json())
            .eventTime("at")
            .describedAs("Sales among other things.")
            .build()
            .withHeader("ce_type", "shop.sale")
            .withHeader("ce_version", "1");
    private static final OutputPort<Sale> COPIES = OutputPort.table("shop.sold-copies.v1", Sale.class)
            .eventTime("at")
            .describedAs("Sales alone.")
            .build();

    private static final EventSource<Price> PRICES = SourcePort.events("shop.asked.v1", Price.class)
            .topic("everything-in-json")
            .format(JsonFormat.json())
            .eventTime("at")
            .describedAs("Prices among other things.")
            .build()
            .withHeader("ce_type", "shop.price");
    private static final OutputPort<Result> RESULTS = OutputPort.table("shop.results.v1", Result.class)
            .eventTime("day")
            .describedAs("Sales with their prices.")
            .build();

    @Test
    void recordsOfOtherNamesArePassedOverAndWhatNamesNoneIsADeadLetter() {
        try (ProductDriver driver = ProductDriver.of(copies(BY_RECORD))) {
            driver.pipe(BY_RECORD, "s1", sale("s1"));
            pipe(driver, BY_RECORD, "s1", refund("s1"), new RecordHeaders());
            pipe(driver, BY_RECORD, "s1", null, new RecordHeaders());
            pipe(driver, BY_RECORD, null, refund("s1"), new RecordHeaders());
            pipe(driver, BY_RECORD, "s1", utf8("{}"), new RecordHeaders());

            assertThat(driver.table(COPIES)).containsExactly(Map.entry("s1", sale("s1")));
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.UNDECODABLE);
        }
    }

    @Test
    void recordsWithoutTheHeadersArePassedOver() {
        byte[] json =
                utf8("{\"id\":\"s1\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":\"" + NOON + "\",\"amount\":1}");
        Headers later = type("shop.refund").add("ce_type", utf8("shop.sale"));
        try (ProductDriver driver = ProductDriver.of(copies(BY_HEADER))) {
            pipe(driver, BY_HEADER, "s1", json, new RecordHeaders());
            pipe(driver, BY_HEADER, "s2", utf8("garbage"), type("shop.refund"));
            pipe(driver, BY_HEADER, "s3", json, new RecordHeaders().add("ce_type", utf8("shop.sale")));
            assertThat(driver.table(COPIES)).isEmpty();
            assertThat(driver.deadLetters()).isEmpty();

            pipe(driver, BY_HEADER, "s1", json, later);
            pipe(driver, BY_HEADER, "s2", utf8("garbage"), type("shop.sale"));
            pipe(driver, BY_HEADER, "s3", null, type("shop.sale"));

            assertThat(driver.table(COPIES)).containsOnlyKeys("s1");
            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsExactly(Reason.UNDECODABLE, Reason.NULL_VALUE);
        }
    }

    @Test
    void aReplayEndsWhereLiveEnded() {
        ReplayProof.of(copies(BY_RECORD)).inputs(ManyTypesTest::everything).holds();
    }

    @Test
    void onlyAvroTellsTheNameOfARecord() {
        assertThatThrownBy(() -> BY_HEADER.ofRecord("shop.Sale").contract())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("source port shop.told.v1: names the record");
    }

    @Test
    void aProductReadsSeveralTypesOfATopicAndEveryRecordIsOneDeadLetterAtMost() {
        try (ProductDriver driver = ProductDriver.of(priced())) {
            driver.pipe(PRICES, "tea", new Price(NOON, new BigDecimal("2.00")));
            driver.pipe(BY_HEADER, "tea", sale("s1"));
            pipe(driver, PRICES, "tea", utf8("garbage"), type("shop.price"));
            pipe(driver, BY_HEADER, "tea", utf8("garbage"), type("shop.sale"));
            pipe(driver, BY_HEADER, "tea", utf8("garbage"), type("shop.refund"));

            assertThat(driver.table(RESULTS)).containsOnly(Map.entry("s1", result("s1 at 2.00")));
            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsExactly(Reason.UNDECODABLE, Reason.UNDECODABLE);
        }
        EventSource<Sale> again = SourcePort.events("shop.sold-again.v1", Sale.class)
                .topic("everything")
                .eventTime("at")
                .describedAs("Sales among other things.")
                .build();
        try (ProductDriver driver = ProductDriver.of(new StreamingProduct(
                product(BY_RECORD, again),
                ports -> ports.publish(
                        COPIES,
                        ports.read(BY_RECORD).stream()
                                .merge(ports.read(again).stream(), Named.as("both"))
                                .filter((id, sale) -> sale.getAmount().signum() > 0, Named.as("positive")))))) {
            driver.pipe(again, "s1", sale("s1"));
            pipe(driver, again, "s2", utf8("{}"), new RecordHeaders());
            pipe(driver, again, "\0", refund("s3"), new RecordHeaders());

            assertThat(driver.records(COPIES)).hasSize(2);
            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsExactly(Reason.UNDECODABLE, Reason.UNDECODABLE);
        }
    }

    @Test
    void aReplayOfSeveralTypesEndsWhereLiveEnded() {
        ReplayProof.of(priced())
                .inputs(random -> {
                    History history = History.empty();
                    for (int record = 0; record < 40; record++) {
                        if (random.nextInt(3) > 0) {
                            history.put(BY_HEADER, "tea", sale("s" + record));
                        } else {
                            history.put(
                                    PRICES,
                                    "tea",
                                    new Price(NOON.minusSeconds(random.nextInt(100)), new BigDecimal(record + ".00")));
                        }
                    }
                    return history;
                })
                .holds();
    }

    @Test
    void whatReplacesSharesNoTopicAndWhatSharesReadsTheSame() {
        SourcePort<Sale> rows = SourcePort.table("shop.sold-rows.v1", Sale.class)
                .topic("everything")
                .eventTime("at")
                .describedAs("Sales among other things.")
                .build();
        EventSource<Sale> wider = SourcePort.events("shop.sold-again.v1", Sale.class)
                .topics("everything", "more")
                .eventTime("at")
                .describedAs("Sales among other things.")
                .build();

        assertThatThrownBy(() -> product(BY_RECORD, rows))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining(
                        "reads topic everything by two ports, shop.sold.v1 and shop.sold-rows.v1, which only sources of final facts can"
                                + " share");
        assertThatThrownBy(() -> product(BY_RECORD, wider))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("of which one reads other topics too");
    }

    private static DataProduct product(SourcePort<?> one, SourcePort<?> other) {
        return DataProduct.named("shop.sold-copies")
                .ownedBy("shop", "shop@example.org")
                .describedAs("Sales.")
                .reads(one)
                .reads(other)
                .publishes(COPIES)
                .build();
    }

    private static StreamingProduct priced() {
        return new StreamingProduct(
                DataProduct.named("shop.priced")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales with their prices.")
                        .reads(BY_HEADER)
                        .reads(PRICES)
                        .publishes(RESULTS)
                        .build(),
                ports -> ports.publish(
                        RESULTS,
                        ports.asOf(
                                "priced",
                                new Facts<>(ports.read(BY_HEADER).stream(), Sale.class, Sale::getId),
                                new Versions<>(ports.read(PRICES).stream(), Price.class),
                                (sale, price) ->
                                        price == null ? null : result(sale.getId() + " at " + price.getAmount()))));
    }

    private static Result result(String text) {
        return new Result(LocalDate.of(2026, 3, 1), text);
    }

    private static History everything(RandomGenerator random) {
        History history = History.empty();
        for (int record = 0; record < 40; record++) {
            String id = "s" + record;
            if (random.nextBoolean()) {
                history.put(BY_RECORD, id, sale(id));
            } else {
                history.raw(BY_RECORD, utf8(id), refund(id), NOON.plusSeconds(record));
            }
        }
        return history;
    }

    private static StreamingProduct copies(EventSource<Sale> sales) {
        return new StreamingProduct(
                DataProduct.named("shop.sold-copies")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales.")
                        .reads(sales)
                        .publishes(COPIES)
                        .build(),
                ports -> ports.publish(COPIES, ports.read(sales).stream()));
    }

    private static void pipe(ProductDriver driver, EventSource<?> port, String key, byte[] value, Headers headers) {
        driver.pipeBytes(port, key == null ? null : utf8(key), value, headers, NOON.toEpochMilli());
    }

    private static Headers type(String name) {
        return new RecordHeaders().add("ce_version", utf8("1")).add("ce_type", utf8(name));
    }

    private static byte[] refund(String id) {
        return ConfluentAvro.bytes(
                OTHER, new GenericRecordBuilder(OTHER).set("id", id).build());
    }

    private static Sale sale(String id) {
        return new Sale(id, "tea", "Köln", NOON, new BigDecimal("1.00"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
