package org.example.billing;

import io.kappamesh.connect.AvroKey;
import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.protobuf.ProtobufFormat;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.example.billing.payments.v1.Payment;
import org.example.gateway.PaymentReceived;

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

    // tag::csvpayments[]
    /** Lines that a bank drops: {@code 42;ACME;12,50;01.03.2026 10:00:00}. */
    static final SourcePort<Payment> BANK_PAYMENTS = SourcePort.table("billing.bank-payments.v1", Payment.class)
            .topic("bank-drop")
            .format(CsvFormat.csv()
                    .columns("paymentId", "", "amount", "paidAt")
                    .delimiter(';')
                    .decimalComma()
                    .timestamps("dd.MM.yyyy HH:mm:ss", ZoneId.of("Europe/Berlin")))
            .eventTime("paidAt")
            .key("paymentId")
            .describedAs("Payments as the bank lists them")
            .build();
    // end::csvpayments[]

    // tag::gatewaypayments[]
    /** Messages that a payment gateway sends: {@code PaymentReceived} is the class that protoc has generated. */
    static final SourcePort<Payment> GATEWAY_PAYMENTS = SourcePort.table("billing.gateway-payments.v1", Payment.class)
            .topic("gateway-payments")
            .format(ProtobufFormat.confluent(PaymentReceived.class).truncatingTimestamps())
            .eventTime("paidAt")
            .key("paymentId")
            .describedAs("Payments as the gateway reports them")
            .build();
    // end::gatewaypayments[]

    // tag::databasepayments[]
    /** A table of the shop's database, with keys and changes in Avro. */
    static final SourcePort<Payment> DATABASE_PAYMENTS = SourcePort.table("billing.database-payments.v1", Payment.class)
            .topic("shop.public.payments")
            .keys(AvroKey.of("payment_id"))
            .format(DebeziumFormat.avro().changedAt("paidAt").ignoring(DebeziumFormat.Message.TRUNCATE))
            .eventTime("paidAt")
            .key("paymentId")
            .describedAs("Payments as they are in the shop's database")
            .build();
    // end::databasepayments[]

    // tag::keylesspayments[]
    /** Facts without keys: the product takes the key from a field of the value. */
    static final EventSource<Payment> KEYLESS_PAYMENTS = SourcePort.events("billing.keyless-payments.v1", Payment.class)
            .topic("payments-log")
            .format(JsonFormat.json())
            .eventTime("paidAt")
            .describedAs("Payments as the gateway logs them")
            .build()
            .keyedBy("paymentId");
    // end::keylesspayments[]

    // tag::allpayments[]
    /** Payments of two countries, each in its own topic. */
    static final EventSource<Payment> ALL_PAYMENTS = SourcePort.events("billing.all-payments.v1", Payment.class)
            .topics("payments-de", "payments-fr")
            .format(JsonFormat.json())
            .eventTime("paidAt")
            .describedAs("Payments of all countries")
            .build();
    // end::allpayments[]

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
