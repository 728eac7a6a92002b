package io.kappamesh.load;

import io.kappamesh.columns.Declaration;
import io.kappamesh.columns.Identifiers;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.postgres.Target;
import io.kappamesh.postgres.WriteStep;
import io.kappamesh.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a port is loaded.
 *
 * @param settings of the platform
 * @param address of the port
 * @param name of the load: the address, or that of its shadow
 * @param target where the tables are
 * @param table that holds the port
 * @param view empty = none
 * @param children which fields have child tables
 * @param batching when batches are written
 * @param lease for how long a loader may not be heard of before another one takes over
 * @param acceptsGap whether records that were deleted before they were loaded are passed over
 * @param meters to which it reports
 * @param steps is told of each step of writing
 */
record LoadOptions(
        Settings settings,
        PortAddress address,
        String name,
        Target target,
        String table,
        Optional<View> view,
        Declaration children,
        Batching batching,
        Duration lease,
        boolean acceptsGap,
        MeterRegistry meters,
        Consumer<WriteStep> steps) {

    /**
     * A view of the table under a name that stays.
     *
     * @param takesOver whether it is taken from another port that has it
     */
    record View(String name, boolean takesOver) {}

    /**
     * When a batch is written: as soon as one of them is reached.
     *
     * @param bytes about how much memory it takes
     * @param records of it
     * @param interval since its first record
     */
    record Batching(long bytes, int records, Duration interval) {}

    /**
     * The same port, loaded beside what is there.
     *
     * @param loaded fields whose elements have tables now
     */
    LoadOptions shadow(List<String> loaded) {
        return new LoadOptions(
                settings,
                address,
                name + " (reload)",
                target,
                Identifiers.limited("_mesh_reload_" + table, table),
                Optional.empty(),
                Declaration.of(children.orElse(loaded)),
                batching,
                lease,
                acceptsGap,
                meters,
                steps);
    }

    /** What to run to build the table again. */
    String reload() {
        return "mesh reload " + address;
    }
}
