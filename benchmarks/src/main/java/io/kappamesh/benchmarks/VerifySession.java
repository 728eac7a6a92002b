package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.Generations;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.OrderEvents;
import io.kappamesh.benchmarks.data.Rows;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesProducts;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Runs each arm on the same two generations. */
final class VerifySession implements Benchmark.Session {
    private final BenchOptions options;
    private final BenchPlatform platform;
    private Rows orders = Rows.NONE;

    VerifySession(BenchOptions options) {
        this.options = options;
        platform = BenchPlatform.start();
    }

    @Override
    public void prepare() throws InterruptedException, ExecutionException {
        MeshRuntime.provision(platform.settings(), List.of(SalesProducts.orders()));
        platform.createOutput(Generations.SHADOW);
        try (SchemaRegistry schemas = SchemaRegistry.connect(platform.settings().registry())) {
            orders = OrderEvents.loadOrders(
                    platform.bootstrapServers(), schemas, options.scale(), Generations.PORT, Generations.SHADOW);
        }
    }

    @Override
    public Measurement run(Arm arm) {
        Measurement measurement = platform.run(arm, options, orders.count(), orders.count() / 3);
        platform.requireOutput(arm, orders);
        return measurement;
    }

    @Override
    public void close() {
        platform.close();
    }
}
