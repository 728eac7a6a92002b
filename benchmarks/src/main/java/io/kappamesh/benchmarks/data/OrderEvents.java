package io.kappamesh.benchmarks.data;

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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes TPC-H's order events into the source of {@code sales}, and knows which orders have to come out. Stateless. */
public final class OrderEvents {
    /** More than a registry of benchmarks ever gives. */
    private static final int FIRST_UNKNOWN_ID = 1_000_000;

    private OrderEvents() {}

    /** An event as it is written, and what has to come of it, computed without any broker. */
    public static final class Encoded {
        private final byte[] key;
        private final long millis;
        private final byte[] value;
        private final byte[] order;

        private Encoded(byte[] key, long millis, byte[] value, byte[] order) {
            this.key = key;
            this.millis = millis;
            this.value = value;
            this.order = order;
        }

        /** The key of both records. */
        public byte[] key() {
            return key;
        }

        public ProducerRecord<byte[], byte[]> record() {
            return new ProducerRecord<>(SalesPorts.ORDER_EVENTS.topic(), null, millis, key, value);
        }

        /** The rows before, and the one that comes of this event; its schema id does not count. */
        public Rows after(Rows before) {
            return before.and(key, order);
        }
    }

    /**
     * The events of a scale, in the order of their times.
     *
     * @param registry where sales has registered its schemas
     */
    public static Iterator<Encoded> encoded(SchemaRegistry registry, double scale) {
        List<RegisteredSchema> versions =
                registry.versions(SalesPorts.ORDER_EVENTS.address().valueSubject());
        AvroEncoder<OrderPlaced> events = new AvroEncoder<>(
                AvroType.of(OrderPlaced.class),
                versions.get(versions.size() - 1).id());
        AvroEncoder<Order> orders = new AvroEncoder<>(AvroType.of(Order.class), 0);
        Iterator<TpchEvent> all =
                TpchEvents.atScale(scale).only(EventStream.ORDERS).iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Encoded next() {
                TpchEvent event = all.next();
                OrderPlaced placed = (OrderPlaced) event.value();
                return new Encoded(
                        event.key().getBytes(StandardCharsets.UTF_8),
                        event.timestamp(),
                        events.encode(placed),
                        orders.encode(OrderSteps.order(placed)));
            }
        };
    }

    /**
     * Writes the events of a scale.
     *
     * @return what an arm has to write
     */
    public static Rows load(String bootstrapServers, SchemaRegistry registry, double scale) {
        Rows expected = Rows.NONE;
        try (InputWriter writer = new InputWriter(bootstrapServers)) {
            for (Iterator<Encoded> events = encoded(registry, scale); events.hasNext(); ) {
                Encoded event = events.next();
                expected = event.after(expected);
                writer.send(event.record());
            }
        }
        return expected;
    }

    /**
     * Writes the events of a scale, each with the id of another schema that nobody has registered.
     *
     * @return what is in the source then, and has to come out as dead letters, with ids
     */
    public static Rows loadWithoutSchemas(String bootstrapServers, SchemaRegistry registry, double scale) {
        Rows written = Rows.NONE;
        try (InputWriter writer = new InputWriter(bootstrapServers)) {
            int id = FIRST_UNKNOWN_ID;
            for (Iterator<Encoded> events = encoded(registry, scale); events.hasNext(); id++) {
                Encoded event = events.next();
                ByteBuffer.wrap(event.value).putInt(1, id);
                written = written.andWhole(event.key, event.value);
                writer.send(event.record());
            }
        }
        return written;
    }

    /**
     * Writes what has to come of the events of a scale into topics, as a product would.
     *
     * @return what stands in each of them
     */
    public static Rows loadOrders(String bootstrapServers, SchemaRegistry registry, double scale, String... topics) {
        Rows orders = Rows.NONE;
        try (InputWriter writer = new InputWriter(bootstrapServers)) {
            for (Iterator<Encoded> events = encoded(registry, scale); events.hasNext(); ) {
                Encoded event = events.next();
                orders = event.after(orders);
                for (String topic : topics) {
                    writer.send(topic, event.millis, event.key, event.order);
                }
            }
        }
        return orders;
    }

    /**
     * Writes records.
     *
     * @throws BenchException when one of them is not taken
     */
    public static void write(String bootstrapServers, Iterator<ProducerRecord<byte[], byte[]>> records) {
        try (InputWriter writer = new InputWriter(bootstrapServers)) {
            records.forEachRemaining(writer::send);
        }
    }
}
