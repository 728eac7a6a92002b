package io.kappamesh.spring;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.observe.Health;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.query.PublishedTable;
import io.kappamesh.query.TableNotReadyException;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The data products of a service. They start when everything else in the context has started, and stop before anything else stops:
 * within 35 s, whatever brokers do. Set {@code spring.lifecycle.timeout-per-shutdown-phase} to more than that. Thread-safe.
 */
public final class MeshProducts implements SmartLifecycle {
    private final Supplier<Settings> settings;
    private final List<StreamingProduct> products;
    private final @Nullable MeterRegistry meters;
    private volatile @Nullable MeshRuntime runtime;

    MeshProducts(Supplier<Settings> settings, List<StreamingProduct> products, @Nullable MeterRegistry meters) {
        this.settings = settings;
        this.products = List.copyOf(products);
        this.meters = meters;
    }

    /** @throws io.kappamesh.failure.StartupException as {@link MeshRuntime.Builder#start} */
    @Override
    public synchronized void start() {
        if (runtime == null && !products.isEmpty()) {
            runtime = MeshRuntime.builder(products)
                    .meters(meters == null ? Metrics.globalRegistry : meters)
                    .start(settings.get());
        }
    }

    @Override
    public synchronized void stop() {
        MeshRuntime running = runtime;
        if (running != null) {
            running.close();
            runtime = null;
        }
    }

    @Override
    public boolean isRunning() {
        return runtime != null;
    }

    /** What runs; there is nothing to close, the context does that. */
    public MeshRuntime runtime() {
        MeshRuntime running = runtime;
        if (running == null) {
            throw new IllegalStateException(
                    "the products do not run: the application context has not started, or has stopped");
        }
        return running;
    }

    /**
     * Read-only queries of a table that a product of this service publishes.
     *
     * @param port declared as {@link OutputPort#queryable()}
     * @throws IllegalArgumentException when it is not, or no product of this service publishes it
     * @throws TableNotReadyException when the application context has not started, or has stopped
     */
    public <V extends IndexedRecord> PublishedTable<V> table(OutputPort<V> port) {
        MeshRuntime running = runtime;
        if (running == null) {
            throw new TableNotReadyException(port.address() + ": the service starts or stops");
        }
        return running.table(port);
    }

    /** Each generation that runs here, and each serving one that runs elsewhere; empty before the start and after the stop. */
    public List<ProductStatus> status() {
        MeshRuntime running = runtime;
        return running == null ? List.of() : running.products();
    }

    /** Whether all products are well enough to go on; true where there is none. */
    public boolean isLive() {
        return products.isEmpty() || Health.of(status()).isLive();
    }

    /** Whether the serving generation of every product is worked on, here or elsewhere; true where there is no product. */
    public boolean isReady() {
        return products.isEmpty() || Health.of(status()).isReady();
    }
}
