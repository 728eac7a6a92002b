package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
    void aProductReadsATopicByOnePort() {
        EventSource<Sale> again = SourcePort.events("shop.sold-again.v1", Sale.class)
                .topic("everything")
                .eventTime("at")
                .describedAs("Sales among other things.")
                .build();

        assertThatThrownBy(() -> DataProduct.named("shop.sold-copies")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales.")
                        .reads(BY_RECORD)
                        .reads(again)
                        .publishes(COPIES)
                        .build())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("reads topic everything by two ports");
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

    private static void pipe(ProductDriver driver, EventSource<Sale> port, String key, byte[] value, Headers headers) {
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
