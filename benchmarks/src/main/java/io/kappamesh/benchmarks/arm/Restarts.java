package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.PipelineWatch;
import io.kappamesh.benchmarks.measure.Sample;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesProducts;
import java.util.List;
import java.util.function.Predicate;

/** A product that is started again once it has replayed everything. Stateless. */
final class Restarts {
    private static final String STATE = "state";
    private static final String NO_STATE = "no-state";

    private Restarts() {}

    /** Its state is where it was. */
    static Measurement kept(Job job) throws InterruptedException {
        return restart(job, STATE);
    }

    /** Its state is gone, as on another machine. */
    static Measurement lost(Job job) throws InterruptedException {
        return restart(job, NO_STATE);
    }

    private static Measurement restart(Job job, String state) throws InterruptedException {
        try (MeshRuntime before = start(job, STATE)) {
            await(before, MeshPipeline::isThrough);
        }
        Sample begin = Sample.now();
        try (MeshRuntime again = start(job, state)) {
            await(again, status -> status.state() == ProductState.LIVE);
            return begin.until(Sample.now(), job.records());
        }
    }

    private static MeshRuntime start(Job job, String state) {
        return MeshPipeline.start(MeshPipeline.settings(job, state), List.of(SalesProducts.orders()));
    }

    private static void await(MeshRuntime runtime, Predicate<ProductStatus> reached) throws InterruptedException {
        PipelineWatch.await(
                () -> runtime.products().get(0).recordsIn(),
                () -> MeshPipeline.requireAlive(runtime),
                () -> reached.test(runtime.products().get(0)));
    }
}
