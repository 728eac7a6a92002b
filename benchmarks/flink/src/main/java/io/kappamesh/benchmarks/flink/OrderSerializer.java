package io.kappamesh.benchmarks.flink;

import io.kappamesh.avro.Decoded;
import io.kappamesh.benchmarks.arm.OrderCodecs;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.AvroEncoder;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Orders with the same codec as in all other arms, behind their length. Orders count as immutable, because nothing in the job changes one: a copy is
 * the order itself, which spares Flink what its own serializer of Avro does. Thread-safe, so that a duplicate is the serializer itself, with its connection to the registry.
 */
final class OrderSerializer extends TypeSerializer<Order> {
    private static final long serialVersionUID = 1L;

    private final String registryUrl;
    private transient volatile @Nullable Codec codec;

    /** Both are thread-safe. */
    private record Codec(AvroEncoder<Order> encoder, AvroDecoder<Order> decoder) {}

    OrderSerializer(String registryUrl) {
        this.registryUrl = registryUrl;
    }

    private Codec codec() {
        Codec known = codec;
        return known == null ? connected() : known;
    }

    private synchronized Codec connected() {
        Codec known = codec;
        if (known == null) {
            // Stays connected: whoever decodes may meet another schema.
            OrderCodecs codecs = new OrderCodecs(registryUrl);
            known = new Codec(codecs.orders(), codecs.written());
            codec = known;
        }
        return known;
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TypeSerializer<Order> duplicate() {
        return this;
    }

    @Override
    public Order createInstance() {
        return new Order();
    }

    @Override
    public Order copy(Order from) {
        return from;
    }

    @Override
    public Order copy(Order from, Order reuse) {
        return from;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        int length = source.readInt();
        target.writeInt(length);
        target.write(source, length);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Order order, DataOutputView target) throws IOException {
        byte[] bytes = codec().encoder().encode(order);
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    @Override
    public Order deserialize(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return ((Decoded.Value<Order>) codec().decoder().decode(bytes)).value();
    }

    @Override
    public Order deserialize(Order reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrderSerializer serializer && registryUrl.equals(serializer.registryUrl);
    }

    @Override
    public int hashCode() {
        return registryUrl.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<Order> snapshotConfiguration() {
        return new Snapshot(registryUrl);
    }

    /** What stands in a checkpoint about the serializer. Flink makes one by reflection before it reads it. */
    public static final class Snapshot implements TypeSerializerSnapshot<Order> {
        private String registryUrl;

        /** For Flink. */
        public Snapshot() {
            this("");
        }

        Snapshot(String registryUrl) {
            this.registryUrl = registryUrl;
        }

        @Override
        public int getCurrentVersion() {
            return 1;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            out.writeUTF(registryUrl);
        }

        @Override
        public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
            registryUrl = in.readUTF();
        }

        @Override
        public TypeSerializer<Order> restoreSerializer() {
            return new OrderSerializer(registryUrl);
        }

        @Override
        public TypeSerializerSchemaCompatibility<Order> resolveSchemaCompatibility(
                TypeSerializerSnapshot<Order> before) {
            return TypeSerializerSchemaCompatibility.compatibleAsIs();
        }
    }
}
