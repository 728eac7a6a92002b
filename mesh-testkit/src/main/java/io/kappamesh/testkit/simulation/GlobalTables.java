package io.kappamesh.testkit.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailExceptionHandler;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.internals.GlobalProcessorContextImpl;
import org.apache.kafka.streams.processor.internals.GlobalStateManagerImpl;
import org.apache.kafka.streams.processor.internals.GlobalStateUpdateTask;
import org.apache.kafka.streams.processor.internals.ProcessorTopology;
import org.apache.kafka.streams.processor.internals.StateDirectory;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.streams.state.internals.ThreadCache;

/**
 * The global tables of the one instance, filled outside the order of everything else, as {@code TopologyTestDriver} does it: read in
 * Kafka Streams 4.4.0. They outlive the tasks' restarts.
 */
final class GlobalTables {
    private final GlobalStateUpdateTask task;
    private final Logs logs;
    private final Map<TopicPartition, Long> next = new LinkedHashMap<>();

    GlobalTables(
            ProcessorTopology topology,
            StreamsConfig config,
            StateDirectory stateDirectory,
            StreamsMetricsImpl metrics,
            ThreadCache cache,
            Logs logs,
            Time time) {
        this.logs = logs;
        LogContext logContext = new LogContext("simulation ");
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        topology.sourceTopics().stream().sorted().forEach(topic -> {
            for (int partition = 0; partition < logs.partitions(topic); partition++) {
                next.put(new TopicPartition(topic, partition), 0L);
            }
            consumer.updatePartitions(topic, partitions(topic));
        });
        consumer.updateBeginningOffsets(next);
        consumer.updateEndOffsets(next);
        GlobalStateManagerImpl state =
                new GlobalStateManagerImpl(logContext, time, topology, consumer, stateDirectory, new Unheard(), config);
        GlobalProcessorContextImpl context = new GlobalProcessorContextImpl(config, state, metrics, cache, time);
        state.setGlobalProcessorContext(context);
        task = new GlobalStateUpdateTask(
                logContext, topology, context, state, new LogAndFailExceptionHandler(), null, time, Long.MAX_VALUE);
        task.initialize();
    }

    boolean hasReadFrom(TopicPartition place) {
        return next.getOrDefault(place, 0L) > 0;
    }

    /** Takes in up to so many records of each partition. */
    boolean fill(int max) {
        boolean progress = false;
        for (Map.Entry<TopicPartition, Long> place : next.entrySet()) {
            List<ConsumerRecord<byte[], byte[]>> records = logs.read(place.getKey(), place.getValue(), max);
            records.forEach(task::update);
            place.setValue(logs.next(place.getKey(), records, max));
            progress |= !records.isEmpty();
        }
        task.flushState();
        return progress;
    }

    private List<PartitionInfo> partitions(String topic) {
        return next.keySet().stream()
                .filter(place -> place.topic().equals(topic))
                .map(place -> new PartitionInfo(topic, place.partition(), null, null, null))
                .toList();
    }

    /** Nothing is restored: at the start nothing is there. */
    private static final class Unheard implements StateRestoreListener {
        @Override
        public void onRestoreStart(TopicPartition place, String store, long from, long to) {}

        @Override
        public void onBatchRestored(TopicPartition place, String store, long to, long count) {}

        @Override
        public void onRestoreEnd(TopicPartition place, String store, long total) {}
    }
}
