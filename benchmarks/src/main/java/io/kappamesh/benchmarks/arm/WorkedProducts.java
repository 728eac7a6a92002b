package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.PipelineWatch;
import io.kappamesh.benchmarks.measure.Sample;
import io.kappamesh.generation.Generation;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.logistics.LogisticsProducts;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesProducts;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The replay of {@code logistics.shipments}: with nothing beside it, with the four other products of both domains in the same process, or as a candidate beside what serves. Stateless. */
final class WorkedProducts {
    private static final StreamingProduct SHIPMENTS = LogisticsProducts.shipments();

    private WorkedProducts() {}

    /** The orders that it reads are complete before it begins, and their product has ended. */
    static Measurement alone(Job job) throws InterruptedException {
        try (MeshRuntime sales = start(job, "sales", List.of(SalesProducts.orders()))) {
            await(
                    () -> sales.products().get(0),
                    () -> MeshPipeline.isThrough(sales.products().get(0)),
                    sales);
        }
        try (MeshRuntime logistics = start(job, "logistics", List.of(SHIPMENTS))) {
            return measure(job, () -> shipments(logistics, 1), logistics);
        }
    }

    /** All five begin at once, each as soon as what it reads is there. */
    static Measurement allFive(Job job) throws InterruptedException {
        try (MeshRuntime sales = start(job, "sales", SalesProducts.all());
                MeshRuntime logistics = start(job, "logistics", LogisticsProducts.all())) {
            return measure(job, () -> shipments(logistics, 1), sales, logistics);
        }
    }

    /** What logistics reads is complete, and its three products have read it, before a candidate of one of them begins, which is measured. */
    static Measurement candidate(Job job) throws InterruptedException {
        try (MeshRuntime sales = start(job, "sales", SalesProducts.all())) {
            MeshPipeline.awaitThrough(sales, SalesProducts.all().size());
        }
        try (MeshRuntime logistics = start(job, "logistics", LogisticsProducts.all());
                Lifecycle lifecycle = Lifecycle.connect(MeshPipeline.settings(job))) {
            int products = LogisticsProducts.all().size();
            MeshPipeline.awaitThrough(logistics, products);
            lifecycle.replay(SHIPMENTS.product().name());
            PipelineWatch.await(
                    () -> 0,
                    () -> MeshPipeline.requireAlive(logistics),
                    () -> logistics.products().size() > products);
            return measure(job, () -> shipments(logistics, 2), logistics);
        }
    }

    private static MeshRuntime start(Job job, String domain, List<StreamingProduct> products) {
        return MeshPipeline.start(MeshPipeline.settings(job, domain), products);
    }

    private static Measurement measure(Job job, Supplier<ProductStatus> shipments, MeshRuntime... runtimes)
            throws InterruptedException {
        await(shipments, () -> shipments.get().recordsIn() >= job.warmUp(), runtimes);
        long already = shipments.get().recordsIn();
        Sample begin = Sample.now();
        await(
                shipments,
                () -> shipments.get().recordsIn() >= job.records() && MeshPipeline.isThrough(shipments.get()),
                runtimes);
        return begin.until(Sample.now(), job.records() - already);
    }

    private static ProductStatus shipments(MeshRuntime logistics, int generation) {
        Optional<Generation> wanted =
                Optional.of(new Generation(SHIPMENTS.product().name(), generation));
        return logistics.products().stream()
                .filter(status -> status.product().equals(SHIPMENTS.product().name())
                        && (status.generation().isEmpty()
                                ? generation == 1
                                : status.generation().equals(wanted)))
                .findFirst()
                .orElseThrow();
    }

    private static void await(Supplier<ProductStatus> product, BooleanSupplier reached, MeshRuntime... runtimes)
            throws InterruptedException {
        PipelineWatch.await(
                () -> product.get().recordsIn(),
                () -> Stream.of(runtimes).forEach(MeshPipeline::requireAlive),
                reached);
    }
}
