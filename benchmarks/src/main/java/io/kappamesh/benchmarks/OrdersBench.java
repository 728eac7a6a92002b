package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.PlacedOrders;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.sales.SalesPorts;
import java.util.List;

/** A replay of order events: without state, and with the latest order of each key in a store. */
final class OrdersBench implements Benchmark {
    private static final String BY_HAND = "bench.orders";

    @Override
    public String name() {
        return "products";
    }

    @Override
    public String meaning() {
        return "TPC-H order events (about 350 bytes) from a topic of four partitions to orders in another, exactly once, one stream"
                + " thread. Measured from a third of the input until all of it is committed; the first third warms up.";
    }

    @Override
    public List<Arm> arms() {
        return List.of(
                new Arm(
                        "ceiling",
                        BY_HAND,
                        false,
                        "plain consumer and transactional producer, Avro both ways, same business step, 100 ms"),
                new Arm("stateless-plain", BY_HAND, false, "plain Kafka Streams, default configuration"),
                new Arm("stateless-ours", PlacedOrders.PORT.address().topic(), true, "read, check, becomes, publish"),
                new Arm(
                        "orders-plain",
                        BY_HAND,
                        false,
                        "sales.orders by hand: plain Kafka Streams, RocksDB, no cache, default configuration"),
                new Arm(
                        "orders-tuned",
                        BY_HAND,
                        false,
                        "the same with our settings of Kafka Streams, clients and RocksDB"),
                new Arm("orders-ours", SalesPorts.ORDERS.address().topic(), true, "sales.orders"));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(
                Ratio.speed("stateless-ours", "ceiling", "≥ 0.8"),
                Ratio.speed("stateless-ours", "stateless-plain", ""),
                Ratio.speed("orders-ours", "orders-plain", "≥ 3"),
                Ratio.speed("orders-ours", "ceiling", "≥ 0.6"),
                Ratio.speed("orders-ours", "orders-tuned", "≥ 1.0"),
                Ratio.cpu("orders-ours", "orders-tuned", "≤ 1.0"));
    }

    @Override
    public Session open(BenchOptions options) {
        return new OrdersSession(options);
    }
}
