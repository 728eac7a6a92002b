package io.kappamesh.runtime;

import io.kappamesh.avro.SchemaRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.kafka.clients.admin.Admin;

/**
 * What the products of one process share.
 *
 * @param settings how to run
 * @param admin for questions to the brokers
 * @param registry where schemas stand
 * @param memory the bound on all state stores
 * @param meters where metrics are kept
 */
record Platform(
        Settings settings,
        Admin admin,
        SchemaRegistry registry,
        RocksDbMemory memory,
        PrometheusMeterRegistry meters)
        implements AutoCloseable {

    /** Connects lazily: nothing is asked of brokers and registry yet. */
    static Platform of(Settings settings, PrometheusMeterRegistry meters) {
        return new Platform(
                settings,
                Admin.create(settings.admin()),
                SchemaRegistry.connect(settings.registry()),
                new RocksDbMemory(settings.rocksdbMemoryBytes()),
                meters);
    }

    @Override
    public void close() {
        registry.close();
        admin.close();
        memory.close();
    }
}
