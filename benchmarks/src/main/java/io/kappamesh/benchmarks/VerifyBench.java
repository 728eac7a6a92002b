package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.Generations;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import java.util.List;

/** A candidate of {@code sales.orders} beside what serves. */
final class VerifyBench implements Benchmark {
    private static final String PLAIN = "read-plain";
    private static final String READ = "verify-read";
    private static final String COMPARE = "verify-compare";

    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String meaning() {
        return "Two generations of sales.orders that say the same, in four partitions each. A first third warms up. A record is one of"
                + " either generation where it is read, and one key where generations are compared.";
    }

    @Override
    public List<Arm> arms() {
        String output = Generations.SHADOW;
        return List.of(
                new Arm(PLAIN, output, false, "Kafka's plain consumer reads both, and forgets what it has read"),
                new Arm(READ, output, true, "`verify` reads both"),
                new Arm(COMPARE, output, true, "`verify` compares what it has read, key by key"));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(Ratio.speed(READ, PLAIN, ""), Ratio.speed(COMPARE, PLAIN, ""));
    }

    @Override
    public Session open(BenchOptions options) {
        return new VerifySession(options);
    }
}
