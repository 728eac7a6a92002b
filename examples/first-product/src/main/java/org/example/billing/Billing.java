package org.example.billing;

import io.kappamesh.application.MeshApplication;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;
import org.example.billing.dailypayments.v1.DailyPayments;
import org.example.billing.payments.v1.Payment;

// tag::product[]
/** The billing domain: one product, {@code billing.daily-payments}. */
public final class Billing {
    private Billing() {}

    /** A source port: a topic that billing owns and that something outside the mesh writes. */
    static final SourcePort<Payment> PAYMENTS = SourcePort.table("billing.payments.v1", Payment.class)
            .eventTime("paidAt")
            .key("paymentId")
            .describedAs("Payments as the bank reports them")
            .promises(
                    "amount-positive",
                    "a payment is more than zero",
                    payment -> payment.getAmount().signum() > 0)
            .build();

    /** An output port: a topic that anybody may read, with what billing promises about it. */
    static final OutputPort<DailyPayments> DAILY_PAYMENTS = OutputPort.table(
                    "billing.daily-payments.v1", DailyPayments.class)
            .eventTime("day")
            .key("day")
            .describedAs("Number and sum of the payments of each day")
            .build();

    /** All products of the domain. */
    public static List<StreamingProduct> products() {
        return List.of(dailyPayments());
    }

    /** The product: who owns it, what it reads and publishes, and its one topology. */
    static StreamingProduct dailyPayments() {
        return new StreamingProduct(
                DataProduct.named("billing.daily-payments")
                        .ownedBy("billing", "billing@example.org")
                        .describedAs("What is paid each day")
                        .reads(PAYMENTS)
                        .publishes(DAILY_PAYMENTS)
                        .build(),
                Billing::wire);
    }

    /** The topology: plain Kafka Streams between the ports, the same for history and live events. */
    private static void wire(Ports ports) {
        KTable<String, DailyPayments> days = ports.read(PAYMENTS)
                .table("payments")
                .groupBy(
                        (id, payment) -> KeyValue.pair(PaymentSteps.day(payment), PaymentSteps.contribution(payment)),
                        ports.grouped("payments-by-day", DailyPayments.class))
                .aggregate(
                        () -> null,
                        (day, payment, sum) -> PaymentSteps.plus(sum, payment),
                        (day, payment, sum) -> PaymentSteps.minus(sum, payment),
                        Named.as("sum-payments"),
                        ports.store("daily-payments", DailyPayments.class));
        ports.publish(DAILY_PAYMENTS, days.toStream(Named.as("day-changes")));
    }

    public static void main(String[] arguments) {
        System.exit(MeshApplication.of(products()).run(arguments, System.getenv()));
    }
}
// end::product[]
