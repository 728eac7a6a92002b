package org.example.billing;

import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.ingest.IngestReport;
import io.kappamesh.ingest.PortIngest;
import io.kappamesh.settings.Settings;
import org.example.billing.payments.v1.Payment;

/** The code of docs/ingest.md. */
final class IngestedArchive {
    private IngestedArchive() {}

    // tag::ingest[]
    /** Brings the bank's archive in; may be run again and again. */
    static IngestReport ingest(Settings settings) throws InterruptedException {
        try (PortIngest<Payment> ingest = PortIngest.builder(
                        settings, Billing.dailyPayments().product().name(), Billing.PAYMENTS)
                .files("archive/payments-*.csv.gz")
                .format(ArchiveFormat.csv(CsvFormat.csv().delimiter(';').decimalComma())
                        .column("payment_id", "paymentId"))
                .throttle(20_000)
                .build()) {
            return ingest.run();
        }
    }
    // end::ingest[]
}
