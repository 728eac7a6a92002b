package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Column;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.sales.SalesPorts;
import java.util.ArrayList;
import java.util.List;

/** Live: how long it takes from an event until consumers read what came of it. */
final class LatencyBench implements Benchmark {
    private static final String BY_HAND = "bench.orders";
    private static final List<Integer> THOUSANDS_A_SECOND = List.of(1, 5, 20);
    private static final String RATE = "-%dk";
    /** Beside a replay the rate is the one in the middle. */
    private static final int REPLAYED = 5;

    private static final String REPLAY = "-replay";
    private static final String OURS = "orders-ours" + RATE.formatted(REPLAYED);
    private static final String THROTTLE = "-Dbench.mesh.candidate.records.per.second=10000";

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String meaning() {
        return "Order events come at a fixed rate, whatever becomes of them (an open loop). Measured from the time at which an event was"
                + " due to be written until a consumer of committed records had the order that came of it. 200,000 events at once, and the first third of"
                + " the others, warm up.";
    }

    @Override
    public List<Arm> arms() {
        List<Arm> arms = new ArrayList<>();
        for (int thousands : THOUSANDS_A_SECOND) {
            arms.add(new Arm("orders-plain", BY_HAND, false, "")
                    .named(
                            "orders-plain" + RATE.formatted(thousands),
                            "sales.orders by hand, default configuration, " + thousands + ",000 events/s"));
            arms.add(new Arm("orders-ours", SalesPorts.ORDERS.address().topic(), true, "")
                    .named("orders-ours" + RATE.formatted(thousands), "sales.orders, " + thousands + ",000 events/s"));
        }
        Arm served = new Arm("orders-ours", SalesPorts.ORDERS.address().topic(), true, "");
        arms.add(served.named(
                OURS + REPLAY, "the same while a candidate replays what came so far, in the same process"));
        arms.add(served.with(THROTTLE)
                .named(OURS + REPLAY + "-throttled", "the same while it replays 10,000 records a second"));
        return arms;
    }

    /** Whether a candidate replays beside it. */
    static boolean hasReplay(Arm arm) {
        return arm.name().contains(REPLAY);
    }

    /** Events a second. */
    static int rate(Arm arm) {
        return THOUSANDS_A_SECOND.stream()
                        .filter(thousands -> arm.name().contains(RATE.formatted(thousands)))
                        .findFirst()
                        .orElseThrow()
                * 1_000;
    }

    static int highestRate() {
        return THOUSANDS_A_SECOND.get(THOUSANDS_A_SECOND.size() - 1) * 1_000;
    }

    @Override
    public List<Ratio> ratios() {
        List<Ratio> ratios = new ArrayList<>();
        for (int thousands : THOUSANDS_A_SECOND) {
            ratios.add(Ratio.p99(
                    "orders-ours" + RATE.formatted(thousands), "orders-plain" + RATE.formatted(thousands), "≤ 1.0"));
        }
        ratios.add(Ratio.p99(OURS + REPLAY, OURS, "≤ 1.5"));
        ratios.add(Ratio.p99(OURS + REPLAY + "-throttled", OURS, "≤ 1.5"));
        return ratios;
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.P50, Column.P99, Column.P999, Column.PROCESSOR);
    }

    @Override
    public List<Ratio.Maker> measures() {
        return List.of(Ratio::p99, Ratio::cpu);
    }

    @Override
    public Session open(BenchOptions options) {
        return new LatencySession(options);
    }
}
