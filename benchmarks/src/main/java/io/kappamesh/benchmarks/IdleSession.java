package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.IdlePrograms;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.OrderEvents;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesProducts;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Runs each arm on a source with a few events. */
final class IdleSession implements Benchmark.Session {
    /** 1,500 events: each partition has some. */
    private static final double SCALE = 0.001;

    private final BenchOptions options;
    private final BenchPlatform platform;

    IdleSession(BenchOptions options) {
        this.options = options;
        platform = BenchPlatform.start();
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        platform.clear(topic -> false);
        int count = IdleBench.count(arm);
        MeshRuntime.provision(platform.settings(), List.of(SalesProducts.orders()));
        if (IdleBench.isOurs(arm)) {
            MeshRuntime.provision(platform.settings(), IdlePrograms.products(count));
        } else {
            for (int number = 0; number < count; number++) {
                platform.createOutput("bench.idle-%02d".formatted(number));
            }
        }
        long events;
        try (SchemaRegistry schemas = SchemaRegistry.connect(platform.settings().registry())) {
            events = OrderEvents.load(platform.bootstrapServers(), schemas, SCALE)
                    .count();
        }
        return platform.run(arm, options, count, events);
    }

    @Override
    public void close() {
        platform.close();
    }
}
