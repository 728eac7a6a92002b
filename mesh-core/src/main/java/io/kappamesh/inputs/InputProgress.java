package io.kappamesh.inputs;

import io.kappamesh.observe.ProductMetrics;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How far this instance is with the partitions of its input ports that it holds. What was read decides how often it commits; the lag and
 * freshness that it reports count what was committed, because only that is visible to consumers. All of its consumers report to it; what another instance
 * does is not counted here. Thread-safe.
 */
public final class InputProgress {

    /**
     * @param start the position when the product started
     * @param goal the end when the product started: what is history is everything below it
     * @param position the next offset to be read
     * @param end where it ended when that was heard of last
     * @param heardAt when that was, in nanoseconds of the clock
     */
    private record Reach(long start, long goal, long position, long end, long heardAt) {
        /** Of a consumer, which says again and again what it heard when it was answered last. */
        Reach at(long newPosition, long newEnd, long now) {
            boolean more = newPosition > position || newEnd > end;
            return new Reach(start, goal, newPosition, Math.max(end, newEnd), more ? now : heardAt);
        }

        Reach ending(long newEnd, long now) {
            return new Reach(start, goal, position, newEnd, now);
        }

        Reach held(long now) {
            return new Reach(start, goal, position, end, now);
        }

        long lag() {
            return Math.max(0, end - position);
        }
    }

    /**
     * Where a partition stands that is held here.
     *
     * @param position the next offset to be read
     * @param lag how many offsets there are beyond
     */
    record Point(long position, long lag) {}

    private static final long NANOS_BETWEEN_REPORTS = 500_000_000L;
    /** What was heard of an end that long ago says nothing about now. Elections of leaders take less. */
    private static final Duration KNOWN = Duration.ofSeconds(10);

    private final Set<String> topics;
    private final long replayLag;
    private final UncommittedRecords uncommitted;
    private final ProductMetrics metrics;
    private final LongSupplier nanos;
    private final AtomicLong reportedAt;
    private final Map<TopicPartition, Reach> reaches = new ConcurrentHashMap<>();
    private final Map<Consumer<?, ?>, Set<TopicPartition>> held = new ConcurrentHashMap<>();
    private volatile boolean caughtUp;

    /**
     * @param topics the input ports
     * @param replayLag how many records may be outstanding before it is a replay
     * @param uncommitted what was let in and is not committed yet
     * @param metrics is told twice a second
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    public InputProgress(
            Set<String> topics,
            long replayLag,
            UncommittedRecords uncommitted,
            ProductMetrics metrics,
            LongSupplier nanos) {
        this.topics = Set.copyOf(topics);
        this.replayLag = replayLag;
        this.uncommitted = uncommitted;
        this.metrics = metrics;
        this.nanos = nanos;
        this.reportedAt = new AtomicLong(nanos.getAsLong());
    }

    /** Fixes what is history: offsets from the committed (or first) one to the end, per partition. */
    public void begin(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
        ends.forEach((partition, end) -> {
            long start = starts.getOrDefault(partition, 0L);
            reaches.put(partition, new Reach(start, end, start, end, nanos.getAsLong()));
        });
    }

    /**
     * Takes a consumer's positions; on the consumer's own thread.
     *
     * @param lags how much of a partition is still to be read, whether it may be or not; empty = not known
     */
    public void update(Consumer<?, ?> consumer, Function<TopicPartition, OptionalLong> lags) {
        Set<TopicPartition> assigned = new HashSet<>();
        Set<TopicPartition> before = held.getOrDefault(consumer, Set.of());
        long now = nanos.getAsLong();
        for (TopicPartition partition : consumer.assignment()) {
            if (topics.contains(partition.topic())) {
                assigned.add(partition);
                if (!before.contains(partition)) {
                    reaches.computeIfPresent(partition, (known, reach) -> reach.held(now));
                }
                OptionalLong lag = lags.apply(partition);
                if (lag.isPresent()) {
                    long position = consumer.position(partition);
                    long end = position + lag.getAsLong();
                    reaches.computeIfPresent(partition, (known, reach) -> reach.at(position, end, now));
                }
            }
        }
        held.put(consumer, assigned);
        note();
    }

    /**
     * Takes what brokers say about where partitions end, those that are held here or some of them; on any thread. Unlike a consumer, which
     * knows only what it was told with its last records, they are right also where less is said than before.
     */
    void ends(Map<TopicPartition, Long> told) {
        long now = nanos.getAsLong();
        told.forEach((partition, end) -> reaches.computeIfPresent(partition, (known, reach) -> reach.ending(end, now)));
        note();
    }

    private void note() {
        if (!caughtUp && !isIdle()) {
            caughtUp = lag() <= replayLag && partitions().allMatch(this::isPastGoal);
        }
        report();
    }

    /** The partitions that are held here and of which nobody has said for a while where they end: how much is to be read is not known. */
    public Set<TopicPartition> unheard() {
        long now = nanos.getAsLong();
        return partitions()
                .filter(partition -> {
                    Reach reach = reaches.get(partition);
                    return reach != null && now - reach.heardAt > KNOWN.toNanos();
                })
                .collect(Collectors.toCollection(() -> new TreeSet<>(Comparator.comparing(TopicPartition::toString))));
    }

    /** Forgets what a consumer held; on the consumer's own thread. */
    public void closed(Consumer<?, ?> consumer) {
        held.remove(consumer);
    }

    /** Whether this instance holds no partition at all, because others hold them or none are handed out yet. */
    public boolean isIdle() {
        return held.values().stream().allMatch(Set::isEmpty);
    }

    /** Where the partitions stand that are held here. */
    Map<TopicPartition, Point> held() {
        Map<TopicPartition, Point> points = new HashMap<>();
        partitions().forEach(partition -> {
            Reach reach = reaches.get(partition);
            if (reach != null) {
                points.put(partition, new Point(reach.position, reach.lag()));
            }
        });
        return points;
    }

    private Stream<Reach> reaches() {
        return partitions().map(reaches::get).filter(Objects::nonNull);
    }

    /** Each once, also while it moves from one consumer to another. */
    private Stream<TopicPartition> partitions() {
        return held.values().stream().flatMap(Set::stream).distinct();
    }

    private boolean isPastGoal(TopicPartition partition) {
        Reach reach = reaches.get(partition);
        return reach == null || uncommitted.committedBelow(partition, reach.position) >= reach.goal;
    }

    private void report() {
        long now = nanos.getAsLong();
        long last = reportedAt.get();
        if (now - last >= NANOS_BETWEEN_REPORTS && reportedAt.compareAndSet(last, now)) {
            Map<TopicPartition, Long> positions = new HashMap<>();
            Map<TopicPartition, Long> ends = new HashMap<>();
            partitions().forEach(partition -> {
                Reach reach = reaches.get(partition);
                if (reach != null) {
                    positions.put(partition, uncommitted.committedBelow(partition, reach.position));
                    ends.put(partition, Math.max(reach.position, reach.end));
                }
            });
            // How fresh it is grows as long as nobody knows what there is to read.
            if (unheard().isEmpty()) {
                metrics.progress(positions, ends);
            }
            metrics.replay(done(), target(), caughtUp);
        }
    }

    /** Records, control records included, that were read since the start. */
    long done() {
        return reaches().mapToLong(reach -> reach.position - reach.start).sum();
    }

    /** Records, control records included, that there are to read since the start; grows as inputs do. */
    long target() {
        return done() + lag();
    }

    /** Records, control records included, that are still to be read. */
    public long lag() {
        return reaches().mapToLong(Reach::lag).sum();
    }

    /** Whether everything that was there at the start was committed once, and little more than that was outstanding. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** Whether so little is outstanding that results should be visible at once. */
    public boolean isLive() {
        return lag() <= replayLag;
    }
}
