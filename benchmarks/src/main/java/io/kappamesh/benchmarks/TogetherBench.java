package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.generation.Generation;
import io.kappamesh.logistics.LogisticsPorts;
import io.kappamesh.logistics.LogisticsProducts;
import java.util.List;

/** A replay of both domains at once: what products that run beside one, and before it, leave to it. */
final class TogetherBench implements Benchmark {
    private static final String OUTPUT = LogisticsPorts.SHIPMENTS.address().topic();

    @Override
    public String name() {
        return "together";
    }

    @Override
    public String meaning() {
        return "A replay of logistics.shipments: orders and shipment events joined. Records are those that it reads, processor time is that of the whole"
                + " process, with all products that run in it. Measured from a third of its records until all of them are committed.";
    }

    @Override
    public List<Arm> arms() {
        return List.of(
                new Arm("shipments-alone", OUTPUT, true, "its orders were complete before it began"),
                new Arm(
                        "all-five",
                        OUTPUT,
                        true,
                        "the five products of both domains replay at once, in one process, one thread each"),
                new Arm(
                        "candidate",
                        new Generation(LogisticsProducts.shipments().product().name(), 2).shadowOf(OUTPUT),
                        true,
                        "a candidate of it, beside the three products of logistics, which have read everything"));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(
                Ratio.speed("all-five", "shipments-alone", "≥ 0.5"),
                Ratio.cpu("all-five", "shipments-alone", ""),
                Ratio.speed("candidate", "shipments-alone", ""));
    }

    @Override
    public Session open(BenchOptions options) {
        return new TogetherSession(options);
    }
}
