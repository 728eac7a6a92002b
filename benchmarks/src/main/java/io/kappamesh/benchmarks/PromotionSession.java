package io.kappamesh.benchmarks;

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

/** Runs each arm on order events that are written anew, because arms write some of them once more. */
final class PromotionSession implements Benchmark.Session {
    private final BenchOptions options;
    private final BenchPlatform platform;

    PromotionSession(BenchOptions options) {
        this.options = options;
        platform = BenchPlatform.start();
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        platform.clear(topic -> false);
        MeshRuntime.provision(platform.settings(), List.of(SalesProducts.orders()));
        Rows expected;
        try (SchemaRegistry schemas = SchemaRegistry.connect(platform.settings().registry())) {
            expected = OrderEvents.load(platform.bootstrapServers(), schemas, options.scale());
        }
        Measurement measurement = platform.run(arm, options, expected.count(), 0);
        platform.requireTable(arm, expected);
        return measurement;
    }

    @Override
    public void close() {
        platform.close();
    }
}
