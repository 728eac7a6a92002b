package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.PlacedOrders;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.OrderEvents;
import io.kappamesh.benchmarks.data.Rows;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.sales.SalesProducts;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Runs each arm on the same order events in the source of {@code sales}. */
final class OrdersSession implements Benchmark.Session {
    private final BenchOptions options;
    private final BenchPlatform platform;
    private Rows expected = Rows.NONE;

    OrdersSession(BenchOptions options) {
        this.options = options;
        platform = BenchPlatform.start();
    }

    @Override
    public void prepare() throws InterruptedException, ExecutionException {
        MeshRuntime.provision(platform.settings(), List.of(SalesProducts.orders(), PlacedOrders.product()));
        try (SchemaRegistry schemas = SchemaRegistry.connect(platform.settings().registry())) {
            expected = OrderEvents.load(platform.bootstrapServers(), schemas, options.scale());
        }
        clear();
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        if (!arm.ours()) {
            platform.createOutput(arm.output());
        }
        Measurement measurement = platform.run(arm, options, expected.count(), expected.count() / 3);
        platform.requireOutput(arm, expected);
        clear();
        return measurement;
    }

    private void clear() throws InterruptedException, ExecutionException {
        platform.clear(topic -> topic.equals(SalesPorts.ORDER_EVENTS.topic()));
    }

    @Override
    public void close() {
        platform.close();
    }
}
