package io.kappamesh.benchmarks.flink;

import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.sales.SalesPorts;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * {@code sales.orders} as people would write it for Flink: a source and an exactly-once sink of Kafka, and {@code reduce} of the DataStream
 * API, by the key that events have in Kafka. One JVM, parallelism 1, clients tuned as ours are, nothing copied that need not be ({@code pipeline.object-reuse}). Checkpoints go to
 * files of this machine.
 */
final class FlinkOrders implements Pipeline {
    /** What Flink gives RocksDB if nobody says otherwise; ours has 96 MiB. */
    private static final MemorySize MANAGED = MemorySize.ofMebiBytes(128);

    private final String group;
    private final MiniCluster cluster;
    private final JobGraph graph;
    private final CompletableFuture<JobResult> end;
    private final CompletableFuture<Long> checkpoint;

    /**
     * @param output the topic for orders
     * @param backend which of Flink's state backends: {@code hashmap} or {@code rocksdb}
     * @param interval between two checkpoints, and so between two commits
     */
    FlinkOrders(Job job, String output, String backend, Duration interval) throws Exception {
        group = "bench." + output;
        Configuration configuration = configuration(job, backend, interval);
        graph = graph(job, output, group, configuration);
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build());
        cluster.start();
        cluster.submitJob(graph).get();
        end = cluster.requestJobResult(graph.getJobID());
        // As the other arms ask for a commit behind the last record: the interval would be waited for.
        checkpoint =
                Taken.all().thenCompose(all -> cluster.triggerCheckpoint(graph.getJobID(), CheckpointType.CONFIGURED));
    }

    private static Configuration configuration(Job job, String backend, Duration interval) {
        return new Configuration()
                .set(StateBackendOptions.STATE_BACKEND, backend)
                .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED)
                .set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval)
                .set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE)
                .set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true)
                .set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem")
                .set(
                        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                        job.directory().resolve("checkpoints").toUri().toString())
                .set(CoreOptions.TMP_DIRS, job.directory().toString())
                .set(PipelineOptions.OBJECT_REUSE, true)
                .set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    }

    private static JobGraph graph(Job job, String output, String group, Configuration configuration) {
        StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        flink.setParallelism(1);
        OrderType orders = new OrderType(job.registryUrl());
        DataStream<Order> placed = flink.fromSource(
                        source(job, group), WatermarkStrategy.noWatermarks(), "order-events")
                .filter(event -> OrderSteps.objection(event).isEmpty())
                .map(OrderSteps::order, orders);
        // Events are keyed by the order already: keyBy would encode, hand over and decode each order once more.
        DataStreamUtils.reinterpretAsKeyedStream(placed, Order::getOrderId, Types.STRING)
                .reduce(OrderSteps::later)
                .sinkTo(sink(job, output, group));
        return flink.getStreamGraph().getJobGraph();
    }

    private static KafkaSource<OrderPlaced> source(Job job, String group) {
        return KafkaSource.<OrderPlaced>builder()
                .setBootstrapServers(job.bootstrapServers())
                .setTopics(SalesPorts.ORDER_EVENTS.topic())
                .setGroupId(group)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "4000")
                .setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(4 * 1024 * 1024))
                .setDeserializer(new OrderEventReader(job.registryUrl(), job.records()))
                .build();
    }

    private static KafkaSink<Order> sink(Job job, String output, String group) {
        Properties producer = new Properties();
        producer.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(128 * 1024));
        producer.setProperty(ProducerConfig.LINGER_MS_CONFIG, "20");
        producer.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // Flink's default is an hour, which brokers refuse.
        producer.setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "600000");
        return KafkaSink.<Order>builder()
                .setBootstrapServers(job.bootstrapServers())
                .setKafkaProducerConfig(producer)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(group)
                .setRecordSerializer(new OrderWriter(output, job.registryUrl()))
                .build();
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public long taken() {
        return Taken.count();
    }

    @Override
    public void requireAlive() {
        if (end.isDone()) {
            throw new IllegalStateException(
                    "Flink's job ended", end.join().getSerializedThrowable().orElse(null));
        }
    }

    @Override
    public Optional<Boolean> hasCheckpoint() {
        if (checkpoint.isCompletedExceptionally()) {
            checkpoint.join();
        }
        return Optional.of(checkpoint.isDone());
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (Exception e) {
            throw new IllegalStateException("Flink does not stop", e);
        }
    }
}
