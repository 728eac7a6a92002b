package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.data.RepeatedEvents;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.Sample;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.cut.Progress;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Promotion;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.sales.SalesProducts;
import io.kappamesh.settings.Settings;
import java.util.List;
import java.util.OptionalInt;

/** A candidate of {@code sales.orders} that takes over while events come. Stateless. */
final class Promotions {
    private static final int EVENTS_PER_SECOND = 1_000;

    private Promotions() {}

    /** It is promoted. */
    static Measurement promote(Job job) throws InterruptedException {
        return exchange(job, false);
    }

    /** It was promoted, and what served before comes back. */
    static Measurement rollBack(Job job) throws InterruptedException {
        return exchange(job, true);
    }

    private static Measurement exchange(Job job, boolean back) throws InterruptedException {
        Settings settings = MeshPipeline.settings(job);
        ProductName product = SalesProducts.orders().product().name();
        try (MeshRuntime runtime = MeshPipeline.start(settings, List.of(SalesProducts.orders()));
                Lifecycle lifecycle = Lifecycle.connect(settings)) {
            MeshPipeline.awaitThrough(runtime, 1);
            lifecycle.replay(product);
            MeshPipeline.awaitThrough(runtime, 2);
            try (RepeatedEvents events =
                    RepeatedEvents.start(job.bootstrapServers(), SalesPorts.ORDER_EVENTS.topic(), EVENTS_PER_SECOND)) {
                Verification found = lifecycle.verify(product, OptionalInt.empty(), List.of(), Progress.SILENT);
                if (!found.agrees()) {
                    throw new IllegalStateException("the generations differ: " + found);
                }
                Sample begin = Sample.now();
                Promotion done = lifecycle.promote(product, OptionalInt.empty(), false, Progress.SILENT);
                if (back) {
                    begin = Sample.now();
                    done = lifecycle.rollback(product, Progress.SILENT);
                }
                Measurement whole = begin.until(Sample.now(), job.records());
                events.requireAll();
                return whole.withPause(done.quiet().toNanos() / 1e9);
            }
        }
    }
}
