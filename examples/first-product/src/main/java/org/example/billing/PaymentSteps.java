package org.example.billing;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import org.example.billing.dailypayments.v1.DailyPayments;
import org.example.billing.payments.v1.Payment;

// tag::steps[]
/** The business, free of Kafka. What is added for a payment can be taken away exactly when the payment is corrected. */
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
        return sum == null
                ? one
                : total(
                        sum,
                        sum.getPayments() + one.getPayments(),
                        sum.getPaid().add(one.getPaid()));
    }

    static DailyPayments minus(DailyPayments sum, DailyPayments one) {
        long left = sum.getPayments() - one.getPayments();
        return left == 0 ? null : total(sum, left, sum.getPaid().subtract(one.getPaid()));
    }

    private static DailyPayments total(DailyPayments day, long payments, BigDecimal paid) {
        return DailyPayments.newBuilder(day).setPayments(payments).setPaid(paid).build();
    }
}
// end::steps[]
