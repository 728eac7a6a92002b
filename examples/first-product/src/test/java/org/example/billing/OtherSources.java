package org.example.billing;

import io.kappamesh.contract.KeyFormat;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contract.ValueFormat;
import io.kappamesh.format.JsonFormat;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.example.billing.payments.v1.Payment;

/** Sources that others made, as docs/sources.md shows them. */
final class OtherSources {
    private OtherSources() {}

    // tag::oldpayments[]
    /** Payments that an older system writes: in a topic of its own name, with 64-bit keys and JSON values. */
    static final SourcePort<Payment> OLD_PAYMENTS = SourcePort.table("billing.old-payments.v1", Payment.class)
            .topic("PAYMENTS")
            .keys(KeyFormat.int64())
            .format(JsonFormat.json().epoch(ChronoUnit.SECONDS))
            .eventTime("paidAt")
            .key("paymentId")
            .describedAs("Payments as the old system writes them")
            .build();
    // end::oldpayments[]

    // tag::paymentlines[]
    /** Lines of text: {@code paymentId;amount;paidAt}. */
    static final ValueFormat PAYMENT_LINES = ValueFormat.of(Payment.class, bytes -> {
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split(";", -1);
        return parts.length == 3
                ? ValueFormat.Result.value(new Payment(parts[0], new BigDecimal(parts[1]), Instant.parse(parts[2])))
                : ValueFormat.Result.rejected("does not have three fields");
    });
    // end::paymentlines[]
}
