package io.kappamesh.observe;

import io.kappamesh.Internal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.generation.Generation;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.intake.Reason;
import io.kappamesh.level.Counts;
import io.kappamesh.observe.ProductStatus.Replay;
import io.kappamesh.rule.BrokenRule;
import io.micrometer.core.instrument.Counter;
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
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what one generation of a product does and shows it as meters, all with tags {@code product} and {@code generation}; what is
 * refused is told in the log too ({@link RejectionLog}). Thread-safe; a record costs an addition without
 * contention. What an aborted transaction did is counted again when it is repeated.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><td>{@code mesh.records.in}, {@code mesh.records.out}</td><td>records, counted up</td></tr>
 *   <tr><td>{@code mesh.records.ignored}</td><td>records that say nothing that belongs to their port, counted up</td></tr>
 *   <tr><td>{@code mesh.records.misplaced}, tag {@code topic}</td><td>records from another partition than Kafka's partitioner chooses for
 *   their keys, counted up</td></tr>
 *   <tr><td>{@code mesh.dead.letters}, tag {@code reason}</td><td>records refused, counted up</td></tr>
 *   <tr><td>{@code mesh.rules.broken}, tags {@code port} and {@code rule}</td><td>records at the intake, or published ones, for which a rule of
 *   the port does not hold, whatever its policy; counted up</td></tr>
 *   <tr><td>{@code mesh.level.good}, {@code mesh.level.measured}, tags {@code port} and {@code level}</td><td>what of a level of service was
 *   good, and all that was measured, in the unit of the {@link io.kappamesh.level.Indicator}; counted up while it serves</td></tr>
 *   <tr><td>{@code mesh.level.state}, same tags</td><td>0 met, 1 burning, 2 missed, as this process knows it; NaN = not measured</td></tr>
 *   <tr><td>{@code mesh.level.budget.spent}, same tags</td><td>the part of the error budget that is used up</td></tr>
 *   <tr><td>{@code mesh.event.time.seconds}</td><td>the newest event time seen at the inputs, seconds since the epoch</td></tr>
 *   <tr><td>{@code mesh.freshness.seconds}</td><td>how far behind its inputs it is in wall-clock time ({@link Freshness}); NaN until it
 *   first caught up</td></tr>
 *   <tr><td>{@code mesh.lag.records}</td><td>offsets between what was committed and the ends of the inputs</td></tr>
 *   <tr><td>{@code mesh.troubled.seconds}</td><td>for how long the platform has failed without any progress; 0 = it has not</td></tr>
 *   <tr><td>{@code mesh.replay.done.records}, {@code mesh.replay.target.records}</td><td>how far it is since it started</td></tr>
 * </table>
 */
@Internal
public final class ProductMetrics implements ProductObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ProductMetrics.class);

    /**
     * A rule of a port.
     *
     * @param port its address
     * @param name of the rule
     */
    public record Rule(String port, String name) {}

    private record Progress(long done, long target, boolean caughtUp) {}

    private static final double MILLIS_PER_SECOND = 1000.0;

    private final MeterRegistry registry;
    private final Tags tags;
    private final RateMeter pace;
    private final Freshness freshness;
    private final InputMeters inputs;
    private final RejectionLog refusals;
    private final MisplacementLog misplacements;
    private final LongAdder recordsIn = new LongAdder();
    private final LongAdder recordsOut = new LongAdder();
    private final LongAdder recordsIgnored = new LongAdder();
    private final LongAccumulator newestEventTime = new LongAccumulator(Math::max, Long.MIN_VALUE);
    private final Map<Reason, Counter> deadLetters = new EnumMap<>(Reason.class);
    private final Map<String, Counter> misplaced = new ConcurrentHashMap<>();
    /** Counted here: a registry that has nobody to tell counts nothing. */
    private final Map<Rule, LongAdder> broken = new ConcurrentHashMap<>();

    private final Queue<Meter> brokenMeters = new ConcurrentLinkedQueue<>();
    private final List<Meter> meters = new ArrayList<>();
    private final Clock clock;
    private volatile @Nullable LevelMeters levels;
    private volatile BooleanSupplier serves = () -> false;
    private volatile Optional<Progress> progress = Optional.empty();
    private volatile Supplier<Duration> troubled = () -> Duration.ZERO;

    public ProductMetrics(Generation generation, MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.tags = tags(generation);
        this.freshness = new Freshness(clock);
        this.inputs = new InputMeters(clock);
        this.pace = new RateMeter(clock);
        this.refusals = new RejectionLog(generation.toString(), clock, LOG::warn);
        this.misplacements = new MisplacementLog(generation.toString(), clock, LOG::warn);
        counter("mesh.records.in", "Records that passed the intake", recordsIn);
        counter("mesh.records.out", "Records written to output ports", recordsOut);
        counter("mesh.records.ignored", "Records that belong to no port", recordsIgnored);
        for (Reason reason : Reason.values()) {
            deadLetters.put(reason, deadLetters(reason));
        }
        gauge("mesh.event.time.seconds", "Newest event time at the inputs, since the epoch", ProductMetrics::eventTime);
        gauge("mesh.freshness.seconds", "Behind the inputs, wall-clock time", ProductMetrics::secondsBehind);
        gauge("mesh.lag.records", "Behind the inputs, offsets", metrics -> metrics.lagRecords());
        gauge(
                "mesh.troubled.seconds",
                "The platform fails, and nothing gets on",
                metrics -> metrics.troubled.get().toMillis() / MILLIS_PER_SECOND);
        gauge(
                "mesh.replay.done.records",
                "Read since the start",
                metrics -> metrics.reached().done());
        gauge(
                "mesh.replay.target.records",
                "To be read since the start",
                metrics -> metrics.reached().target());
    }

    /**
     * Measures the levels of service of these ports from now on.
     *
     * @param serving whether the generation serves now
     */
    public void measure(Collection<? extends OutputPort<?>> ports, BooleanSupplier serving) {
        serves = serving;
        levels = new LevelMeters(ports, registry, tags, clock, System.nanoTime());
    }

    /**
     * What was counted of levels of service, by a name that nobody else has; empty = nothing, because it does not serve, or its ports have never been
     * live.
     */
    public Map<String, Counts> counts() {
        LevelMeters measured = levels;
        return measured == null ? Map.of() : measured.counts();
    }

    /** Whether it has to be told what was counted until now. */
    public boolean asksForCounts() {
        LevelMeters measured = levels;
        return measured != null && measured.asks();
    }

    /** Takes what was counted until now, by whomever, under the names of {@link #counts}. */
    public void counted(Map<String, Counts> all) {
        LevelMeters measured = levels;
        if (measured != null) {
            measured.told(all);
        }
    }

    /** Counts what has happened since it was called last; to be called every second or so, also while brokers are away. */
    public void tick() {
        LevelMeters measured = levels;
        if (measured != null) {
            measured.tick(serves.getAsBoolean(), reached().caughtUp(), freshness.each(), System.nanoTime());
        }
    }

    /** Who knows for how long the platform has failed without any progress. */
    public void troubled(Supplier<Duration> known) {
        troubled = known;
    }

    /** What tells the meters of one generation from those of others. */
    public static Tags tags(Generation generation) {
        return Tags.of("product", generation.product().toString(), "generation", "g" + generation.number());
    }

    @Override
    public void recordIn(String topic, int partition, long offset, long eventTimeMillis) {
        recordsIn.increment();
        newestEventTime.accumulate(eventTimeMillis);
        LevelMeters measured = levels;
        if (measured != null) {
            measured.admitted();
        }
    }

    @Override
    public void recordOut(String topic, long eventTimeMillis) {
        recordsOut.increment();
        LevelMeters measured = levels;
        if (measured != null) {
            measured.published(topic, eventTimeMillis);
        }
    }

    @Override
    public void unmet(List<BrokenRule> rules) {
        rules.forEach(one -> count(one.port(), one.rule()));
    }

    /** Counts the rules of a product's ports from zero on, so that the first record for which one does not hold is seen as a rise. */
    public void watchRules(DataProduct product) {
        product.inputs()
                .forEach(port ->
                        port.rules().forEach(rule -> counter(port.address().toString(), rule.name())));
        product.outputs()
                .forEach(port -> port.contract()
                        .rules()
                        .forEach(rule -> counter(port.address().topic(), rule.name())));
    }

    private void count(String port, String rule) {
        counter(port, rule).increment();
    }

    private LongAdder counter(String port, String rule) {
        return broken.computeIfAbsent(new Rule(port, rule), this::counter);
    }

    /** For how many records each rule did not hold, by port and rule; those are missing that always did. */
    public Map<Rule, Long> brokenRules() {
        Map<Rule, Long> counts = new TreeMap<>(Comparator.comparing(Rule::port).thenComparing(Rule::name));
        broken.forEach((rule, counter) -> counts.put(rule, counter.sum()));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    @Override
    public void broken(String topic, List<String> rules) {
        rules.forEach(rule -> count(topic, rule));
        LevelMeters measured = levels;
        if (measured != null) {
            measured.broken(topic);
        }
    }

    @Override
    public void deadLetter(String topic, int partition, long offset, Reason reason) {
        Counter counter = deadLetters.get(reason);
        if (counter != null) {
            counter.increment();
        }
        refusals.refused(reason);
        LevelMeters measured = levels;
        if (measured != null) {
            measured.refused();
        }
    }

    @Override
    public void ignored(String topic, int partition, long offset) {
        recordsIgnored.increment();
    }

    /** Counts misplaced records of these topics from now on, none so far. */
    public void watchPlacement(Set<String> topics) {
        topics.forEach(topic -> misplaced.computeIfAbsent(topic, this::misplaced));
    }

    /** Records were read from another partition of a topic than the one that Kafka's partitioner chooses for their keys. */
    public void misplaced(String topic, long records) {
        Counter counter = misplaced.computeIfAbsent(topic, this::misplaced);
        counter.increment((double) records);
        misplacements.misplaced(topic, (long) counter.count());
    }

    /** What of its inputs the product has committed; to be told every second or so. See {@link Freshness#measure}. */
    public void progress(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        freshness.measure(positions, ends);
        inputs.measure(positions, ends);
    }

    /** How far it is with each input of which it holds, or held, a partition. */
    public List<InputFigures> inputs() {
        return inputs.figures();
    }

    /** The newest event time at the inputs since it started; empty = none. */
    public Optional<Instant> newestEventTime() {
        return Optional.of(newestEventTime.get())
                .filter(millis -> millis != Long.MIN_VALUE)
                .map(Instant::ofEpochMilli);
    }

    /** How far the product is since it started, in records; to be told every second or so. */
    public void replay(long done, long target, boolean caughtUp) {
        progress = Optional.of(new Progress(done, target, caughtUp));
        pace.note(done);
        refusals.tellIfDue();
        tick();
    }

    public long recordsIn() {
        return recordsIn.sum();
    }

    public long recordsOut() {
        return recordsOut.sum();
    }

    public long deadLetters() {
        return (long) deadLetters.values().stream().mapToDouble(Counter::count).sum();
    }

    /** Offsets between what was committed and the ends of the inputs. */
    public long lagRecords() {
        return freshness.lagRecords();
    }

    /** See {@link Freshness#behind}. */
    public Optional<Duration> behind() {
        return freshness.behind();
    }

    /** Empty until {@link #replay(long, long, boolean)} was told something. */
    public Optional<Replay> replay() {
        return progress.map(now -> {
            double rate = pace.perSecond();
            long left = Math.max(0, now.target() - now.done());
            Optional<Duration> remaining = left == 0
                    ? Optional.of(Duration.ZERO)
                    : Optional.of(rate)
                            .filter(some -> some > 0)
                            .map(some -> Duration.ofSeconds((long) Math.ceil(left / some)));
            return new Replay(now.done(), now.target(), rate, remaining, now.caughtUp());
        });
    }

    private Progress reached() {
        return progress.orElse(new Progress(0, 0, false));
    }

    /** Takes the product's meters out of the registry, and says what was not said yet. */
    public void remove() {
        refusals.tell();
        meters.forEach(registry::remove);
        misplaced.values().forEach(registry::remove);
        brokenMeters.forEach(registry::remove);
        LevelMeters measured = levels;
        if (measured != null) {
            measured.remove(registry);
        }
    }

    private Counter misplaced(String topic) {
        return Counter.builder("mesh.records.misplaced")
                .description("Records in another partition than that of their keys")
                .tags(tags)
                .tag("topic", topic)
                .register(registry);
    }

    private LongAdder counter(Rule rule) {
        LongAdder count = new LongAdder();
        brokenMeters.add(FunctionCounter.builder("mesh.rules.broken", count, LongAdder::doubleValue)
                .description("Records for which a rule of a port does not hold")
                .tags(tags)
                .tag("port", rule.port())
                .tag("rule", rule.name())
                .register(registry));
        return count;
    }

    private Counter deadLetters(Reason reason) {
        Counter counter = Counter.builder("mesh.dead.letters")
                .description("Records refused")
                .tags(tags)
                .tag("reason", reason.text())
                .register(registry);
        meters.add(counter);
        return counter;
    }

    private void counter(String name, String description, LongAdder count) {
        meters.add(FunctionCounter.builder(name, count, LongAdder::doubleValue)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private void gauge(String name, String description, ToDoubleFunction<ProductMetrics> value) {
        meters.add(Gauge.builder(name, this, value)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private double eventTime() {
        long newest = newestEventTime.get();
        return newest == Long.MIN_VALUE ? Double.NaN : newest / MILLIS_PER_SECOND;
    }

    private double secondsBehind() {
        return behind().map(time -> time.toMillis() / MILLIS_PER_SECOND).orElse(Double.NaN);
    }
}
