package org.example.billing;

import io.kappamesh.runtime.MeshRuntime;

/** Answers out of the published table. */
final class PaidDays {
    private PaidDays() {}

    // tag::asked[]
    /** What was paid on a day, or the address of the process that knows. */
    static String paidOn(MeshRuntime runtime, String day) {
        return runtime.table(Billing.DAILY_PAYMENTS)
                .get(day)
                .fold(
                        row -> row.map(found -> found.getPaid().toString()).orElse("nothing"),
                        server -> "ask " + server.host() + ":" + server.port());
    }
    // end::asked[]
}
