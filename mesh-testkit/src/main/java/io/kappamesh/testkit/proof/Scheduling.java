package io.kappamesh.testkit.proof;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;

/**
 * Draws schedules. The order inside a partition is that of the history, everything else is chance: which partition gets its next
 * records, what is fetched and processed when, when a task commits, restarts or crashes, what a producer delivers again, when a table is
 * compacted.
 */
final class Scheduling {

    /** What a schedule brings beside another order. */
    enum Kind {
        BULK,
        INTERLEAVED,
        RESTARTED,
        REDELIVERED,
        COMPACTED
    }

    private static final int[] CACHES = {0, 500, (int) Schedule.LARGE_CACHE_BYTES};
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final List<Input> inputs;
    private final Map<TaskId, List<TopicPartition>> tasks;
    private final int partitions;
    private final Optional<Duration> skew;
    private final RandomGenerator random;
    private final List<Step> steps = new ArrayList<>();

    private Scheduling(
            List<Input> inputs,
            Map<TaskId, List<TopicPartition>> tasks,
            int partitions,
            Optional<Duration> skew,
            RandomGenerator random) {
        this.inputs = inputs;
        this.tasks = tasks;
        this.partitions = partitions;
        this.skew = skew;
        this.random = random;
    }

    static Schedule draw(
            Kind kind,
            List<Input> inputs,
            Map<TaskId, List<TopicPartition>> tasks,
            int partitions,
            Optional<Duration> skew,
            RandomGenerator random) {
        return kind == Kind.BULK
                ? Schedule.bulk(inputs)
                : new Scheduling(inputs, tasks, partitions, skew, random).interleaved(kind);
    }

    private Schedule interleaved(Kind kind) {
        int burst = 1 + random.nextInt(10);
        int portion = 1 + random.nextInt(20);
        double commits = 0.02 + 0.5 * random.nextDouble();
        boolean ending = kind == Kind.RESTARTED || (kind == Kind.COMPACTED && random.nextBoolean());
        double ends = ending ? 0.03 + 0.1 * random.nextDouble() : 0;
        List<Deque<Input>> arriving = arriving(kind == Kind.REDELIVERED);
        List<TopicPartition> tables =
                kind == Kind.COMPACTED ? List.copyOf(Schedule.tables(inputs, partitions)) : List.of();
        if (!tables.isEmpty()) {
            int before = random.nextBoolean() ? inputs.size() : random.nextInt(inputs.size());
            for (int arrived = 0; arrived < before && !arriving.isEmpty(); arrived++) {
                arrive(arriving, 1);
            }
            tables.forEach(place -> steps.add(new Step.Compact(place, random.nextBoolean())));
        }
        while (!arriving.isEmpty()) {
            arrive(arriving, 1 + random.nextInt(burst));
            work(random.nextInt(4), portion);
            maybe(commits, () -> anyTasks().forEach(task -> steps.add(new Step.Commit(task))));
            maybe(ends, () -> anyTasks().forEach(task -> steps.add(ending(task))));
            if (!tables.isEmpty()) {
                maybe(
                        0.1,
                        () -> steps.add(
                                new Step.Compact(tables.get(random.nextInt(tables.size())), random.nextBoolean())));
            }
            maybe(0.1, () -> steps.add(new Step.Wait(Duration.ofMillis(random.nextLong(LONGEST_WAIT.toMillis())))));
        }
        for (int more = 0; more < tasks.size(); more++) {
            work(2, portion);
            maybe(commits, () -> anyTasks().forEach(task -> steps.add(new Step.Commit(task))));
            maybe(ends, () -> anyTasks().forEach(task -> steps.add(ending(task))));
        }
        return new Schedule(
                switch (kind) {
                    case BULK, INTERLEAVED -> "another order between topics, partitions and tasks";
                    case RESTARTED -> "another order, with tasks that restart or crash";
                    case REDELIVERED -> "another order, with records that are delivered again";
                    case COMPACTED -> "another order, with tables that are compacted";
                },
                CACHES[random.nextInt(CACHES.length)],
                kind == Kind.REDELIVERED,
                steps);
    }

    /** What each partition will get, in its order. */
    private List<Deque<Input>> arriving(boolean again) {
        Map<TopicPartition, List<Input>> places = new LinkedHashMap<>();
        inputs.forEach(input -> places.computeIfAbsent(input.place(partitions), first -> new ArrayList<>())
                .add(input));
        List<Deque<Input>> arriving = new ArrayList<>();
        places.values().forEach(place -> arriving.add(new ArrayDeque<>(again ? redelivered(place) : place)));
        return arriving;
    }

    /** A producer that is not sure goes back to an earlier record and delivers again from there. */
    private List<Input> redelivered(List<Input> place) {
        List<Input> deliveries = new ArrayList<>();
        for (int last = 0; last < place.size(); last++) {
            deliveries.add(place.get(last));
            if (random.nextDouble() < 0.2) {
                deliveries.addAll(place.subList(Math.max(0, last - random.nextInt(5)), last + 1));
            }
        }
        return deliveries;
    }

    private void arrive(List<Deque<Input>> arriving, int count) {
        long earliest = arriving.stream()
                .mapToLong(place -> place.element().timestamp())
                .min()
                .orElseThrow();
        List<Deque<Input>> allowed = arriving.stream()
                .filter(place -> isAllowed(place.element(), earliest))
                .toList();
        Deque<Input> place = allowed.get(random.nextInt(allowed.size()));
        for (int arrived = 0; arrived < count && !place.isEmpty(); arrived++) {
            if (!isAllowed(place.element(), earliest)) {
                break;
            }
            steps.add(new Step.Arrive(place.remove().number()));
        }
        arriving.removeIf(Deque::isEmpty);
    }

    private boolean isAllowed(Input input, long earliest) {
        return skew.isEmpty() || input.timestamp() - earliest <= skew.get().toMillis();
    }

    private void work(int turns, int portion) {
        for (int turn = 0; turn < turns; turn++) {
            TaskId task = anyTask();
            List<TopicPartition> sources = new ArrayList<>(tasks.getOrDefault(task, List.of()));
            Collections.shuffle(sources, new Random(random.nextLong()));
            sources.forEach(source ->
                    maybe(0.8, () -> steps.add(new Step.Fetch(task, source, 1 + random.nextInt(portion)))));
            steps.add(new Step.Work(task, 1 + random.nextInt(portion)));
        }
    }

    private Step ending(TaskId task) {
        return random.nextBoolean() ? new Step.Crash(task) : new Step.Restart(task);
    }

    private List<TaskId> anyTasks() {
        return random.nextInt(4) == 0 ? List.copyOf(tasks.keySet()) : List.of(anyTask());
    }

    private TaskId anyTask() {
        return List.copyOf(tasks.keySet()).get(random.nextInt(tasks.size()));
    }

    private void maybe(double probability, Runnable step) {
        if (random.nextDouble() < probability) {
            step.run();
        }
    }
}
