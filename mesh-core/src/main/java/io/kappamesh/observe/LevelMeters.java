package io.kappamesh.observe;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.level.Counts;
import io.kappamesh.level.Indicator;
import io.kappamesh.level.Objective;
import io.kappamesh.level.Reading;
import io.kappamesh.level.Tally;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the objectives of the ports that one generation publishes, while it serves. What happens until the ports are live for the first time is history, and
 * counts for nothing: they are live once everything that was there is read, or if others have counted before. When it begins to count, it asks what others have
 * counted until then, and counts the time in which nobody did. Thread-safe; a record costs an addition without contention, and where a delay is promised a look
 * at the clock.
 */
final class LevelMeters {
    private static final double NANOS_PER_SECOND = 1e9;
    /** So old may be the last word of somebody who counts: they write each half minute. */
    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(35);

    /** What records say of a port, since it was looked at last. */
    private static final class Flow {
        final LongAdder published = new LongAdder();
        final LongAdder timely = new LongAdder();
        final LongAdder broken = new LongAdder();
        final long within;

        Flow(OutputPort<?> port) {
            within = port.contract().levels().objectives().stream()
                    .filter(one -> one.indicator() == Indicator.DELAY)
                    .flatMap(one -> one.within().stream())
                    .mapToLong(Duration::toMillis)
                    .findFirst()
                    .orElse(-1);
        }
    }

    private static final class Level {
        final String port;
        final Objective objective;
        final Tally counted = new Tally();
        /** What was counted before it is known whether the port has been live before. */
        final Tally pending = new Tally();

        double good;
        double all;
        int freshAtFirst;

        Level(String port, Objective objective) {
            this.port = port;
            this.objective = objective;
        }

        void add(boolean isLive, Instant now, double more, double ofAll) {
            (isLive ? counted : pending).add(now, more, ofAll);
            if (isLive) {
                good += more;
                all += ofAll;
            }
        }
    }

    private final Clock clock;
    private final String name = HexFormat.of().toHexDigits(UUID.randomUUID().getMostSignificantBits());
    private final Map<String, Flow> flows = new HashMap<>();
    private final List<Level> levels = new ArrayList<>();
    private final List<Meter> meters = new ArrayList<>();
    private final LongAdder admitted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private List<Counts> others = List.of();
    /** When it began to count; again after it counted nothing for a while. */
    private @Nullable Instant firstAt;
    /** When it counted last before that. */
    private @Nullable Instant earlierAt;

    private @Nullable Instant lastAt;
    private long lastNanos;
    private int partitions;
    private int partitionsAtFirst;
    private boolean live;
    private boolean counting;
    private boolean asking;
    /** Whether it worked without serving since it counted last. */
    private boolean shadowed;

    private boolean promoted;

    /**
     * @param ports that the generation publishes
     * @param nanos a clock that only goes forward
     */
    LevelMeters(Collection<? extends OutputPort<?>> ports, MeterRegistry registry, Tags tags, Clock clock, long nanos) {
        this.clock = clock;
        this.lastNanos = nanos;
        ports.forEach(port -> {
            String address = port.address().toString();
            flows.put(port.address().topic(), new Flow(port));
            port.contract().levels().objectives().forEach(objective -> {
                Level level = new Level(address, objective);
                levels.add(level);
                show(level, registry, tags);
            });
        });
    }

    private void show(Level level, MeterRegistry registry, Tags product) {
        Tags tags = product.and(
                "port", level.port, "level", level.objective.indicator().text());
        meters.add(FunctionCounter.builder("mesh.level.good", level, one -> read(() -> one.good))
                .description("What of a level of service was good")
                .tags(tags)
                .register(registry));
        meters.add(FunctionCounter.builder("mesh.level.measured", level, one -> read(() -> one.all))
                .description("What of a level of service was measured")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("mesh.level.state", level, this::state)
                .description("How a level of service stands: 0 met, 1 burning, 2 missed")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder(
                        "mesh.level.budget.spent",
                        level,
                        one -> reading(one)
                                .filter(reading -> reading.state() != Reading.State.UNKNOWN)
                                .map(Reading::spent)
                                .orElse(Double.NaN))
                .description("The part of the error budget that is used up")
                .tags(tags)
                .register(registry));
    }

    private synchronized double read(Supplier<Double> figure) {
        return figure.get();
    }

    private double state(Level level) {
        Reading.State state = reading(level).map(Reading::state).orElse(Reading.State.UNKNOWN);
        return switch (state) {
            case UNKNOWN -> Double.NaN;
            case MET -> 0;
            case BURNING -> 1;
            case MISSED -> 2;
        };
    }

    /**
     * As this process knows it: what others had counted when it was told last, and what it has counted itself. Empty = it counts nothing now, so that it is for others to
     * say. While it counts nobody is silent.
     */
    private synchronized Optional<Reading> reading(Level level) {
        if (!counting || !live) {
            return Optional.empty();
        }
        List<Counts> all = new ArrayList<>(others);
        all.addAll(counts().values());
        return Optional.of(Reading.of(level.objective, Counts.of(all, level.port, level.objective), clock.instant()));
    }

    /** The intake admitted a record. */
    void admitted() {
        admitted.increment();
    }

    /** The intake refused a record. */
    void refused() {
        refused.increment();
    }

    /** A record was published, with an event time in milliseconds since the epoch. */
    void published(String topic, long eventTimeMillis) {
        Flow flow = flows.get(topic);
        if (flow != null) {
            flow.published.increment();
            if (flow.within >= 0 && clock.millis() - eventTimeMillis <= flow.within) {
                flow.timely.increment();
            }
        }
    }

    /** A record was published for which rules do not hold. */
    void broken(String topic) {
        Flow flow = flows.get(topic);
        if (flow != null) {
            flow.broken.increment();
        }
    }

    /**
     * Counts what has happened since it was called last; to be called every second or so.
     *
     * @param serves whether the generation serves
     * @param caughtUp whether everything that was there at the start is read
     * @param behind how far each input partition is behind that is held here; empty = it has never caught up since the process started
     * @param nanos of the clock that only goes forward
     */
    synchronized void tick(boolean serves, boolean caughtUp, Collection<Optional<Duration>> behind, long nanos) {
        double seconds = Math.max(0, nanos - lastNanos) / NANOS_PER_SECOND;
        lastNanos = nanos;
        Instant now = clock.instant();
        boolean counts = serves && !behind.isEmpty();
        shadowed |= !serves && !behind.isEmpty();
        if (counts) {
            if (!counting) {
                begin(now, behind);
            }
            live |= caughtUp;
            partitions = behind.size();
            lastAt = now;
        }
        counting = counts;
        countRecords(serves && firstAt != null, now);
        if (counts) {
            levels.stream()
                    .filter(level -> level.objective.indicator() == Indicator.FRESHNESS)
                    .forEach(level -> level.add(live, now, seconds * fresh(level, behind), seconds * behind.size()));
        }
    }

    /** A rebalance takes partitions away for a moment; nobody need be asked then. */
    private void begin(Instant now, Collection<Optional<Duration>> behind) {
        promoted = shadowed;
        shadowed = false;
        if (lastAt != null && !lastAt.plus(BETWEEN_WORDS).isBefore(now)) {
            return;
        }
        earlierAt = lastAt;
        firstAt = now;
        partitionsAtFirst = behind.size();
        levels.forEach(level -> level.freshAtFirst = fresh(level, behind));
        asking = true;
    }

    private static int fresh(Level level, Collection<Optional<Duration>> behind) {
        Duration within = level.objective.within().orElse(Duration.ZERO);
        return (int) behind.stream()
                .filter(one -> one.isPresent() && one.get().compareTo(within) <= 0)
                .count();
    }

    /** Whether it has to know what others have counted until now. */
    synchronized boolean asks() {
        return asking;
    }

    /**
     * Takes what has been counted until now, by whomever.
     *
     * @param all by the names under which they count
     */
    synchronized void told(Map<String, Counts> all) {
        others = all.entrySet().stream()
                .filter(one -> !one.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
        if (asking) {
            asking = false;
            goOn();
        }
    }

    /** The time in which nobody counted was good if nothing has come meanwhile. What nobody counted before a promotion is not counted. */
    private void goOn() {
        Instant first = firstAt;
        boolean wasLive = live || !others.isEmpty();
        Optional<Instant> last = Stream.concat(others.stream().map(Counts::at), Stream.ofNullable(earlierAt))
                .max(Instant::compareTo);
        if (first == null || last.isEmpty() || promoted || !wasLive) {
            return;
        }
        boolean isGap = Duration.between(last.get(), first).compareTo(BETWEEN_WORDS) > 0;
        levels.forEach(level -> {
            if (!live) {
                level.counted.addAll(level.pending);
            }
            boolean isKnown = earlierAt != null
                    || !Counts.of(others, level.port, level.objective).isEmpty();
            if (level.objective.indicator() == Indicator.FRESHNESS && isGap && isKnown) {
                level.counted.spread(last.get(), first, level.freshAtFirst, partitionsAtFirst);
            }
        });
        live = true;
    }

    private void countRecords(boolean counts, Instant now) {
        double in = (double) admitted.sumThenReset();
        double out = (double) refused.sumThenReset();
        Map<String, double[]> published = new HashMap<>();
        flows.forEach((topic, flow) -> published.put(topic, new double[] {
            (double) flow.published.sumThenReset(),
            (double) flow.timely.sumThenReset(),
            (double) flow.broken.sumThenReset()
        }));
        if (!counts) {
            return;
        }
        for (Level level : levels) {
            double[] flow = published.get(level.port);
            double all = flow == null ? 0 : flow[0];
            switch (level.objective.indicator()) {
                case COMPLETENESS -> level.add(live, now, in, in + out);
                case DELAY -> level.add(live, now, Math.min(all, flow == null ? 0 : flow[1]), all);
                case VALIDITY -> level.add(live, now, Math.max(0, all - (flow == null ? 0 : flow[2])), all);
                case VOLUME -> level.add(live, now, all, all);
                case FRESHNESS -> {}
            }
        }
    }

    /** What was counted, under the name under which it counts; empty = nothing, because it does not serve, or its ports have never been live. */
    synchronized Map<String, Counts> counts() {
        Instant last = lastAt;
        if (!live || last == null) {
            return Map.of();
        }
        return Map.of(
                name,
                new Counts(
                        last.toString(),
                        partitions,
                        levels.stream()
                                .map(level -> new Counts.Count(
                                        level.port, level.objective.measure(), level.counted.buckets()))
                                .filter(count -> !count.buckets().isEmpty())
                                .toList()));
    }

    void remove(MeterRegistry registry) {
        meters.forEach(registry::remove);
    }
}
