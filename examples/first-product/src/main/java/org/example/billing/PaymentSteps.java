package org.example.billing;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import org.example.billing.dailypayments.v1.DailyPayments;
import org.example.billing.payments.v1.Payment;

// tag::steps[]
/** The calculation, without Kafka. Adding a payment and subtracting it undo each other, so that a correction leaves no trace. */
final class PaymentSteps {
    private PaymentSteps() {}

    static String day(Payment payment) {
        return payment.getPaidAt().atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    static DailyPayments contribution(Payment payment) {
        return DailyPayments.newBuilder()
                .setDay(payment.getPaidAt().atZone(ZoneOffset.UTC).toLocalDate())
                .setPayments(1)
                .setPaid(payment.getAmount())
                .build();
    }

    static DailyPayments plus(DailyPayments sum, DailyPayments one) {
        return sum == null ? one : sum(sum, one.getPayments(), one.getPaid());
    }

    static DailyPayments minus(DailyPayments sum, DailyPayments one) {
        boolean isLast = sum.getPayments() == one.getPayments();
        return isLast ? null : sum(sum, -one.getPayments(), one.getPaid().negate());
    }

    private static DailyPayments sum(DailyPayments day, long payments, BigDecimal paid) {
        return DailyPayments.newBuilder(day)
                .setPayments(day.getPayments() + payments)
                .setPaid(day.getPaid().add(paid))
                .build();
    }
}
// end::steps[]
