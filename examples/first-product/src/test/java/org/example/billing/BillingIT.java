package org.example.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.example.billing.BillingTest.day;
import static org.example.billing.BillingTest.payment;

import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.topology.StreamingProduct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BillingIT {
    // tag::localmesh[]
    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void aReplayPublishesTheSameDays() {
        StreamingProduct product = Billing.dailyPayments();
        mesh.provision(product);
        mesh.write(Billing.PAYMENTS, "p1", payment("p1", "10.00", "2026-03-01T09:00:00Z"));
        mesh.write(Billing.PAYMENTS, "p1", payment("p1", "9.00", "2026-03-02T09:00:00Z"));

        try (MeshRuntime running = mesh.run(product)) {
            mesh.prove(product.product());

            assertThat(running.health().isReady()).isTrue();
            assertThat(mesh.table(Billing.DAILY_PAYMENTS))
                    .containsOnlyKeys("2026-03-02")
                    .containsEntry("2026-03-02", day("2026-03-02", 1, "9.00"));
        }
    }
    // end::localmesh[]
}
