package io.kappamesh.benchmarks.flink;

import io.kappamesh.contracts.sales.orders.v1.Order;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Tells Flink that orders are written by {@link OrderSerializer}, into state, and between tasks if there are several. */
final class OrderType extends TypeInformation<Order> {
    private static final long serialVersionUID = 1L;

    private final String registryUrl;

    OrderType(String registryUrl) {
        this.registryUrl = registryUrl;
    }

    @Override
    public TypeSerializer<Order> createSerializer(SerializerConfig config) {
        return new OrderSerializer(registryUrl);
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<Order> getTypeClass() {
        return Order.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof OrderType;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrderType type && registryUrl.equals(type.registryUrl);
    }

    @Override
    public int hashCode() {
        return registryUrl.hashCode();
    }

    @Override
    public String toString() {
        return "Order";
    }
}
