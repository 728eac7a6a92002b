package io.kappamesh.system;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What had arrived at one moment, taken in this order: orders as the shop placed them, shipment events, orders as sales publishes them.
 * A shipment event that was there while its order was still missing afterwards came to logistics before its order; one that was
 * missing while its order had been placed before came after. Record timestamps tell nothing of this: they are event time.
 */
final class Arrivals {
    private static final String PLACED = "sales.order-events.v1";
    private static final String ORDERS = "sales.orders.v1";
    private static final String SHIPMENTS = "logistics.shipment-events.v1";

    private final String bootstrapServers;
    private final Map<TopicPartition, Long> placed;
    private final Map<TopicPartition, Long> shipments;
    private final Map<TopicPartition, Long> orders;

    private Arrivals(String bootstrapServers, Admin admin) throws ExecutionException, InterruptedException {
        this.bootstrapServers = bootstrapServers;
        this.placed = ends(admin, PLACED);
        this.shipments = ends(admin, SHIPMENTS);
        this.orders = ends(admin, ORDERS);
    }

    /** Looks as soon as so many shipment events are there. */
    static Arrivals midway(String bootstrapServers, long events) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            await().alias(events + " shipment events")
                    .atMost(TestPlatform.TIMEOUT)
                    .until(() -> ends(admin, SHIPMENTS).values().stream()
                                    .mapToLong(end -> end)
                                    .sum()
                            >= events);
            return new Arrivals(bootstrapServers, admin);
        }
    }

    long shipmentsThatOutranTheirOrder() {
        return count(ORDERS, shipment -> arrivedBy(shipments, shipment), order -> !arrivedBy(orders, order));
    }

    long shipmentsThatFollowedTheirOrder() {
        return count(PLACED, shipment -> !arrivedBy(shipments, shipment), order -> arrivedBy(placed, order));
    }

    private long count(
            String orderTopic,
            Predicate<ConsumerRecord<byte[], byte[]>> ofShipment,
            Predicate<ConsumerRecord<byte[], byte[]>> ofOrder) {
        Map<String, ConsumerRecord<byte[], byte[]>> byKey = new HashMap<>();
        TopicLog.records(bootstrapServers, orderTopic).forEach(order -> byKey.put(key(order), order));
        return TopicLog.records(bootstrapServers, SHIPMENTS).stream()
                .filter(ofShipment)
                .filter(shipment -> ofOrder.test(byKey.get(key(shipment))))
                .count();
    }

    private static boolean arrivedBy(Map<TopicPartition, Long> ends, ConsumerRecord<byte[], byte[]> record) {
        return record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()));
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static Map<TopicPartition, Long> ends(Admin admin, String topic)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> partitions =
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                        .collect(Collectors.toMap(
                                info -> new TopicPartition(topic, info.partition()), info -> OffsetSpec.latest()));
        return admin.listOffsets(partitions).all().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
}
