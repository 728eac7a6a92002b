package io.kappamesh.testkit.simulation;

import io.kappamesh.stack.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers;

/**
 * A topology running on several partitions, exactly once, with nothing left to chance: it does what it is told, in the order in which
 * it is told. Real stream tasks, stores, caches, serdes and restoration; topics, consumers and transactions in memory. The same calls
 * bring the same result.
 *
 * <p>A step that cannot be done is no fault: a task that has nothing to process, or may not yet because Streams would wait for another
 * of its sources, does nothing. Not thread-safe.
 */
public final class Simulation implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int EVERYTHING = Integer.MAX_VALUE;

    private final Consumer<Happening> observer;
    private final Logs logs;
    private final ManualTime time = new ManualTime(START.toEpochMilli());
    private final Workspace state = Workspace.temporary("kappa-mesh-simulation-");
    private final StreamTasks streams;
    private final Optional<GlobalTables> globalTables;
    private final Map<TaskId, SimulatedTask> tasks = new LinkedHashMap<>();

    private Simulation(Topology topology, Map<String, ?> streamsConfig, int partitions, Consumer<Happening> observer) {
        this.observer = observer;
        this.logs = new Logs(partitions, time);
        Map<String, Object> config = new HashMap<>(streamsConfig);
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
        this.streams = new StreamTasks(topology, config, logs, time);
        this.globalTables = streams.globalTables();
        try {
            streams.tasks().forEach(id -> tasks.put(id, streams.begin(id)));
        } catch (RuntimeException ofTheTopology) {
            close();
            throw ofTheTopology;
        }
    }

    /** What to add to the configuration of Streams before a topology is built for a simulation: no broker, stores in memory. */
    public static Map<String, Object> config(String applicationId) {
        return Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                applicationId,
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "none:1",
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
                InMemoryDslStoreSuppliers.class);
    }

    /**
     * Starts all tasks of a topology, which is used up by it.
     *
     * @param streamsConfig what the topology was built with; {@code state.dir} is replaced by a temporary directory
     * @param partitions how many partitions every topic has, except repartition topics that say otherwise
     * @param observer is told what happens
     */
    public static Simulation start(
            Topology topology, Map<String, ?> streamsConfig, int partitions, Consumer<Happening> observer) {
        return new Simulation(topology, streamsConfig, partitions, observer);
    }

    /** The tasks: one for each part of the topology and partition. */
    public List<TaskId> tasks() {
        return List.copyOf(tasks.keySet());
    }

    /** The partitions that a task reads, sorted. */
    public List<TopicPartition> sources(TaskId task) {
        return sorted(task(task).sources());
    }

    /** A record comes to stand in an input topic: in the partition that it names, or else in the one that its key has in Kafka. */
    public void arrive(ProducerRecord<byte[], byte[]> record) {
        TopicPartition place = logs.append(record);
        observer.accept(new Happening.Arrived(place, logs.end(place) - 1));
    }

    /** A task fetches up to so many records of one of its sources. Until it has fetched from each once, it processes nothing. */
    public void fetch(TaskId task, TopicPartition source, int max) {
        task(task).fetch(source, max);
    }

    /** A task processes up to so many of the records it has fetched, in the order that Streams gives them, and punctuates. */
    public void process(TaskId task, int max) {
        task(task).process(max, observer);
    }

    /**
     * The global tables, if there are any, take in up to so many records of each partition of their topics. They are one instance's,
     * are seen by all of its tasks at once, and outlive what befalls a task.
     */
    public void fillGlobalTables(int max) {
        globalTables.ifPresent(tables -> tables.fill(max));
    }

    /** A task commits, if it has anything to commit. */
    public void commit(TaskId task) {
        task(task).commit(observer);
    }

    /** A task is closed and begins anew somewhere else: committed before, its state restored from the changelogs after. */
    public void restart(TaskId task) {
        task(task).commit(observer);
        task(task).end();
        tasks.put(task, streams.begin(task));
        observer.accept(new Happening.Restarted(task));
    }

    /** A task loses what it has not committed and begins anew, its state restored from the changelogs. */
    public void crash(TaskId task) {
        task(task).end();
        tasks.put(task, streams.begin(task));
        observer.accept(new Happening.Crashed(task));
    }

    /**
     * A partition of an input topic is compacted: what a later record of its key has replaced is gone.
     *
     * @param deletionsToo deletions go as well, unless somebody has begun to read the partition: brokers keep them for those who have
     *     ({@code delete.retention.ms})
     */
    public void compact(TopicPartition place, boolean deletionsToo) {
        boolean begun = tasks.values().stream().anyMatch(task -> task.hasReadFrom(place))
                || globalTables.map(tables -> tables.hasReadFrom(place)).orElse(false);
        List<Long> gone = logs.compact(place, deletionsToo && !begun);
        if (!gone.isEmpty()) {
            observer.accept(new Happening.Compacted(place, gone));
        }
    }

    /** The wall clock goes on. */
    public void advance(Duration duration) {
        time.advance(duration);
        observer.accept(new Happening.Waited(duration));
    }

    /**
     * Everything that stands in a topic is fetched, processed and committed, until nothing is left. Fetched and processed in full
     * before each commit, as in a replay; global tables first, as at a start.
     *
     * @throws IllegalStateException when a task has records and does not process them
     */
    public void settle() {
        boolean idled = false;
        while (true) {
            if (settleOnce()) {
                idled = false;
            } else if (tasks.values().stream().noneMatch(SimulatedTask::hasRecordsQueued)) {
                return;
            } else if (idled) {
                throw new IllegalStateException("a task holds records and never becomes ready to process them");
            } else {
                idled = true;
                time.advance(Duration.ofMillis(streams.maxTaskIdleMillis()));
            }
        }
    }

    /** All committed records of a topic, by partition and offset. Of a repartition topic or changelog too, under its full name. */
    public List<ConsumerRecord<byte[], byte[]>> log(String topic) {
        return logs.all(topic);
    }

    @Override
    public void close() {
        try {
            tasks.values().forEach(SimulatedTask::end);
        } finally {
            streams.close();
            state.close();
        }
    }

    private boolean settleOnce() {
        boolean progress = globalTables.map(tables -> tables.fill(EVERYTHING)).orElse(false);
        for (SimulatedTask task : new ArrayList<>(tasks.values())) {
            for (TopicPartition source : sorted(task.sources())) {
                progress |= task.fetch(source, EVERYTHING);
            }
        }
        for (SimulatedTask task : tasks.values()) {
            progress |= task.process(EVERYTHING, observer);
        }
        for (SimulatedTask task : tasks.values()) {
            progress |= task.commit(observer);
        }
        return progress;
    }

    private SimulatedTask task(TaskId id) {
        SimulatedTask task = tasks.get(id);
        if (task == null) {
            throw new IllegalArgumentException("there is no task " + id + "; the topology has " + tasks.keySet());
        }
        return task;
    }

    private static List<TopicPartition> sorted(Set<TopicPartition> places) {
        TreeSet<TopicPartition> sorted =
                new TreeSet<>(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
        sorted.addAll(places);
        return List.copyOf(sorted);
    }
}
