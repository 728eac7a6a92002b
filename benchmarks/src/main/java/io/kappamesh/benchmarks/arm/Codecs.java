package io.kappamesh.benchmarks.arm;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.AvroSerde;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

/** The codecs that are compared. */
final class Codecs {
    private static final String TOPIC = "sales.orders.v1";
    private static final int ID = 1;

    private Codecs() {}

    /** Ours, as every port uses it. */
    static Codec ours(SchemaRegistry registry, int id) {
        AvroSerde<Order> serde = new AvroSerde<>(AvroType.of(Order.class), registry, id);
        var serializer = serde.serializer();
        var deserializer = serde.deserializer();
        return new Codec() {
            @Override
            public int header() {
                return AvroEncoder.HEADER_LENGTH;
            }

            @Override
            public byte[] write(Order order) {
                return serializer.serialize(TOPIC, order);
            }

            @Override
            public Order read(byte[] bytes) {
                return deserializer.deserialize(TOPIC, bytes);
            }
        };
    }

    /** Avro's own writer and reader, with everything that can be used again used again, and nothing in front. */
    static Codec raw() {
        DatumWriter<Order> writer = new SpecificDatumWriter<>(Order.class);
        DatumReader<Order> reader = new SpecificDatumReader<>(Order.class);
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        return new Codec() {
            private @Nullable BinaryEncoder encoder;
            private @Nullable BinaryDecoder decoder;

            @Override
            public int header() {
                return 0;
            }

            @Override
            public byte[] write(Order order) {
                try {
                    out.reset();
                    encoder = EncoderFactory.get().binaryEncoder(out, encoder);
                    writer.write(order, encoder);
                    encoder.flush();
                    return out.toByteArray();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public Order read(byte[] bytes) {
                try {
                    decoder = DecoderFactory.get().binaryDecoder(bytes, decoder);
                    return reader.read(null, decoder);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /**
     * A serializer of the kind that Confluent ships, written for this comparison, because theirs is not on Maven Central: a stream and an
     * encoder per record, the id looked up by subject and schema, the writer by schema, the reader by both schemas. What theirs does
     * besides (rules, metadata, its own wrappers of schemas) is left out, so that it is a lower bound of what theirs costs.
     */
    static Codec confluentStyle() {
        Schema schema = Order.getClassSchema();
        Map<String, Map<Schema, Integer>> ids = new ConcurrentHashMap<>();
        Map<Integer, Schema> schemas = new ConcurrentHashMap<>(Map.of(ID, schema));
        Map<Schema, DatumWriter<Order>> writers = new ConcurrentHashMap<>();
        Map<Schema, Map<Schema, DatumReader<Order>>> readers = new ConcurrentHashMap<>();
        ids.computeIfAbsent(TOPIC + "-value", subject -> new ConcurrentHashMap<>())
                .put(schema, ID);
        return new Codec() {
            @Override
            public int header() {
                return 1 + Integer.BYTES;
            }

            @Override
            public byte[] write(Order order) {
                try {
                    Schema own = order.getSchema();
                    Integer id = ids.getOrDefault(TOPIC + "-value", Map.of()).get(own);
                    if (id == null) {
                        throw new IllegalStateException("not registered");
                    }
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    out.write(0);
                    out.write(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
                    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
                    writers.computeIfAbsent(own, first -> new SpecificDatumWriter<>(first))
                            .write(order, encoder);
                    encoder.flush();
                    return out.toByteArray();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public Order read(byte[] bytes) {
                try {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    if (buffer.get() != 0) {
                        throw new IllegalStateException("not in the wire format");
                    }
                    Schema writer = schemas.get(buffer.getInt());
                    return readers.computeIfAbsent(writer, first -> new ConcurrentHashMap<>())
                            .computeIfAbsent(schema, own -> new SpecificDatumReader<>(writer, own))
                            .read(
                                    null,
                                    DecoderFactory.get()
                                            .binaryDecoder(bytes, buffer.position(), buffer.remaining(), null));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
