package org.example.billing;

import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.example.billing.payments.v1.Payment;
import org.junit.jupiter.api.Test;

class BillingReplayTest {

    // tag::proof[]
    @Test
    void aReplayEndsWhereLiveEnded() {
        ReplayProof.of(Billing.dailyPayments()).inputs(this::payments).holds();
    }

    private History payments(RandomGenerator random) {
        History history = History.empty();
        for (int payment = 0; payment < 60; payment++) {
            String id = "p" + random.nextInt(20); // the same payment comes again, corrected
            history.put(
                    Billing.PAYMENTS,
                    id,
                    Payment.newBuilder()
                            .setPaymentId(id)
                            .setAmount(BigDecimal.valueOf(random.nextInt(5_000), 2))
                            .setPaidAt(Instant.parse("2026-03-01T09:00:00Z").plusSeconds(random.nextInt(500_000)))
                            .build());
        }
        return history;
    }
    // end::proof[]
}
