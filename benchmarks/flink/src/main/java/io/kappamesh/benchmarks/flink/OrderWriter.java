package io.kappamesh.benchmarks.flink;

import io.kappamesh.benchmarks.arm.OrderCodecs;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.serde.AvroEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Encodes orders, with the key and the timestamp that the other arms give them. For one thread. */
final class OrderWriter implements KafkaRecordSerializationSchema<Order> {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final String registryUrl;
    private transient @Nullable AvroEncoder<Order> encoder;

    OrderWriter(String topic, String registryUrl) {
        this.topic = topic;
        this.registryUrl = registryUrl;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(Order order, KafkaSinkContext context, Long timestamp) {
        if (encoder == null) {
            try (OrderCodecs codecs = new OrderCodecs(registryUrl)) {
                encoder = codecs.orders();
            }
        }
        return new ProducerRecord<>(
                topic,
                null,
                order.getPlacedAt().toEpochMilli(),
                order.getOrderId().getBytes(StandardCharsets.UTF_8),
                encoder.encode(order));
    }
}
