package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.OrderEvents;
import io.kappamesh.benchmarks.data.Rows;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.OpenLoop;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesProducts;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs each arm on a source that is empty at first and then gets events at the arm's rate. */
final class LatencySession implements Benchmark.Session {
    private static final double SECONDS_AT_SCALE_1 = 200;
    private static final int FEWEST_SECONDS = 9;
    /** Twice what the hot path takes to be compiled for good. */
    private static final int BURST = 200_000;
    /** TPC-H has so many orders at scale 1; a little less, to be sure to have enough. */
    private static final double ORDERS_AT_SCALE_1 = 1_400_000;

    private final BenchOptions options;
    private final BenchPlatform platform;
    private final int seconds;
    private List<OrderEvents.Encoded> events = List.of();

    LatencySession(BenchOptions options) {
        this.options = options;
        seconds = Math.max(FEWEST_SECONDS, (int) (SECONDS_AT_SCALE_1 * options.scale()));
        platform = BenchPlatform.start();
    }

    private void provision() throws InterruptedException {
        MeshRuntime.provision(platform.settings(), List.of(SalesProducts.orders()));
    }

    @Override
    public void prepare() throws InterruptedException {
        provision();
        int count = LatencyBench.highestRate() * seconds + BURST;
        List<OrderEvents.Encoded> all = new ArrayList<>(count);
        try (SchemaRegistry schemas = SchemaRegistry.connect(platform.settings().registry())) {
            Iterator<OrderEvents.Encoded> encoded = OrderEvents.encoded(schemas, count / ORDERS_AT_SCALE_1);
            while (all.size() < count) {
                all.add(encoded.next());
            }
        }
        events = all;
    }

    @Override
    public Measurement run(Arm arm) throws Exception {
        platform.clear(topic -> false);
        provision();
        if (!arm.ours()) {
            platform.createOutput(arm.output());
        }
        int rate = LatencyBench.rate(arm);
        // A replay should have something to do for as long as it is measured.
        int burst = LatencyBench.hasReplay(arm) ? 2 * BURST : BURST;
        List<OrderEvents.Encoded> coming = events.subList(0, burst + rate * seconds);
        int warmUp = burst + rate * seconds / 3;
        Measurement measurement;
        CompletableFuture<Void> replay = CompletableFuture.completedFuture(null);
        try (OpenLoop loop = OpenLoop.start(platform.bootstrapServers(), arm.output(), coming, burst, rate)) {
            if (LatencyBench.hasReplay(arm)) {
                replay = loop.after(warmUp).thenRunAsync(this::replay);
            }
            measurement = platform.run(arm, options, coming.size(), warmUp);
            measurement = measurement.with(loop.awaitLatency(warmUp));
            replay.join();
        }
        Rows expected = Rows.NONE;
        for (OrderEvents.Encoded event : coming) {
            expected = event.after(expected);
        }
        platform.requireOutput(arm, expected);
        return measurement;
    }

    /** Begins a candidate generation, which the arm's process then runs beside the one that serves. */
    private void replay() {
        try (Lifecycle lifecycle = Lifecycle.connect(platform.settings())) {
            lifecycle.replay(SalesProducts.orders().product().name());
        }
    }

    @Override
    public void close() {
        platform.close();
    }
}
