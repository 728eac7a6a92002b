package io.kappamesh.inputs;

import io.kappamesh.brokers.Brokers;
import io.kappamesh.brokers.GroupOffsets;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.control.ControlView;
import io.kappamesh.generation.CaughtUp;
import io.kappamesh.generation.CaughtUp.Place;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.Origin;
import io.kappamesh.inputs.InputProgress.Point;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Whether a generation may have missed deletions in its tables. Brokers keep the record that deletes a row for a while only, so that whoever
 * stands, or reads on its way to the end, for longer than that would keep the row. Writes down in the control topic when the end was
 * seen. Thread-safe.
 */
public final class MissedDeletions {
    /** What is said once in a minute, and by several processes, cannot be judged more finely. */
    private static final Duration FINEST = Duration.ofMinutes(5);

    private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);
    private static final Duration BETWEEN_ENDS = Duration.ofSeconds(30);

    private final Generation generation;
    private final Admin admin;
    private final ControlView control;
    private final InputProgress progress;
    private final UncommittedRecords uncommitted;
    private final Clock clock;
    private final Map<TopicPartition, Place> ahead = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Place> seen = new ConcurrentHashMap<>();
    private volatile Map<String, Duration> kept = Map.of();
    private volatile Instant reported = Instant.EPOCH;
    private volatile Instant asked = Instant.EPOCH;

    public MissedDeletions(
            Generation generation,
            Admin admin,
            ControlView control,
            InputProgress progress,
            UncommittedRecords uncommitted,
            Clock clock) {
        this.generation = generation;
        this.admin = admin;
        this.control = control;
        this.progress = progress;
        this.uncommitted = uncommitted;
        this.clock = clock;
    }

    /** Asks for how long deletions are kept in those inputs that are compacted. */
    public Map<String, Duration> look(Set<String> inputs) throws ExecutionException, InterruptedException {
        Map<String, Duration> found = new HashMap<>();
        new Brokers(admin).configs(inputs).forEach((topic, config) -> {
            String policy = String.valueOf(config.apply(TopicConfig.CLEANUP_POLICY_CONFIG));
            String millis = config.apply(TopicConfig.DELETE_RETENTION_MS_CONFIG);
            if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT) && millis != null) {
                Duration configured = Duration.ofMillis(Long.parseLong(millis));
                found.put(topic, configured.compareTo(FINEST) < 0 ? FINEST : configured);
            }
        });
        kept = Map.copyOf(found);
        return kept;
    }

    /** What may be missing before it starts: one sentence each. */
    public List<String> missed() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = TopicEnds.written(admin, kept.keySet());
        Map<TopicPartition, Long> committed = new GroupOffsets(admin, generation.applicationId()).of(ends.keySet());
        List<String> found = new ArrayList<>();
        Map<TopicPartition, Long> starts = starts();
        long now = clock.millis();
        committed.forEach((partition, position) -> {
            if (position <= starts.getOrDefault(partition, -1L)) {
                seen.put(partition, new Place(now, position)); // who has read nothing has missed nothing
            }
            judge(partition, position, ends.getOrDefault(partition, 0L)).ifPresent(found::add);
        });
        return found.stream().sorted().toList();
    }

    /**
     * Takes note of ends that were reached and committed meanwhile, and says so from time to time. Where events flow without a pause no
     * moment comes at which everything is read, but what was the end a while ago is.
     */
    public void update() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> open = uncommitted.now();
        Map<TopicPartition, Point> held = progress.held();
        ahead.keySet().retainAll(held.keySet());
        held.forEach((partition, point) -> {
            Place end = ahead.get(partition);
            boolean committed =
                    !open.containsKey(partition) || (end != null && uncommitted.isCommitted(partition, end.offset()));
            if (end != null && point.position() >= end.offset() && committed) {
                seen.put(partition, end);
                ahead.remove(partition);
            }
        });
        if (isTime(asked, BETWEEN_ENDS)) {
            lookAhead();
        }
        if (isTime(reported, BETWEEN_REPORTS)) {
            report();
        }
    }

    private void lookAhead() throws ExecutionException, InterruptedException {
        Instant now = clock.instant();
        TopicEnds.committed(admin, kept.keySet())
                .forEach((partition, end) -> ahead.putIfAbsent(partition, new Place(now.toEpochMilli(), end)));
        asked = now;
    }

    private boolean isTime(Instant last, Duration between) {
        return Duration.between(last, clock.instant()).compareTo(between) >= 0;
    }

    /** Says when the ends were seen last. */
    public void report() {
        if (!seen.isEmpty()) {
            reported = clock.instant();
            control.report(known().with(seen));
        }
    }

    /** What may be missing while it runs, of the partitions that are held here: one sentence each. */
    public List<String> overdue() {
        List<String> found = new ArrayList<>();
        progress.held()
                .forEach((partition, point) -> judge(partition, point.position(), point.position() + point.lag())
                        .ifPresent(found::add));
        return found.stream().sorted().toList();
    }

    private Optional<String> judge(TopicPartition partition, long position, long end) {
        Duration limit = kept.get(partition.topic());
        Place last = lastSeen(partition);
        return limit == null || last == null
                ? Optional.empty()
                : new Downtime(partition, last, position, end).problem(generation, limit, clock.instant());
    }

    /** When it had read everything; at the latest that was when it was begun. Null = nobody knows. */
    private @Nullable Place lastSeen(TopicPartition partition) {
        Optional<Place> seenLast = known().with(seen).of(partition);
        Long start = starts().get(partition);
        if (seenLast.isPresent() || start == null) {
            return seenLast.orElse(null);
        }
        long from = start;
        return record().map(
                        record -> Instant.parse(record.history().createdAt()).toEpochMilli())
                .map(begun -> new Place(begun, from))
                .orElse(null);
    }

    private Map<TopicPartition, Long> starts() {
        return record().map(one -> one.history().origin()).map(Origin::offsets).orElse(Map.of());
    }

    private Optional<GenerationRecord> record() {
        return control.lifecycle(generation.product()).flatMap(lifecycle -> lifecycle.generation(generation.number()));
    }

    private CaughtUp known() {
        return control.caughtUp(generation).orElse(CaughtUp.none(generation));
    }
}
