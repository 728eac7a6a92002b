package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.generation.Generation;
import io.kappamesh.platform.Platform;
import io.kappamesh.settings.Settings;
import io.kappamesh.streams.StreamsConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;

/** A topology in plain Kafka Streams: one thread, exactly once. */
public final class PlainStreams implements Pipeline {
    private final String group;
    private final Set<String> sources;
    private final AtomicLong taken;
    private final AutoCloseable resource;
    private final @Nullable Platform platform;
    private final KafkaStreams streams;
    private volatile @Nullable Throwable failure;

    /**
     * Starts it.
     *
     * @param group the consumer group
     * @param sources the topics whose records are counted
     * @param topology counts in {@code taken} what it takes from them
     * @param like the product of ours whose settings of Kafka Streams, its clients and RocksDB it has; empty = Kafka's defaults
     * @param resource closed at the end
     */
    public PlainStreams(
            Job job,
            String group,
            Set<String> sources,
            Topology topology,
            AtomicLong taken,
            Optional<DataProduct> like,
            AutoCloseable resource) {
        this.group = group;
        this.sources = Set.copyOf(sources);
        this.taken = taken;
        this.resource = resource;
        platform = like.isPresent() ? platform(job) : null;
        Map<String, Object> config = new HashMap<>(platform == null ? Map.of() : ours(like.orElseThrow(), platform));
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, group);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, job.bootstrapServers());
        config.put(StreamsConfig.STATE_DIR_CONFIG, job.directory().toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        Properties properties = new Properties();
        properties.putAll(config);
        streams = new KafkaStreams(topology, properties);
        streams.setUncaughtExceptionHandler(thrown -> {
            failure = thrown;
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
    }

    private static Platform platform(Job job) {
        return Platform.of(MeshPipeline.settings(job), 1, new SimpleMeterRegistry(), ObservationRegistry.NOOP);
    }

    private static Map<String, Object> ours(DataProduct product, Platform platform) {
        Settings settings = platform.settings();
        Map<String, Object> config = StreamsConfiguration.of(Generation.of(product.name() + ".g1"), product, platform);
        config.putAll(settings.client());
        return config;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Set<String> sources() {
        return sources;
    }

    @Override
    public long taken() {
        return taken.get();
    }

    @Override
    public void requireAlive() {
        if (failure != null) {
            throw new IllegalStateException("Kafka Streams ended", failure);
        }
    }

    @Override
    public void close() {
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        if (platform != null) {
            platform.close();
        }
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException("what the topology used cannot be closed", e);
        }
    }
}
