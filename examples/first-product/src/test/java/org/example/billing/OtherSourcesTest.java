package org.example.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.example.billing.payments.v1.Payment;
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
