package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.PlacedOrders;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import java.util.List;

/** What a source full of garbage costs: records that each claim a schema which nobody has registered. */
final class GarbageBench implements Benchmark {
    private static final String GARBAGE = "garbage";
    private static final String GOOD = "good";
    private static final String PROGRAM = "stateless-ours";

    @Override
    public String name() {
        return GARBAGE;
    }

    @Override
    public String meaning() {
        return "A product without state reads order events, or as long records of which each claims another schema id that the registry does not"
                + " know; each of these has to become a dead letter. Measured from a third of the input until all of it is committed.";
    }

    @Override
    public List<Arm> arms() {
        String output = PlacedOrders.PORT.address().topic();
        return List.of(
                new Arm(PROGRAM, output, true, "").named(GOOD, "order events"),
                new Arm(PROGRAM, output, true, "")
                        .named(GARBAGE, "one record for each ten of them, with ids that do not exist"));
    }

    /** Whether it reads garbage. */
    static boolean isGarbage(Arm arm) {
        return arm.name().startsWith(GARBAGE);
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(Ratio.speed(GARBAGE, GOOD, "≥ 0.5"), Ratio.cpu(GARBAGE, GOOD, ""));
    }

    @Override
    public Session open(BenchOptions options) {
        return new GarbageSession(options);
    }
}
