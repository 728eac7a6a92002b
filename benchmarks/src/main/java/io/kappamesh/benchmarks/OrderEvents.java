package io.kappamesh.benchmarks;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes TPC-H's order events into the source of {@code sales}, and knows which orders have to come out. Stateless. */
final class OrderEvents {
    private OrderEvents() {}

    /**
     * Writes the events of a scale.
     *
     * @param registry where sales has registered its schemas
     * @return what an arm has to write, computed without any broker
     */
    static Rows load(String bootstrapServers, SchemaRegistry registry, double scale) {
        String topic = SalesPorts.ORDER_EVENTS.topic();
        List<RegisteredSchema> versions =
                registry.versions(SalesPorts.ORDER_EVENTS.address().valueSubject());
        AvroEncoder<OrderPlaced> events = new AvroEncoder<>(
                AvroType.of(OrderPlaced.class),
                versions.get(versions.size() - 1).id());
        AvroEncoder<Order> orders = new AvroEncoder<>(AvroType.of(Order.class), 0);
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        Rows expected = Rows.NONE;
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers)) {
            for (TpchEvent event : TpchEvents.atScale(scale).only(EventStream.ORDERS)) {
                OrderPlaced placed = (OrderPlaced) event.value();
                byte[] key = event.key().getBytes(StandardCharsets.UTF_8);
                expected = expected.and(key, orders.encode(OrderSteps.order(placed)));
                var unused = producer.send(
                        new ProducerRecord<>(topic, null, event.timestamp(), key, events.encode(placed)),
                        (metadata, failure) -> {
                            if (failure != null) {
                                refused.compareAndSet(null, failure);
                            }
                        });
            }
            producer.flush();
        }
        Exception failure = refused.get();
        if (failure != null) {
            throw new BenchException("topic " + topic + ": an event was not taken: " + failure.getMessage());
        }
        return expected;
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
