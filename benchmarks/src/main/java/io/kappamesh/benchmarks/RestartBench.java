package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Column;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.sales.SalesPorts;
import java.util.List;

/** How long a product takes until it is live again. */
final class RestartBench implements Benchmark {
    private static final String KEPT = "restart-kept";
    private static final String LOST = "restart-lost";

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String meaning() {
        return "sales.orders has replayed everything, is closed and started again in the same JVM, with nothing new to read. Measured from the start until it is"
                + " live; a record is a key of its store.";
    }

    @Override
    public boolean always() {
        return false;
    }

    @Override
    public List<Arm> arms() {
        String output = SalesPorts.ORDERS.address().topic();
        return List.of(
                new Arm(KEPT, output, true, "its state is still there"),
                new Arm(LOST, output, true, "its state is restored from Kafka"));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(Ratio.of(Column.SECONDS, LOST, KEPT, ""), Ratio.cpu(LOST, KEPT, ""));
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.SECONDS, Column.SPEED, Column.PROCESSOR, Column.MEMORY);
    }

    @Override
    public Session open(BenchOptions options) {
        return new OrdersSession(options);
    }
}
