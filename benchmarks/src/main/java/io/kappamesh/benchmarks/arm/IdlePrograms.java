package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.measure.Footprint;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.benchmarks.measure.PipelineWatch;
import io.kappamesh.benchmarks.measure.Sample;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.topology.StreamingProduct;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.streams.kstream.KTable;

/** Programs that have read everything and wait for more, in one process: as many as the job has records. Stateless. */
public final class IdlePrograms {
    /** What a start leaves to be done: connections that are closed again, leaders that are asked once more. */
    private static final long SETTLE_SECONDS = 20;

    private static final long WATCHED_SECONDS = 30;

    private IdlePrograms() {}

    /** Products of one domain, each the latest order of each key in a store and a port of its own. */
    public static List<StreamingProduct> products(int count) {
        return IntStream.range(0, count).mapToObj(IdlePrograms::product).toList();
    }

    private static StreamingProduct product(int number) {
        OutputPort<Order> port = OutputPort.table("sales.idle-%02d.v1".formatted(number), Order.class)
                .eventTime("placedAt")
                .key("orderId")
                .describedAs("Orders as they are placed")
                .build();
        return new StreamingProduct(
                DataProduct.named("sales.idle-%02d".formatted(number))
                        .ownedBy("sales", "sales@example.org")
                        .describedAs("Orders as they are placed")
                        .reads(SalesPorts.ORDER_EVENTS)
                        .publishes(port)
                        .build(),
                ports -> {
                    KTable<String, Order> latest =
                            ports.read(SalesPorts.ORDER_EVENTS).becomes(port, OrderSteps::order).stream()
                                    .groupByKey(ports.grouped("placed-orders", Order.class))
                                    .reduce(
                                            OrderSteps::later,
                                            ports.store("orders", Order.class).withCachingDisabled());
                    ports.publish(port, latest.toStream());
                });
    }

    static Measurement products(Job job) throws InterruptedException {
        int count = (int) job.records();
        try (MeshRuntime runtime = MeshPipeline.start(MeshPipeline.settings(job), products(count))) {
            PipelineWatch.await(
                    // Many products take minutes to make their topics before they read anything.
                    () -> runtime.products().stream()
                            .mapToLong(one -> one.recordsIn() + (one.state().isReady() ? 1 : 0))
                            .sum(),
                    () -> MeshPipeline.requireAlive(runtime),
                    () -> runtime.products().stream().allMatch(MeshPipeline::isThrough));
            return watch(count);
        }
    }

    /** The same by hand, each a Kafka Streams with its defaults. */
    static Measurement byHand(Job job) throws InterruptedException {
        int count = (int) job.records();
        List<Pipeline> pipelines = new ArrayList<>();
        try {
            for (int number = 0; number < count; number++) {
                pipelines.add(HandMade.start(job, "bench.idle-%02d".formatted(number), true, false));
            }
            PipelineWatch.await(
                    () -> pipelines.stream().mapToLong(Pipeline::taken).sum(),
                    () -> pipelines.forEach(Pipeline::requireAlive),
                    () -> pipelines.stream().allMatch(one -> one.taken() >= job.warmUp()));
            return watch(count);
        } finally {
            pipelines.forEach(Pipeline::close);
        }
    }

    private static Measurement watch(int count) throws InterruptedException {
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        double requests = Footprint.requests();
        Sample begin = Sample.now();
        TimeUnit.SECONDS.sleep(WATCHED_SECONDS);
        Measurement measurement = begin.until(Sample.now(), count);
        return measurement.with(Footprint.now((Footprint.requests() - requests) / measurement.seconds()));
    }
}
