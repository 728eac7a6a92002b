package io.kappamesh.benchmarks.arm;

import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.generation.Generation;
import io.kappamesh.platform.Platform;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.sales.SalesProducts;
import io.kappamesh.serde.AvroSerde;
import io.kappamesh.settings.Settings;
import io.kappamesh.streams.StreamsConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What people write by hand: plain Kafka Streams, one thread, exactly once. The store is not cached, because hardly any order comes twice,
 * and a cache on such keys costs a third of the speed.
 */
final class HandMade implements Pipeline {
    private final String group;
    private final AtomicLong taken = new AtomicLong();
    private final OrderCodecs codecs;
    private final KafkaStreams streams;
    private final @Nullable Platform platform;
    private volatile @Nullable Throwable failure;

    /**
     * @param output the topic for orders
     * @param stateful whether the latest order of each key is kept in a store
     * @param tuned with the settings that our runtime gives Kafka Streams, its clients and RocksDB, in place of Kafka's defaults
     */
    HandMade(Job job, String output, boolean stateful, boolean tuned) {
        group = "bench." + output;
        codecs = new OrderCodecs(job);
        platform = tuned ? platform(job) : null;
        Map<String, Object> config = new HashMap<>(platform == null ? Map.of() : ours(platform));
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, group);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, job.bootstrapServers());
        config.put(StreamsConfig.STATE_DIR_CONFIG, job.directory().toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        Properties properties = new Properties();
        properties.putAll(config);
        streams = new KafkaStreams(topology(output, stateful, job.records()), properties);
        streams.setUncaughtExceptionHandler(thrown -> {
            failure = thrown;
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
    }

    private static Platform platform(Job job) {
        return Platform.of(MeshPipeline.settings(job), 1, new SimpleMeterRegistry(), ObservationRegistry.NOOP);
    }

    private static Map<String, Object> ours(Platform platform) {
        Settings settings = platform.settings();
        Map<String, Object> config = StreamsConfiguration.of(
                Generation.of("sales.orders.g1"), SalesProducts.orders().product(), platform);
        config.putAll(settings.client());
        return config;
    }

    private Topology topology(String output, boolean stateful, long records) {
        Serde<OrderPlaced> events =
                Serdes.serdeFrom((topic, value) -> new byte[0], codecs.events().asDeserializer());
        AvroSerde<Order> orders = codecs.orderSerde();
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Order> placed = builder.stream(
                        SalesPorts.ORDER_EVENTS.topic(), Consumed.with(Serdes.String(), events))
                .processValues(() -> new Counting(taken, records))
                .filter((key, event) -> OrderSteps.objection(event).isEmpty())
                .mapValues(OrderSteps::order);
        KStream<String, Order> results = stateful
                ? placed.groupByKey(Grouped.with(Serdes.String(), orders))
                        .reduce(
                                OrderSteps::later,
                                Materialized.<String, Order, KeyValueStore<Bytes, byte[]>>as("orders")
                                        .withKeySerde(Serdes.String())
                                        .withValueSerde(orders)
                                        .withCachingDisabled())
                        .toStream()
                : placed;
        results.to(output, Produced.with(Serdes.String(), orders));
        return builder.build();
    }

    /** Counts events, and asks for a commit behind the last one: the clock would wait for the end of a long interval. */
    private static final class Counting extends ContextualFixedKeyProcessor<String, OrderPlaced, OrderPlaced> {
        private final AtomicLong taken;
        private final long all;

        Counting(AtomicLong taken, long all) {
            this.taken = taken;
            this.all = all;
        }

        @Override
        public void process(FixedKeyRecord<String, OrderPlaced> record) {
            context().forward(record);
            if (taken.incrementAndGet() == all) {
                context().commit();
            }
        }
    }

    @Override
    public String group() {
        return group;
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
        codecs.close();
        if (platform != null) {
            platform.close();
        }
    }
}
