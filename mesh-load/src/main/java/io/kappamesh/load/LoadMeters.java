package io.kappamesh.load;

import io.kappamesh.postgres.BatchWriter.Written;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a loader has done, for {@link LoadProgress} and as meters with the tag {@code port}. Only what is committed counts. Thread-safe.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><td>{@code mesh.load.records}</td><td>records loaded, counted up</td></tr>
 *   <tr><td>{@code mesh.load.rows}, tag {@code change}: {@code upsert}, {@code delete}</td><td>rows changed, counted up</td></tr>
 *   <tr><td>{@code mesh.load.dead.letters}</td><td>records that PostgreSQL cannot hold, counted up</td></tr>
 *   <tr><td>{@code mesh.load.batch}</td><td>how long writing a batch took</td></tr>
 *   <tr><td>{@code mesh.load.lag.records}</td><td>offsets between what is committed in the topic and what is loaded; NaN = not known</td></tr>
 *   <tr><td>{@code mesh.load.owner}</td><td>1 = it owns the table, 0 = it does not</td></tr>
 * </table>
 */
final class LoadMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();
    private final Counter records;
    private final Counter upserted;
    private final Counter deleted;
    private final Counter refused;
    private final Timer batches;
    private final AtomicLong lag = new AtomicLong(-1);
    private final AtomicLong allRecords = new AtomicLong();
    private final AtomicLong allUpserted = new AtomicLong();
    private final AtomicLong allDeleted = new AtomicLong();
    private final AtomicLong allRefused = new AtomicLong();
    private volatile LoadProgress.Phase phase = LoadProgress.Phase.STARTING;
    private volatile Optional<String> trouble = Optional.empty();

    LoadMeters(String port, MeterRegistry registry) {
        this.registry = registry;
        Tags tags = Tags.of("port", port);
        records = kept(Counter.builder("mesh.load.records")
                .tags(tags)
                .description("Records loaded")
                .register(registry));
        upserted = rows(tags, "upsert");
        deleted = rows(tags, "delete");
        refused = kept(Counter.builder("mesh.load.dead.letters")
                .tags(tags)
                .description("Records that PostgreSQL cannot hold")
                .register(registry));
        batches = kept(Timer.builder("mesh.load.batch")
                .tags(tags)
                .description("How long writing a batch takes")
                .register(registry));
        kept(Gauge.builder("mesh.load.lag.records", lag, at -> at.get() < 0 ? Double.NaN : at.get())
                .tags(tags)
                .description("Offsets that are committed in the topic and not loaded")
                .register(registry));
        kept(Gauge.builder("mesh.load.owner", this, at -> at.phase == LoadProgress.Phase.LOADING ? 1 : 0)
                .tags(tags)
                .description("Whether this loader owns the table")
                .register(registry));
    }

    private Counter rows(Tags tags, String change) {
        return kept(Counter.builder("mesh.load.rows")
                .tags(tags.and("change", change))
                .description("Rows changed")
                .register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }

    void committed(long number, Written written, Duration took) {
        records.increment((double) number);
        upserted.increment((double) written.upserted());
        deleted.increment((double) written.deleted());
        refused.increment((double) written.refused());
        batches.record(took);
        allRecords.addAndGet(number);
        allUpserted.addAndGet(written.upserted());
        allDeleted.addAndGet(written.deleted());
        allRefused.addAndGet(written.refused());
    }

    void lag(long offsets) {
        lag.set(offsets);
    }

    void phase(LoadProgress.Phase now) {
        phase = now;
        trouble = Optional.empty();
    }

    /** What was waited for while it loaded is there again. */
    void goesOn() {
        if (phase == LoadProgress.Phase.WAITING) {
            phase(LoadProgress.Phase.LOADING);
        }
    }

    void waiting(String why) {
        phase = LoadProgress.Phase.WAITING;
        trouble = Optional.of(why);
    }

    LoadProgress progress() {
        return new LoadProgress(
                phase, allRecords.get(), allUpserted.get(), allDeleted.get(), allRefused.get(), lag.get(), trouble);
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
