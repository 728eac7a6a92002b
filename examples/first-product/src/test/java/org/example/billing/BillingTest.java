package org.example.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.testkit.ProductLint;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.example.billing.dailypayments.v1.DailyPayments;
import org.example.billing.payments.v1.Payment;
import org.junit.jupiter.api.Test;

class BillingTest {

    // tag::test[]
    @Test
    void correctedPaymentMovesToItsRightDay() {
        try (ProductDriver driver = ProductDriver.of(Billing.dailyPayments())) {
            driver.pipe(Billing.PAYMENTS, "p1", payment("p1", "10.00", "2026-03-01T09:00:00Z"));
            driver.pipe(Billing.PAYMENTS, "p2", payment("p2", "5.50", "2026-03-01T10:00:00Z"));

            driver.pipe(Billing.PAYMENTS, "p2", payment("p2", "5.05", "2026-02-28T23:59:00Z"));

            assertThat(driver.table(Billing.DAILY_PAYMENTS))
                    .containsEntry("2026-03-01", day("2026-03-01", 1, "10.00"))
                    .containsEntry("2026-02-28", day("2026-02-28", 1, "5.05"));
        }
    }

    @Test
    void paymentOfNothingGoesToDeadLetters() {
        try (ProductDriver driver = ProductDriver.of(Billing.dailyPayments())) {
            driver.pipe(Billing.PAYMENTS, "p1", payment("p1", "0.00", "2026-03-01T09:00:00Z"));

            assertThat(driver.records(Billing.DAILY_PAYMENTS)).isEmpty();
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.QUALITY);
        }
    }
    // end::test[]

    @Test
    void replayEqualsLiveAsFarAsCodeTells() {
        ProductLint.of(Billing.dailyPayments()).passes();
    }

    @Test
    void dayWithoutPaymentsIsDeleted() {
        try (ProductDriver driver = ProductDriver.of(Billing.dailyPayments())) {
            driver.pipe(Billing.PAYMENTS, "p1", payment("p1", "1.00", "2026-03-01T09:00:00Z"));

            driver.pipe(Billing.PAYMENTS, "p1", payment("p1", "1.00", "2026-03-02T09:00:00Z"));

            assertThat(driver.table(Billing.DAILY_PAYMENTS)).containsOnlyKeys("2026-03-02");
        }
    }

    static Payment payment(String id, String amount, String paidAt) {
        return Payment.newBuilder()
                .setPaymentId(id)
                .setAmount(new BigDecimal(amount))
                .setPaidAt(Instant.parse(paidAt))
                .build();
    }

    static DailyPayments day(String day, long payments, String paid) {
        return DailyPayments.newBuilder()
                .setDay(LocalDate.parse(day))
                .setPayments(payments)
                .setPaid(new BigDecimal(paid))
                .build();
    }
}
