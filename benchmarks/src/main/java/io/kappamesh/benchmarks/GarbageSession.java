package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.PlacedOrders;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.data.OrderEvents;
import io.kappamesh.benchmarks.data.Rows;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Runs each arm on a source that holds what it is to read. */
final class GarbageSession implements Benchmark.Session {
    private static final long EVENTS_FOR_EACH = 10;

    private final BenchOptions options;
    private final BenchPlatform platform;

    GarbageSession(BenchOptions options) {
        this.options = options;
        platform = BenchPlatform.start();
    }

    @Override
    public void prepare() {
        // Each arm has an input of its own.
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        platform.clear(topic -> false);
        MeshRuntime.provision(platform.settings(), List.of(PlacedOrders.product()));
        Rows expected;
        try (SchemaRegistry schemas = SchemaRegistry.connect(platform.settings().registry())) {
            expected = GarbageBench.isGarbage(arm)
                    ? OrderEvents.loadWithoutSchemas(
                            platform.bootstrapServers(), schemas, options.scale() / EVENTS_FOR_EACH)
                    : OrderEvents.load(platform.bootstrapServers(), schemas, options.scale());
        }
        Measurement measurement = platform.run(arm, options, expected.count(), expected.count() / 3);
        if (GarbageBench.isGarbage(arm)) {
            requireDeadLetters(expected);
        } else {
            platform.requireOutput(arm, expected);
        }
        return measurement;
    }

    private void requireDeadLetters(Rows expected) {
        Rows found = Rows.wholeOf(
                platform.bootstrapServers(),
                PlacedOrders.product().product().name().deadLetterTopic());
        if (!found.equals(expected)) {
            throw new BenchException(
                    "there are other dead letters than records were written: " + found + " in place of " + expected);
        }
    }

    @Override
    public void close() {
        platform.close();
    }
}
