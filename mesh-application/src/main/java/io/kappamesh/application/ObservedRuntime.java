package io.kappamesh.application;

import io.kappamesh.http.HealthServer;
import io.kappamesh.runtime.FailurePolicy;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** A runtime that is stopped with the process, and whose health, metrics and status are served over HTTP until it has ended. */
final class ObservedRuntime implements AutoCloseable {
    private final HealthServer server;
    private final MeshRuntime runtime;

    private ObservedRuntime(HealthServer server, MeshRuntime runtime) {
        this.server = server;
        this.runtime = runtime;
    }

    /** @throws io.kappamesh.failure.StartupException as {@link MeshRuntime.Builder#start}, or when nothing can listen on the address */
    static ObservedRuntime start(Settings settings, MeshRuntime.Builder builder) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HealthServer server = HealthServer.start(settings, meters);
        try {
            MeshRuntime runtime =
                    builder.meters(meters).onFailure(FailurePolicy.STOP_ALL).start(settings);
            new ProcessorMetrics().bindTo(meters);
            new JvmMemoryMetrics().bindTo(meters);
            server.observe(runtime::products);
            Runtime.getRuntime().addShutdownHook(new Thread(runtime::close, "mesh-shutdown"));
            return new ObservedRuntime(server, runtime);
        } catch (RuntimeException refused) {
            server.close();
            throw refused;
        }
    }

    MeshRuntime runtime() {
        return runtime;
    }

    /** Idempotent. */
    @Override
    public void close() {
        runtime.close();
        server.close();
    }
}
