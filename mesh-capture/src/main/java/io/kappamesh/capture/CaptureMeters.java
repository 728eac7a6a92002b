package io.kappamesh.capture;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a capture has done, for {@link CaptureProgress} and as meters with the tag {@code port}. Only what is committed counts. Thread-safe.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><td>{@code mesh.capture.rows}, tag {@code change}: {@code snapshot}, {@code change}, {@code delete}</td><td>rows written, counted up</td></tr>
 *   <tr><td>{@code mesh.capture.again}</td><td>changes that PostgreSQL sent again and that were not written again, counted up</td></tr>
 *   <tr><td>{@code mesh.capture.behind.bytes}</td><td>bytes of the database's log that are not captured; NaN = not known</td></tr>
 *   <tr><td>{@code mesh.capture.running}</td><td>1 = it captures, 0 = it starts, waits or has ended</td></tr>
 * </table>
 */
final class CaptureMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();
    private final Counter rowsMeter;
    private final Counter changesMeter;
    private final Counter deletedMeter;
    private final Counter againMeter;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong deleted = new AtomicLong();
    private final AtomicLong behind = new AtomicLong(-1);
    private final AtomicLong expected = new AtomicLong(-1);
    private volatile CaptureProgress.Phase phase = CaptureProgress.Phase.STARTING;
    private volatile Optional<String> trouble = Optional.empty();

    CaptureMeters(String port, MeterRegistry registry) {
        this.registry = registry;
        Tags tags = Tags.of("port", port);
        rowsMeter = rows(tags, "snapshot");
        changesMeter = rows(tags, "change");
        deletedMeter = rows(tags, "delete");
        againMeter = kept(Counter.builder("mesh.capture.again")
                .tags(tags)
                .description("Changes that were sent again and not written again")
                .register(registry));
        kept(Gauge.builder("mesh.capture.behind.bytes", behind, at -> at.get() < 0 ? Double.NaN : at.get())
                .tags(tags)
                .description("Bytes of the database's log that are not captured")
                .register(registry));
        kept(Gauge.builder(
                        "mesh.capture.running",
                        this,
                        at -> at.phase == CaptureProgress.Phase.SNAPSHOT || at.phase == CaptureProgress.Phase.CHANGES
                                ? 1
                                : 0)
                .tags(tags)
                .description("Whether the capture runs")
                .register(registry));
    }

    private Counter rows(Tags tags, String change) {
        return kept(Counter.builder("mesh.capture.rows")
                .tags(tags.and("change", change))
                .description("Rows written")
                .register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }

    void committed(long moreRows, long moreChanges, long moreDeleted) {
        rowsMeter.increment((double) moreRows);
        changesMeter.increment((double) moreChanges);
        deletedMeter.increment((double) moreDeleted);
        rows.addAndGet(moreRows);
        changes.addAndGet(moreChanges);
        deleted.addAndGet(moreDeleted);
    }

    void again() {
        againMeter.increment();
    }

    void behind(long bytes) {
        behind.set(bytes);
    }

    void expected(long tableRows) {
        expected.set(tableRows);
    }

    void phase(CaptureProgress.Phase now) {
        phase = now;
        trouble = Optional.empty();
    }

    void waiting(String what) {
        phase = CaptureProgress.Phase.WAITING;
        trouble = Optional.of(what);
    }

    CaptureProgress progress() {
        return new CaptureProgress(
                phase, rows.get(), expected.get(), changes.get(), deleted.get(), behind.get(), trouble);
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
