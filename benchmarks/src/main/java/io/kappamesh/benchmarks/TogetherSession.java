package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.data.OrderEvents;
import io.kappamesh.benchmarks.data.Rows;
import io.kappamesh.benchmarks.data.ShipmentEvents;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.logistics.LogisticsPorts;
import io.kappamesh.logistics.LogisticsProducts;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.sales.SalesProducts;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Runs each arm on the same events in the sources of both domains. */
final class TogetherSession implements Benchmark.Session {
    private static final Set<String> SOURCES =
            Set.of(SalesPorts.ORDER_EVENTS.topic(), LogisticsPorts.SHIPMENT_EVENTS.topic());

    private final BenchOptions options;
    private final BenchPlatform platform;
    private long records;
    private long lines;
    private Rows first = Rows.NONE;

    TogetherSession(BenchOptions options) {
        this.options = options;
        platform = BenchPlatform.start();
    }

    @Override
    public void prepare() throws InterruptedException, ExecutionException {
        MeshRuntime.provision(platform.settings(), SalesProducts.all());
        MeshRuntime.provision(platform.settings(), LogisticsProducts.all());
        try (SchemaRegistry schemas = SchemaRegistry.connect(platform.settings().registry())) {
            long events = ShipmentEvents.load(platform.bootstrapServers(), schemas, options.scale());
            records = events
                    + OrderEvents.load(platform.bootstrapServers(), schemas, options.scale())
                            .count();
            lines = events / 2;
        }
        clear();
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        Measurement measurement = platform.run(arm, options, records, records / 3);
        requireShipments(arm);
        clear();
        return measurement;
    }

    /** There has to be one for each order line; and the same ones in each run. */
    private void requireShipments(Arm arm) {
        Rows found = Rows.latestOf(platform.bootstrapServers(), arm.output());
        if (found.count() != lines) {
            throw new BenchException("arm " + arm.name() + " has " + found.count() + " shipments in place of " + lines);
        }
        if (first.equals(Rows.NONE)) {
            first = found;
        }
        if (!found.equals(first)) {
            throw new BenchException("arm " + arm.name() + " has other shipments than the first run: " + found
                    + " in place of " + first);
        }
    }

    private void clear() throws InterruptedException, ExecutionException {
        platform.clear(SOURCES::contains);
    }

    @Override
    public void close() {
        platform.close();
    }
}
