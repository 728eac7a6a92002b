package io.kappamesh.testkit.simulation;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.ClientUtils.QuietStreamsConfig;
import org.apache.kafka.streams.processor.internals.InternalTopologyBuilder;
import org.apache.kafka.streams.processor.internals.ProcessorContextImpl;
import org.apache.kafka.streams.processor.internals.ProcessorStateManager;
import org.apache.kafka.streams.processor.internals.ProcessorTopology;
import org.apache.kafka.streams.processor.internals.StateDirectory;
import org.apache.kafka.streams.processor.internals.StreamTask;
import org.apache.kafka.streams.processor.internals.Task;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.streams.state.internals.ThreadCache;

/**
 * Real stream tasks out of a topology, as {@code TopologyTestDriver} makes its single one: the internals of Kafka Streams used here
 * were read in 4.4.0. Two things are reached by reflection because nothing public leads there: a topology's builder, and the state
 * manager's own way of restoring, which knows how the records of a changelog differ from what its stores keep.
 */
final class StreamTasks implements AutoCloseable {
    private static final Field BUILDER = field();
    private static final Method CHANGELOG = method("storeMetadata", TopicPartition.class);
    private static final Method RESTORE =
            method("restore", ProcessorStateManager.StateStoreMetadata.class, List.class, OptionalLong.class);

    private final StreamsConfig config;
    private final Logs logs;
    private final ManualTime time;
    private final InternalTopologyBuilder builder;
    private final Map<TopicPartition, OffsetAndMetadata> committed = new LinkedHashMap<>();
    private final LogContext logContext = new LogContext("simulation ");
    private final Metrics metrics;
    private final StreamsMetricsImpl streamsMetrics;
    private final StateDirectory stateDirectory;
    private final ThreadCache cache;

    StreamTasks(Topology topology, Map<String, ?> streamsConfig, Logs logs, ManualTime time) {
        this.config = new QuietStreamsConfig(streamsConfig);
        this.logs = logs;
        this.time = time;
        builder = builder(topology).rewriteTopology(config);
        metrics = new Metrics(time);
        streamsMetrics = new StreamsMetricsImpl(metrics, "simulation", time);
        stateDirectory = new StateDirectory(config, time, builder.hasPersistentStores(), false);
        cache = new ThreadCache(
                logContext, config.getLong(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG), streamsMetrics);
        builder.subtopologyToTopicsInfo()
                .values()
                .forEach(info -> info.repartitionSourceTopics.forEach((topic, settings) ->
                        settings.numberOfPartitions().ifPresent(count -> logs.create(topic, count))));
    }

    /** The global tables, which are there before any task begins. */
    Optional<GlobalTables> globalTables() {
        return Optional.ofNullable(builder.buildGlobalStateTopology())
                .map(topology -> new GlobalTables(topology, config, stateDirectory, streamsMetrics, cache, logs, time));
    }

    long maxTaskIdleMillis() {
        return config.getLong(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG);
    }

    /** The tasks of the topology, as Streams assigns them: one for each part and partition. */
    List<TaskId> tasks() {
        ProcessorTopology global = builder.buildGlobalStateTopology();
        Set<String> globalTopics = global == null ? Set.of() : global.sourceTopics();
        Map<Integer, Integer> partitions = new TreeMap<>();
        for (int part : builder.nodeGroups().keySet()) {
            Set<String> sources = builder.buildSubtopology(part).sourceTopics();
            if (!sources.isEmpty() && !globalTopics.containsAll(sources)) {
                partitions.put(
                        part, sources.stream().mapToInt(logs::partitions).max().orElseThrow());
            }
        }
        List<TaskId> tasks = new ArrayList<>();
        partitions.forEach((part, count) -> {
            for (int partition = 0; partition < count; partition++) {
                tasks.add(new TaskId(part, partition));
            }
        });
        return tasks;
    }

    /** A new life of a task: empty stores, restored from what is committed. */
    SimulatedTask begin(TaskId id) {
        ProcessorTopology part = builder.buildSubtopology(id.subtopology());
        Set<TopicPartition> sources = new HashSet<>();
        part.sourceTopics().stream()
                .filter(topic -> id.partition() < logs.partitions(topic))
                .forEach(topic -> sources.add(new TopicPartition(topic, id.partition())));
        ProcessorStateManager state = new ProcessorStateManager(
                id,
                Task.TaskType.ACTIVE,
                true,
                false,
                logContext,
                stateDirectory,
                time,
                part.storeToChangelogTopic(),
                sources);
        LogConsumer consumer = new LogConsumer(logs, committed);
        Transaction transaction = new Transaction(logs);
        StreamTask task = new StreamTask(
                id,
                sources,
                part,
                consumer,
                builder.topologyConfigs().getTaskConfig(),
                streamsMetrics,
                stateDirectory,
                cache,
                time,
                state,
                transaction,
                new ProcessorContextImpl(id, config, state, streamsMetrics, cache),
                logContext,
                false);
        task.initializeIfNeeded();
        part.storeToChangelogTopic()
                .values()
                .forEach(topic -> restore(state, new TopicPartition(topic, id.partition())));
        task.completeRestoration(noneToReset -> {});
        return new SimulatedTask(task, consumer, transaction, committed, time, maxTaskIdleMillis() > 0);
    }

    @Override
    public void close() {
        stateDirectory.close();
        metrics.close();
    }

    private void restore(ProcessorStateManager state, TopicPartition changelog) {
        List<ConsumerRecord<byte[], byte[]>> records = logs.read(changelog, 0, Integer.MAX_VALUE);
        Object store = invoke(CHANGELOG, state, changelog);
        if (store != null) {
            invoke(RESTORE, state, store, records, OptionalLong.empty());
        }
    }

    private static InternalTopologyBuilder builder(Topology topology) {
        try {
            return (InternalTopologyBuilder) BUILDER.get(topology);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Object invoke(Method method, Object on, Object... arguments) {
        try {
            return method.invoke(on, arguments);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(thrown);
        }
    }

    private static Field field() {
        try {
            Field field = Topology.class.getDeclaredField("internalTopologyBuilder");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException changed) {
            throw new IllegalStateException("the simulation was made for Kafka Streams 4.4", changed);
        }
    }

    private static Method method(String name, Class<?>... parameters) {
        try {
            Method method = ProcessorStateManager.class.getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException changed) {
            throw new IllegalStateException("the simulation was made for Kafka Streams 4.4", changed);
        }
    }
}
