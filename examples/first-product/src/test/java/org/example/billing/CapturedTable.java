package org.example.billing;

import io.kappamesh.capture.PortCapture;
import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.json.JsonKey;
import io.kappamesh.settings.Settings;
import java.time.temporal.ChronoUnit;
import org.example.billing.payments.v1.Payment;

/** The code of docs/capture.md. */
final class CapturedTable {
    private CapturedTable() {}

    // tag::capturedport[]
    /** Rows of the shop's table of payments, which `mesh capture` writes. */
    static final SourcePort<Payment> PAYMENT_ROWS = SourcePort.table("billing.payment-rows.v1", Payment.class)
            .keys(JsonKey.of("payment_id"))
            .format(DebeziumFormat.json(
                    JsonFormat.json().epoch(ChronoUnit.MICROS).epochDays().timesOfDay(ChronoUnit.MICROS)))
            .eventTime("paidAt")
            .key("paymentId")
            .describedAs("Payments as they are in the shop's database")
            .build();
    // end::capturedport[]

    // tag::capture[]
    /** Captures the shop's payments until it is closed. */
    static PortCapture capture(Settings settings, String password) {
        return PortCapture.builder(settings, PAYMENT_ROWS.address().toString())
                .jdbc("jdbc:postgresql://localhost:5432/shop")
                .user("mesh")
                .password(password)
                .table("public.payments")
                .start();
    }
    // end::capture[]
}
