package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.sales.SalesPorts;
import java.util.List;

/** What more stream threads bring to one product. */
final class ThreadsBench implements Benchmark {
    @Override
    public String name() {
        return "threads";
    }

    @Override
    public String meaning() {
        return "A replay of sales.orders out of a source of four partitions, measured from a third of the input until all of it is committed.";
    }

    @Override
    public boolean always() {
        return false;
    }

    @Override
    public List<Arm> arms() {
        return List.of(threads(1), threads(2), threads(4));
    }

    private static Arm threads(int count) {
        return new Arm("orders-ours", SalesPorts.ORDERS.address().topic(), true, "")
                .with("-Dbench.mesh.threads=" + count)
                .named("threads-" + count, "mesh.threads=" + count);
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(
                Ratio.speed("threads-2", "threads-1", ""),
                Ratio.cpu("threads-2", "threads-1", ""),
                Ratio.speed("threads-4", "threads-1", ""),
                Ratio.cpu("threads-4", "threads-1", ""));
    }

    @Override
    public Session open(BenchOptions options) {
        return new OrdersSession(options);
    }
}
