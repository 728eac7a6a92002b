package org.example.billing;

import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Properties;

// tag::embedded[]
/** A service that runs the billing product beside its other work. */
public final class EmbeddedBilling {
    private EmbeddedBilling() {}

    /** Returns at once. Close the result when the service stops; closing takes 35 seconds at most, even without brokers. */
    public static MeshRuntime start(Properties settings, MeterRegistry meters) {
        return MeshRuntime.builder(Billing.products())
                .meters(meters)
                .listener(status -> System.out.println(status.product() + " is " + status.state()))
                .start(Settings.of(settings));
    }
}
// end::embedded[]
