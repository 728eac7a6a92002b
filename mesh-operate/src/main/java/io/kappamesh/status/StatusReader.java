package io.kappamesh.status;

import io.kappamesh.Internal;
import io.kappamesh.access.Authorizer;
import io.kappamesh.brokers.AdminCall;
import io.kappamesh.brokers.GroupMembers;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.ProductName;
import io.kappamesh.cut.GenerationGroups;
import io.kappamesh.cut.GenerationTopics;
import io.kappamesh.failure.Causes;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.settings.Settings;
import io.kappamesh.tables.NextRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Tells how far generations are, from the control topic and the brokers alone. Remembers its last look at each, for rates: who watches
 * keeps one. Thread-safe.
 */
@Internal
public final class StatusReader {
    private final Admin admin;
    private final Settings settings;
    private final ProductRecords domains;
    private final GenerationGroups groups;
    private final Clock clock = Clock.systemUTC();
    private final Map<Generation, Look> lastLooks = new ConcurrentHashMap<>();
    private volatile List<String> refused = List.of();

    /** When something was seen, and how far it was. */
    private record Look(long nanos, long done) {}

    /** What the brokers say of the generations of some products. */
    private record Seen(
            Map<TopicPartition, Long> beginnings,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> newest,
            Map<Generation, Map<TopicPartition, Long>> committed,
            Map<Generation, List<String>> processes,
            Set<String> topics) {}

    public StatusReader(Admin admin, Settings settings) {
        this.admin = admin;
        this.settings = settings;
        this.domains = new ProductRecords(admin, settings);
        this.groups = new GenerationGroups(admin);
    }

    /** All generations that there ever were, by number. */
    public List<GenerationStatus> of(ProductName product) {
        return Attempt.at("status of " + product, () -> read(List.of(domains.of(product))));
    }

    /** Of all products of a domain, by name and number. */
    List<GenerationStatus> ofDomain(String domain) {
        return Attempt.at("status of " + domain, () -> read(domains.of(domain)));
    }

    /** Of all domains, by name and number; without those that these credentials may not look at, unless there are no others. */
    public List<GenerationStatus> all() {
        return Attempt.at("status of all domains", () -> allowed(domains.all()));
    }

    /** Whoever may read what is decided about a product may not have to be allowed to look at its groups and inputs. */
    private List<GenerationStatus> allowed(List<ProductLifecycle> lifecycles) throws Exception {
        refused = List.of();
        try {
            return read(lifecycles);
        } catch (ExecutionException | KafkaException failed) {
            if (Causes.refusal(failed).isEmpty()) {
                throw failed;
            }
            List<GenerationStatus> some = new ArrayList<>();
            List<String> others = new ArrayList<>();
            for (ProductLifecycle lifecycle : lifecycles) {
                try {
                    some.addAll(read(List.of(lifecycle)));
                } catch (ExecutionException | KafkaException one) {
                    others.add(lifecycle.name() + ": " + Causes.refusal(one).orElseThrow(() -> one));
                }
            }
            if (some.isEmpty()) {
                throw failed;
            }
            refused = List.copyOf(others);
            return some;
        }
    }

    /** Which products the last look at all of them left out, because these credentials may not look at them: a sentence each. */
    public List<String> refused() {
        return refused;
    }

    /** Which products the last look left out, and why: a sentence each. */
    public List<String> leftOut() {
        return domains.leftOut();
    }

    /** Whether there may be products of which brokers let this principal see nothing. */
    public boolean mayHide() {
        return Attempt.at("rights on the brokers", () -> Authorizer.of(admin).mayHide());
    }

    private List<GenerationStatus> read(List<ProductLifecycle> lifecycles)
            throws ExecutionException, InterruptedException {
        Seen seen = seen(lifecycles);
        List<GenerationStatus> all = new ArrayList<>();
        for (ProductLifecycle lifecycle : lifecycles) {
            for (GenerationRecord record : lifecycle.generations()) {
                all.add(status(lifecycle, record, seen));
            }
        }
        return all;
    }

    /** A topic that is deleted between two questions, because its generation is being retired, is not there the next time. */
    private Seen seen(List<ProductLifecycle> lifecycles) throws ExecutionException, InterruptedException {
        try {
            return look(lifecycles);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                return look(lifecycles);
            }
            throw failed;
        }
    }

    private Seen look(List<ProductLifecycle> lifecycles) throws ExecutionException, InterruptedException {
        Set<String> existing = AdminCall.ask(() -> admin.listTopics().names());
        Set<String> inputs = new HashSet<>();
        Set<String> between = new HashSet<>();
        Set<String> letters = new HashSet<>();
        List<Generation> generations = new ArrayList<>();
        List<Generation> live = new ArrayList<>();
        for (ProductLifecycle lifecycle : lifecycles) {
            lifecycle.generations().forEach(one -> generations.add(new Generation(lifecycle.name(), one.number())));
            for (GenerationRecord one : lifecycle.live()) {
                Generation generation = new Generation(lifecycle.name(), one.number());
                live.add(generation);
                inputs.addAll(one.inputs());
                between.addAll(GenerationTopics.between(generation, existing));
                letters.add(letters(generation, one.role()));
            }
        }
        inputs.retainAll(existing);
        Set<String> read = new HashSet<>(inputs);
        read.addAll(between);
        letters.retainAll(existing);
        Set<String> asked = new HashSet<>(read);
        asked.addAll(letters);
        Set<String> timed = new HashSet<>(inputs);
        timed.addAll(letters);
        Map<Generation, Map<TopicPartition, Long>> committed = new HashMap<>();
        for (Generation generation : live) {
            committed.put(generation, groups.committed(generation));
        }
        Map<Generation, List<String>> processes = new HashMap<>();
        for (Generation generation : generations) {
            processes.put(generation, GroupMembers.of(admin, generation).processes());
        }
        return new Seen(
                TopicEnds.beginnings(admin, asked),
                TopicEnds.committed(admin, asked),
                newest(timed),
                committed,
                processes,
                read);
    }

    private static String letters(Generation generation, Role role) {
        String topic = generation.product().deadLetterTopic();
        return role == Role.SERVING ? topic : generation.shadowOf(topic);
    }

    private static Optional<DeadLetterCount> deadLetters(Generation generation, Role role, Seen seen) {
        String topic = letters(generation, role);
        List<TopicPartition> partitions = seen.ends().keySet().stream()
                .filter(one -> one.topic().equals(topic))
                .toList();
        if (role == Role.RETIRED || partitions.isEmpty()) {
            return Optional.empty();
        }
        long offsets = partitions.stream()
                .mapToLong(one ->
                        seen.ends().getOrDefault(one, 0L) - seen.beginnings().getOrDefault(one, 0L))
                .sum();
        Optional<Instant> newest = partitions.stream()
                .map(one -> seen.newest().getOrDefault(one, -1L))
                .max(Comparator.naturalOrder())
                .filter(millis -> millis >= 0)
                .map(Instant::ofEpochMilli);
        return Optional.of(new DeadLetterCount(topic, offsets, newest));
    }

    /** The largest timestamp in each partition; brokers keep it per segment. */
    private Map<TopicPartition, Long> newest(Set<String> topics) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        TopicAdmin.descriptions(admin, topics)
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(one ->
                                asked.put(new TopicPartition(topic, one.partition()), OffsetSpec.maxTimestamp())));
        Map<TopicPartition, Long> newest = new HashMap<>();
        TopicAdmin.offsets(admin, asked, IsolationLevel.READ_UNCOMMITTED)
                .forEach((partition, info) -> newest.put(partition, info.timestamp()));
        return newest;
    }

    private GenerationStatus status(ProductLifecycle lifecycle, GenerationRecord record, Seen seen) {
        Generation generation = new Generation(lifecycle.name(), record.number());
        Optional<Failure> failure = record.role() == Role.RETIRED ? Optional.empty() : domains.failure(generation);
        // One that has failed is a member until brokers miss it.
        int processes = (int) seen.processes().getOrDefault(generation, List.of()).stream()
                .filter(process ->
                        failure.filter(one -> one.process().equals(process)).isEmpty())
                .count();
        Optional<String> cut = Optional.ofNullable(lifecycle.cut())
                .filter(order -> order.concerns(record.number()) && !order.isOver(clock.instant()))
                .map(Cut::id);
        boolean retired = record.role() == Role.RETIRED;
        Map<TopicPartition, Long> positions = retired ? Map.of() : positions(generation, record, seen);
        NextRecords next = next(positions, seen.ends());
        List<PartitionStatus> partitions = partitions(record, positions, next, seen);
        long done = inputs(partitions, true);
        long target = inputs(partitions, false);
        boolean caughtUp = !retired && caughtUp(record, partitions);
        OptionalDouble rate = retired ? OptionalDouble.empty() : rate(generation, done);
        return new GenerationStatus(
                generation,
                record.role(),
                record.build(),
                state(record.role(), processes, cut, caughtUp),
                Instant.parse(record.history().createdAt()),
                partitions,
                retired ? List.of() : unseen(record, seen),
                done,
                target,
                rate,
                caughtUp ? Optional.empty() : remaining(target - done, rate),
                retired ? Optional.empty() : eventTimeLag(record, positions, next, seen),
                caughtUp,
                processes,
                cut,
                record.computation().adoptions(),
                deadLetters(generation, record.role(), seen),
                failure);
    }

    private static List<String> unseen(GenerationRecord record, Seen seen) {
        return record.inputs().stream()
                .filter(input -> !seen.topics().contains(input))
                .sorted()
                .toList();
    }

    /** What was committed; what never was begins where the partition does. */
    private static Map<TopicPartition, Long> positions(Generation generation, GenerationRecord record, Seen seen) {
        Map<TopicPartition, Long> committed = seen.committed().getOrDefault(generation, Map.of());
        Set<String> read = new HashSet<>(record.inputs());
        read.addAll(GenerationTopics.between(generation, seen.topics()));
        Map<TopicPartition, Long> positions = new HashMap<>();
        seen.beginnings().forEach((partition, beginning) -> {
            if (read.contains(partition.topic())) {
                positions.put(partition, Math.max(beginning, committed.getOrDefault(partition, beginning)));
            }
        });
        return positions;
    }

    private NextRecords next(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> behind = new HashMap<>(positions);
        behind.entrySet().removeIf(one -> one.getValue() >= ends.getOrDefault(one.getKey(), 0L));
        return NextRecords.after(settings.client(), behind, ends);
    }

    private static List<PartitionStatus> partitions(
            GenerationRecord record, Map<TopicPartition, Long> positions, NextRecords next, Seen seen) {
        Map<TopicPartition, Long> goal = record.goalOffsets();
        List<PartitionStatus> partitions = new ArrayList<>();
        positions.forEach((partition, position) -> {
            long end = seen.ends().getOrDefault(partition, position);
            boolean input = record.inputs().contains(partition.topic());
            partitions.add(new PartitionStatus(
                    partition.topic(),
                    partition.partition(),
                    seen.beginnings().getOrDefault(partition, 0L),
                    next.none().contains(partition) ? end : position,
                    end,
                    input ? OptionalLong.of(goal.getOrDefault(partition, 0L)) : OptionalLong.empty()));
        });
        partitions.sort(Comparator.comparing(PartitionStatus::isInput)
                .reversed()
                .thenComparing(PartitionStatus::topic)
                .thenComparing(PartitionStatus::partition));
        return partitions;
    }

    private static long inputs(List<PartitionStatus> partitions, boolean done) {
        return partitions.stream()
                .filter(PartitionStatus::isInput)
                .mapToLong(one -> (done ? one.position() : one.end()) - one.beginning())
                .sum();
    }

    private boolean caughtUp(GenerationRecord record, List<PartitionStatus> partitions) {
        long inputs = partitions.stream().filter(PartitionStatus::isInput).count();
        long lag = partitions.stream().mapToLong(PartitionStatus::lag).sum();
        return inputs >= record.history().goal().size()
                && partitions.stream().allMatch(PartitionStatus::pastGoal)
                && lag <= settings.replayLagRecords();
    }

    private static GenerationState state(Role role, int processes, Optional<String> cut, boolean caughtUp) {
        if (role == Role.RETIRED) {
            return GenerationState.RETIRED;
        }
        if (processes == 0) {
            return GenerationState.STOPPED;
        }
        if (cut.isPresent()) {
            return GenerationState.PAUSED;
        }
        return caughtUp ? GenerationState.LIVE : GenerationState.REPLAYING;
    }

    private OptionalDouble rate(Generation generation, long done) {
        Look now = new Look(System.nanoTime(), done);
        Look before = lastLooks.put(generation, now);
        if (before == null || now.nanos() <= before.nanos()) {
            return OptionalDouble.empty();
        }
        double seconds =
                (now.nanos() - before.nanos()) / (double) Duration.ofSeconds(1).toNanos();
        return OptionalDouble.of(Math.max(0, (now.done() - before.done()) / seconds));
    }

    private static Optional<Duration> remaining(long records, OptionalDouble rate) {
        return rate.isPresent() && rate.getAsDouble() > 0
                ? Optional.of(Duration.ofSeconds(Math.round(records / rate.getAsDouble())))
                : Optional.empty();
    }

    private static Optional<Duration> eventTimeLag(
            GenerationRecord record, Map<TopicPartition, Long> positions, NextRecords next, Seen seen) {
        long largest = 0;
        for (Map.Entry<TopicPartition, Long> one : positions.entrySet()) {
            TopicPartition partition = one.getKey();
            boolean behind = one.getValue() < seen.ends().getOrDefault(partition, 0L);
            if (!record.inputs().contains(partition.topic())
                    || !behind
                    || next.none().contains(partition)) {
                continue;
            }
            Long timestamp = next.timestamps().get(partition);
            if (timestamp == null) {
                return Optional.empty();
            }
            largest = Math.max(largest, seen.newest().getOrDefault(partition, timestamp) - timestamp);
        }
        return Optional.of(Duration.ofMillis(largest));
    }
}
