package io.kappamesh.benchmarks.arm;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.AvroSerde;
import java.util.List;
import java.util.Map;

/** How events are read and orders written by the arms that are not ours: with the same codec as in ours, so that it decides nothing. */
public final class OrderCodecs implements AutoCloseable {
    private final SchemaRegistry registry;
    private final int orderId;

    /** Connects to the registry, where the schemas of orders and their events are. */
    public OrderCodecs(String registryUrl) {
        registry = SchemaRegistry.connect(Map.of("schema.registry.url", registryUrl));
        List<RegisteredSchema> versions =
                registry.versions(SalesPorts.ORDERS.address().valueSubject());
        orderId = versions.get(versions.size() - 1).id();
    }

    public AvroDecoder<OrderPlaced> events() {
        return new AvroDecoder<>(AvroType.of(OrderPlaced.class), registry);
    }

    public AvroEncoder<Order> orders() {
        return new AvroEncoder<>(AvroType.of(Order.class), orderId);
    }

    /** Reads again what {@link #orders} has written. */
    public AvroDecoder<Order> written() {
        return new AvroDecoder<>(AvroType.of(Order.class), registry);
    }

    AvroSerde<Order> orderSerde() {
        return new AvroSerde<>(AvroType.of(Order.class), registry, orderId);
    }

    @Override
    public void close() {
        registry.close();
    }
}
