package org.example.billing;

import io.kappamesh.load.PortLoader;
import io.kappamesh.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;

/** The code of docs/load.md. */
final class LoadedTable {
    private LoadedTable() {}

    // tag::load[]
    /** Keeps the table {@code billing.daily_payments_v1} as the port is, until it is closed. */
    static PortLoader load(Settings settings, MeterRegistry meters) {
        return PortLoader.builder(settings, "billing.daily-payments.v1")
                .jdbc("jdbc:postgresql://localhost:5432/analytics")
                .user("loader")
                .meters(meters)
                .start();
    }
    // end::load[]
}
