package io.kappamesh.platform;

import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.control.ControlView;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.inputs.InputEnds;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.store.KeyFilterMemory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/**
 * What the products of one process share.
 *
 * @param settings how to run
 * @param products how many products share it, at least 1
 * @param state where local state is kept
 * @param admin for questions to the brokers
 * @param registry where schemas stand
 * @param memory the bound on all state stores
 * @param filters the bound on what their key filters take
 * @param meters where metrics are kept
 * @param observations where the processing of records is observed
 * @param control follows the control topics of the products that run
 * @param ends asks where the inputs of the products end
 */
public record Platform(
        Settings settings,
        int products,
        StateDirectory state,
        Admin admin,
        SchemaRegistry registry,
        RocksDbMemory memory,
        KeyFilterMemory filters,
        MeterRegistry meters,
        ObservationRegistry observations,
        ControlView control,
        InputEnds ends)
        implements AutoCloseable {

    /** How long a question that is still open holds up the end: brokers that are away would take a minute to time out. */
    private static final Duration FOR_ANSWERS = Duration.ofSeconds(2);

    /**
     * Connects lazily: nothing is asked of brokers and registry yet.
     *
     * @throws StartupException {@link ExitCode#CONFIGURATION} when the directory for local state cannot be made
     */
    public static Platform of(Settings settings, int products, MeterRegistry meters, ObservationRegistry observations) {
        StateDirectory state = StateDirectory.in(settings.stateDir());
        Admin admin = LazyAdmin.of(settings.admin());
        return new Platform(
                settings,
                Math.max(1, products),
                state,
                admin,
                SchemaRegistry.connect(settings.registry()),
                new RocksDbMemory(settings.rocksdbMemoryBytes()),
                KeyFilterMemory.ofHeap(),
                meters,
                observations,
                ControlView.open(admin, settings.client()),
                InputEnds.asking(admin));
    }

    /** The part of the record cache that each product may use, in bytes. */
    public long cacheBytesPerProduct() {
        return settings.cacheBytes() / products;
    }

    @Override
    public void close() {
        ends.close();
        control.close();
        registry.close();
        admin.close(FOR_ANSWERS);
        memory.close();
    }
}
