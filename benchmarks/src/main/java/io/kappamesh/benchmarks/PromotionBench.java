package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Column;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.sales.SalesPorts;
import java.util.List;

/** How long nothing else is published while a candidate takes over. */
final class PromotionBench implements Benchmark {
    private static final String PROMOTE = "promote";
    private static final String ROLL_BACK = "roll-back";

    @Override
    public String name() {
        return "promotion";
    }

    @Override
    public String meaning() {
        return "A candidate of sales.orders has caught up with what serves, in the same process, and 1,000 order events a second come. Measured from the command until it is"
                + " done, and how long the pause in it was; a record is a key.";
    }

    @Override
    public boolean always() {
        return false;
    }

    @Override
    public List<Arm> arms() {
        String output = SalesPorts.ORDERS.address().topic();
        return List.of(
                new Arm(PROMOTE, output, true, "the candidate was verified, and is promoted"),
                new Arm(ROLL_BACK, output, true, "it was promoted, and the other one comes back at once"));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(Ratio.of(Column.SECONDS, ROLL_BACK, PROMOTE, ""));
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.SECONDS, Column.PAUSE, Column.PROCESSOR, Column.MEMORY);
    }

    @Override
    public List<Ratio.Maker> measures() {
        return List.of((of, to, goal) -> Ratio.of(Column.PAUSE, of, to, goal));
    }

    @Override
    public Session open(BenchOptions options) {
        return new PromotionSession(options);
    }
}
