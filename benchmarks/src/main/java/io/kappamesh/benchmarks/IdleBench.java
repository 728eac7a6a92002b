package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Column;
import io.kappamesh.benchmarks.bench.Ratio;
import java.util.List;

/** What products cost that have nothing to do. */
final class IdleBench implements Benchmark {
    private static final String PLAIN = "plain-";
    private static final String OURS = "ours-";

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String meaning() {
        return "Programs in one process, each with a source of four partitions and a store, have read everything, and nothing comes. Watched for half a"
                + " minute; numbers are those of the whole process.";
    }

    @Override
    public boolean always() {
        return false;
    }

    @Override
    public List<Arm> arms() {
        return List.of(byHand(1), ours(1), byHand(10), ours(10), ours(50));
    }

    private static Arm byHand(int count) {
        return new Arm("idle-plain", "", false, "")
                .named(PLAIN + count, count + " × Kafka Streams by hand, default configuration");
    }

    private static Arm ours(int count) {
        return new Arm("idle-ours", "", true, "").named(OURS + count, "products: " + count);
    }

    static boolean isOurs(Arm arm) {
        return arm.name().startsWith(OURS);
    }

    /** How many programs it has. */
    static int count(Arm arm) {
        String count = arm.name().substring((isOurs(arm) ? OURS : PLAIN).length());
        return Integer.parseInt(count.replaceFirst("\\D.*", ""));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(
                Ratio.of(Column.LOAD, OURS + 1, PLAIN + 1, ""),
                Ratio.of(Column.LOAD, OURS + 10, PLAIN + 10, ""),
                Ratio.of(Column.REQUESTS, OURS + 10, PLAIN + 10, ""),
                Ratio.of(Column.THREADS, OURS + 10, PLAIN + 10, ""),
                Ratio.of(Column.CONNECTIONS, OURS + 10, PLAIN + 10, ""),
                Ratio.of(Column.LOAD, OURS + 50, OURS + 10, ""));
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.LOAD, Column.THREADS, Column.CONNECTIONS, Column.REQUESTS, Column.MEMORY);
    }

    @Override
    public List<Ratio.Maker> measures() {
        return List.of((of, to, goal) -> Ratio.of(Column.LOAD, of, to, goal));
    }

    @Override
    public Session open(BenchOptions options) {
        return new IdleSession(options);
    }
}
