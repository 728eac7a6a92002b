package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.sales.SalesPorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The replay of {@code sales.orders} beside the same job on Apache Flink, which is in a module of its own. */
final class FlinkBench implements Benchmark {
    private static final String BY_HAND = "bench.orders";
    private static final Path MODULE = Path.of(System.getProperty("mesh.home", "."), "benchmarks", "flink", "target");

    @Override
    public String name() {
        return "flink";
    }

    @Override
    public String meaning() {
        return "sales.orders as in products, beside the same job on Apache Flink's DataStream API: one JVM, parallelism 1, an"
                + " exactly-once sink, clients tuned as ours. Measured from a third of the input until all of it is committed.";
    }

    @Override
    public boolean always() {
        return false;
    }

    @Override
    public List<Arm> arms() {
        return List.of(
                new Arm(
                        "orders-ours",
                        SalesPorts.ORDERS.address().topic(),
                        true,
                        "sales.orders; commits every half second while it replays"),
                new Arm("orders-tuned", BY_HAND, false, "plain Kafka Streams with our settings; commits every 5 s"),
                new Arm("orders-plain", BY_HAND, false, "plain Kafka Streams, its defaults; commits every 100 ms"),
                flink("flink-hashmap-5000", "Flink, state on the heap; checkpoints every 5 s"),
                flink("flink-rocksdb-5000", "Flink, state in RocksDB; incremental checkpoints every 5 s"),
                flink("flink-rocksdb-100", "Flink, state in RocksDB; incremental checkpoints every 100 ms"));
    }

    /** A program of the other module. Flink needs some of the JDK's classes opened, as its own scripts do. */
    private static Arm flink(String name, String meaning) {
        return new Arm(
                name,
                name,
                classPath(),
                List.of(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.time=ALL-UNNAMED"),
                BY_HAND,
                false,
                meaning);
    }

    private static String classPath() {
        if (!Files.exists(libraries())) {
            return "";
        }
        try {
            return MODULE.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(libraries()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path libraries() {
        return MODULE.resolve("classpath");
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(
                Ratio.perCpu("orders-ours", "flink-hashmap-5000", "≥ 1.5"),
                Ratio.perCpu("orders-ours", "flink-rocksdb-5000", "≥ 1.5"),
                Ratio.speed("orders-ours", "flink-hashmap-5000", ""),
                Ratio.speed("orders-ours", "flink-rocksdb-5000", ""),
                Ratio.perCpu("orders-tuned", "flink-rocksdb-5000", ""),
                Ratio.perCpu("orders-plain", "flink-rocksdb-100", ""),
                Ratio.speed("orders-plain", "flink-rocksdb-100", ""));
    }

    @Override
    public Session open(BenchOptions options) {
        if (!Files.exists(libraries())) {
            throw new BenchException("Flink's arms are not built in " + MODULE + "; ./mesh bench flink builds them");
        }
        return new OrdersSession(options);
    }
}
