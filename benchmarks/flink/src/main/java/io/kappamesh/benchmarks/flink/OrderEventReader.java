package io.kappamesh.benchmarks.flink;

import io.kappamesh.avro.Decoded;
import io.kappamesh.benchmarks.arm.OrderCodecs;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.serde.AvroDecoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Decodes order events, and counts them. For one thread. */
final class OrderEventReader implements KafkaRecordDeserializationSchema<OrderPlaced> {
    private static final long serialVersionUID = 1L;

    private final String registryUrl;
    private final long records;
    private transient @Nullable AvroDecoder<OrderPlaced> decoder;

    OrderEventReader(String registryUrl, long records) {
        this.registryUrl = registryUrl;
        this.records = records;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<OrderPlaced> out) {
        if (decoder == null) {
            decoder = new OrderCodecs(registryUrl).events();
        }
        out.collect(((Decoded.Value<OrderPlaced>) decoder.decode(record.value())).value());
        Taken.one(records);
    }

    @Override
    public TypeInformation<OrderPlaced> getProducedType() {
        // Events never leave the task that reads them.
        return new GenericTypeInfo<>(OrderPlaced.class);
    }
}
