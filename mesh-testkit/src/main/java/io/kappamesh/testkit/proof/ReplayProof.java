package io.kappamesh.testkit.proof;

import io.kappamesh.contract.PortKind;
import io.kappamesh.testkit.ProductWire;
import io.kappamesh.testkit.proof.Outcome.Difference;
import io.kappamesh.topology.StreamingProduct;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * Proves for a product that a replay ends where live processing ended.
 *
 * <p>One history is run live, record by record, and then as a replay and its accidents have it: all at once, with topics, partitions
 * and tasks in another order, with caches, rare commits, restarts and crashes, with records that a producer delivers again, and with
 * tables that brokers have compacted. Whatever the order, every output port must end with the same latest value and timestamp per
 * key, and the intake must have refused the same records of topics of which nothing came twice or was compacted away. Real stream
 * tasks on several partitions do the work, in this thread and without a broker; see {@link io.kappamesh.testkit.simulation}.
 *
 * <p>Some values come once more, broken, and where a port declares the key of its records, some under the keys of others, as of a producer
 * with a fault.
 *
 * <pre>{@code
 * ReplayProof.of(SalesProducts.orders())
 *         .inputs(random -> OrderHistories.some(random))
 *         .holds();
 * }</pre>
 *
 * <p>What is drawn follows from a seed, so that a proof does the same every time. {@value #SEED_PROPERTY} and {@value
 * #SCHEDULES_PROPERTY} as system properties override seed and number of schedules of every proof. Not thread-safe.
 */
public final class ReplayProof {
    /** The system property that overrides the seed of every proof. */
    public static final String SEED_PROPERTY = "mesh.proof.seed";
    /** The system property that overrides how many schedules every proof runs. */
    public static final String SCHEDULES_PROPERTY = "mesh.proof.schedules";

    private static final int MOST_TRIES = 500;

    private final StreamingProduct product;
    private final Map<String, Object> settings = new HashMap<>();
    private int partitions = 3;
    private int schedules = 100;
    private long seed = 1;
    private Optional<Duration> skew = Optional.empty();
    private boolean redelivery = true;
    private boolean silence = false;
    private @Nullable Function<RandomGenerator, History> inputs;

    private ReplayProof(StreamingProduct product) {
        this.product = product;
    }

    /** Begins the proof for a product; {@link #holds()} does it. */
    public static ReplayProof of(StreamingProduct product) {
        return new ReplayProof(product);
    }

    /** How many partitions every topic has; 3 unless said otherwise. */
    public ReplayProof partitions(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("partitions must be at least 1 but was " + count);
        }
        partitions = count;
        return this;
    }

    /** The history, one for all schedules: something recorded, or small and well known. */
    public ReplayProof inputs(History history) {
        return inputs(random -> history);
    }

    /** A new history for each schedule, a function of the generator alone. */
    public ReplayProof inputs(Function<RandomGenerator, History> histories) {
        inputs = histories;
        return this;
    }

    /** How many schedules are run; 100 unless said otherwise. */
    public ReplayProof schedules(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("schedules must be at least 1 but was " + count);
        }
        schedules = count;
        return this;
    }

    /** Where chance begins. The message of a difference names the seed that shows it again with one schedule. */
    public ReplayProof seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Partitions never arrive further apart than this, in event time: for a product that promises its result only as long as its
     * inputs keep up with each other. Without it they may be any time apart, as in a replay.
     */
    public ReplayProof skewAtMost(Duration bound) {
        skew = Optional.of(bound);
        return this;
    }

    /** Records arrive exactly once: for inputs whose producers are known never to deliver again. */
    public ReplayProof withoutRedelivery() {
        redelivery = false;
        return this;
    }

    /** A setting of Kafka Streams that the product runs with, such as {@code max.task.idle.ms}. */
    public ReplayProof setting(String name, Object value) {
        settings.put(name, value);
        return this;
    }

    /** It is no fault when no record ever leaves by an output port. */
    public ReplayProof mayPublishNothing() {
        silence = true;
        return this;
    }

    /**
     * Runs every schedule against the live one.
     *
     * @throws ReplayDifference when two runs end differently, with a small example of it
     * @throws AssertionError when the topology throws, or when there was nothing to compare
     * @throws IllegalStateException when no inputs are given
     */
    public void holds() {
        Function<RandomGenerator, History> histories = inputs;
        if (histories == null) {
            throw new IllegalStateException("a proof needs a history; give one in inputs(…)");
        }
        long first = Long.getLong(SEED_PROPERTY, seed);
        int count = Integer.getInteger(SCHEDULES_PROPERTY, schedules);
        long published = 0;
        try (ProductWire wire = ProductWire.of(product.product())) {
            Bench bench = new Bench(product, wire, settings);
            Map<TaskId, List<TopicPartition>> tasks = bench.tasks(partitions);
            for (long each = first; each < first + count; each++) {
                published += hold(bench, draw(histories, wire, tasks, each), each);
            }
        }
        if (published == 0 && !silence) {
            throw new AssertionError("nothing was ever published in " + Text.count(count, "schedule")
                    + ", so nothing was compared; give a history that leads to something, or say mayPublishNothing()");
        }
    }

    private Trial draw(
            Function<RandomGenerator, History> histories,
            ProductWire wire,
            Map<TaskId, List<TopicPartition>> tasks,
            long each) {
        SplittableRandom random = new SplittableRandom(each);
        SplittableRandom faults = new SplittableRandom(~each);
        List<Input> history =
                BrokenValues.in(ForeignKeys.in(histories.apply(random.split()).inputs(), faults), wire, faults);
        boolean hasTables = product.product().inputs().stream().anyMatch(input -> input.kind() == PortKind.TABLE);
        List<Scheduling.Kind> kinds = Arrays.stream(Scheduling.Kind.values())
                .filter(kind -> redelivery || kind != Scheduling.Kind.REDELIVERED)
                .filter(kind -> hasTables || kind != Scheduling.Kind.COMPACTED)
                .toList();
        Scheduling.Kind kind = kinds.get(Math.floorMod(each - 1, kinds.size()));
        return new Trial(history, partitions, Scheduling.draw(kind, history, tasks, partitions, skew, random.split()));
    }

    /** How many records both runs published. */
    private long hold(Bench bench, Trial trial, long each) {
        try {
            Outcome live = bench.live(trial);
            Outcome other = bench.run(trial);
            Optional<Difference> difference = difference(live, other, trial);
            if (difference.isPresent()) {
                throw smallest(bench, trial, difference.get(), each);
            }
            return live.published() + other.published();
        } catch (RuntimeException thrown) {
            throw new AssertionError(
                    "product " + product.product().name() + " throws under the schedule \""
                            + trial.schedule().name() + "\"; " + again(each),
                    thrown);
        }
    }

    private ReplayDifference smallest(Bench bench, Trial trial, Difference found, long each) {
        Shrinking shrinking = new Shrinking(
                candidate -> difference(bench.live(candidate), bench.run(candidate), candidate)
                        .isPresent(),
                MOST_TRIES);
        Trial small = shrinking.shrink(trial);
        Outcome live = bench.live(small);
        Outcome other = bench.run(small);
        String text = difference(live, other, small)
                .map(difference -> new Counterexample(small, live, other)
                        .text(difference, trial.inputs().size()))
                .orElseGet(() -> Counterexample.unrepeated(found));
        return new ReplayDifference(text + "\n" + again(each), small.inputs().size());
    }

    private static Optional<Difference> difference(Outcome live, Outcome other, Trial trial) {
        return live.differenceTo(other, trial::comparesLettersOf);
    }

    private static String again(long each) {
        return "To see it again: seed(%dL).schedules(1), or -D%s=%d -D%s=1"
                .formatted(each, SEED_PROPERTY, each, SCHEDULES_PROPERTY);
    }
}
