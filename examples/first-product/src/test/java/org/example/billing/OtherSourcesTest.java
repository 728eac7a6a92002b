package org.example.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.testkit.ConfluentAvro;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.example.billing.payments.v1.Payment;
import org.example.gateway.PaymentReceived;
import org.junit.jupiter.api.Test;

/** What docs/sources.md shows works as it says. */
class OtherSourcesTest {
    private static final OutputPort<Payment> COPIES = OutputPort.table("billing.copies.v1", Payment.class)
            .eventTime("paidAt")
            .describedAs("Payments.")
            .build();
    private static final Payment PAYMENT =
            new Payment("42", new BigDecimal("12.50"), Instant.parse("2026-03-01T09:00:00Z"));

    @Test
    void oldPaymentsComeInUnderTheTextOfTheirNumbers() {
        try (ProductDriver driver = ProductDriver.of(copies(OtherSources.OLD_PAYMENTS))) {
            driver.pipeBytes(
                    OtherSources.OLD_PAYMENTS,
                    ByteBuffer.allocate(Long.BYTES).putLong(42).array(),
                    utf8("{\"paymentId\":\"42\",\"amount\":12.5,\"paidAt\":1772355600}"),
                    new RecordHeaders(),
                    0);

            assertThat(driver.table(COPIES)).containsEntry("42", PAYMENT);
        }
    }

    @Test
    void linesOfABankComeInWithTheirCommasAndLocalTimes() {
        try (ProductDriver driver = ProductDriver.of(copies(OtherSources.BANK_PAYMENTS))) {
            driver.pipeBytes(
                    OtherSources.BANK_PAYMENTS,
                    utf8("42"),
                    utf8("42;\"ACME; Sons\";12,50;01.03.2026 10:00:00"),
                    new RecordHeaders(),
                    0);

            assertThat(driver.table(COPIES)).containsEntry("42", PAYMENT);
        }
    }

    @Test
    void messagesOfAGatewayComeInWithTimesThatAreFinerThanTheirs() {
        PaymentReceived message = PaymentReceived.newBuilder()
                .setPaymentId("42")
                .setAmount("12.5")
                .setPaidAt(Timestamp.newBuilder()
                        .setSeconds(PAYMENT.getPaidAt().getEpochSecond())
                        .setNanos(999_999))
                .build();
        byte[] firstMessageOfSchema7 = {0, 0, 0, 0, 7, 0};
        try (ProductDriver driver = ProductDriver.of(copies(OtherSources.GATEWAY_PAYMENTS))) {
            driver.pipeBytes(
                    OtherSources.GATEWAY_PAYMENTS,
                    utf8("42"),
                    ByteBuffer.allocate(firstMessageOfSchema7.length + message.getSerializedSize())
                            .put(firstMessageOfSchema7)
                            .put(message.toByteArray())
                            .array(),
                    new RecordHeaders(),
                    0);

            assertThat(driver.table(COPIES)).containsEntry("42", PAYMENT);
        }
    }

    @Test
    void rowsOfADatabaseComeInAndGo() {
        Schema envelope = new Schema.Parser().parse("""
                {"type": "record", "name": "Envelope", "fields": [
                  {"name": "op", "type": "string"},
                  {"name": "source", "type": {"type": "record", "name": "Source", "fields": [{"name": "ts_ms", "type": "long"}]}},
                  {"name": "after", "type": ["null", {"type": "record", "name": "Value", "fields": [
                    {"name": "paymentId", "type": "string"}, {"name": "amount", "type": "string"}]}]}]}""");
        Schema key =
                SchemaBuilder.record("Key").fields().requiredInt("payment_id").endRecord();
        try (ProductDriver driver = ProductDriver.of(copies(OtherSources.DATABASE_PAYMENTS))) {
            byte[] id = ConfluentAvro.bytes(
                    key, new GenericRecordBuilder(key).set("payment_id", 42).build());
            driver.pipeBytes(
                    OtherSources.DATABASE_PAYMENTS,
                    id,
                    ConfluentAvro.bytes(envelope, created(envelope)),
                    new RecordHeaders(),
                    0);
            assertThat(driver.table(COPIES)).containsEntry("42", PAYMENT);

            driver.pipeBytes(OtherSources.DATABASE_PAYMENTS, id, null, new RecordHeaders(), 1);
            assertThat(driver.table(COPIES)).isEmpty();
        }
    }

    private static GenericRecord created(Schema envelope) {
        return new GenericRecordBuilder(envelope)
                .set("op", "c")
                .set(
                        "source",
                        new GenericRecordBuilder(envelope.getField("source").schema())
                                .set("ts_ms", PAYMENT.getPaidAt().toEpochMilli())
                                .build())
                .set(
                        "after",
                        new GenericRecordBuilder(envelope.getField("after")
                                        .schema()
                                        .getTypes()
                                        .get(1))
                                .set("paymentId", "42")
                                .set("amount", "12.50")
                                .build())
                .build();
    }

    @Test
    void factsWithoutKeysAreKnownByAFieldOfTheirs() {
        StreamingProduct latest = new StreamingProduct(
                DataProduct.named("billing.copies")
                        .ownedBy("billing", "billing@example.org")
                        .describedAs("Payments.")
                        .reads(OtherSources.KEYLESS_PAYMENTS)
                        .publishes(COPIES)
                        .build(),
                ports -> ports.publish(COPIES, ports.read(OtherSources.KEYLESS_PAYMENTS).stream()));
        try (ProductDriver driver = ProductDriver.of(latest)) {
            driver.pipeBytes(
                    OtherSources.KEYLESS_PAYMENTS,
                    null,
                    utf8("{\"paymentId\":\"42\",\"amount\":12.5,\"paidAt\":\"2026-03-01T09:00:00Z\"}"),
                    new RecordHeaders(),
                    0);

            assertThat(driver.table(COPIES)).containsEntry("42", PAYMENT);
        }
    }

    @Test
    void paymentsOfAllCountriesComeIn() {
        StreamingProduct all = new StreamingProduct(
                DataProduct.named("billing.copies")
                        .ownedBy("billing", "billing@example.org")
                        .describedAs("Payments.")
                        .reads(OtherSources.ALL_PAYMENTS)
                        .publishes(COPIES)
                        .build(),
                ports -> ports.publish(COPIES, ports.read(OtherSources.ALL_PAYMENTS).stream()));
        try (ProductDriver driver = ProductDriver.of(all)) {
            driver.pipe(OtherSources.ALL_PAYMENTS, "payments-fr", "42", PAYMENT);
            driver.pipe(OtherSources.ALL_PAYMENTS, "43", PAYMENT);

            assertThat(driver.table(COPIES)).containsOnlyKeys("42", "43");
        }
    }

    @Test
    void linesComeInAndWhatHasOtherFieldsDoesNot() {
        SourcePort<Payment> lines = SourcePort.table("billing.lines.v1", Payment.class)
                .format(OtherSources.PAYMENT_LINES)
                .eventTime("paidAt")
                .describedAs("Payments in lines.")
                .build();
        try (ProductDriver driver = ProductDriver.of(copies(lines))) {
            driver.pipeBytes(lines, utf8("42"), utf8("42;12.50;2026-03-01T09:00:00Z"), new RecordHeaders(), 0);
            driver.pipeBytes(lines, utf8("43"), utf8("43;12.50"), new RecordHeaders(), 0);

            assertThat(driver.table(COPIES)).containsOnlyKeys("42").containsValue(PAYMENT);
            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::detail)
                    .containsExactly("does not have three fields");
        }
    }

    private static StreamingProduct copies(SourcePort<Payment> payments) {
        return new StreamingProduct(
                DataProduct.named("billing.copies")
                        .ownedBy("billing", "billing@example.org")
                        .describedAs("Payments.")
                        .reads(payments)
                        .publishes(COPIES)
                        .build(),
                ports -> ports.publish(COPIES, ports.read(payments).changes()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
