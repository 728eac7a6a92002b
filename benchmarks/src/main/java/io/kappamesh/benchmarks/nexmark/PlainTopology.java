package io.kappamesh.benchmarks.nexmark;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.EventSource;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroSerde;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/** What a query by hand is made of: plain Kafka Streams, and the codec of ours, so that it decides nothing. For one thread. */
final class PlainTopology {
    private final StreamsBuilder builder = new StreamsBuilder();
    private final SchemaRegistry registry;
    private final String output;
    private final AtomicLong taken;

    /**
     * @param registry where the schemas of all ports are
     * @param output the topic that is written
     * @param taken counts the records of all sources
     */
    PlainTopology(SchemaRegistry registry, String output, AtomicLong taken) {
        this.registry = registry;
        this.output = output;
        this.taken = taken;
    }

    <V extends SpecificRecord> KStream<String, V> stream(EventSource<V> source, Class<V> type) {
        return builder.stream(source.address().topic(), Consumed.with(Serdes.String(), serde(type)))
                .processValues(() -> new Counting<V>(taken));
    }

    /** Whose schema is that of a port: all types of state are. */
    <V extends SpecificRecord> Serde<V> serde(Class<V> type) {
        AvroType<V> avro = AvroType.of(type);
        return new AvroSerde<>(avro, registry, id(type));
    }

    private int id(Class<? extends SpecificRecord> type) {
        List<RegisteredSchema> versions =
                registry.versions(NexmarkPorts.addressOf(type).valueSubject());
        return versions.get(versions.size() - 1).id();
    }

    <V extends SpecificRecord> Materialized<String, V, KeyValueStore<Bytes, byte[]>> store(String name, Class<V> type) {
        return Materialized.<String, V, KeyValueStore<Bytes, byte[]>>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(serde(type));
    }

    <V extends SpecificRecord> Grouped<String, V> grouped(String name, Class<V> type) {
        return Grouped.with(name, Serdes.String(), serde(type));
    }

    <V extends SpecificRecord> void write(KStream<String, V> stream, Class<V> type) {
        stream.to(output, Produced.with(Serdes.String(), serde(type)));
    }

    Topology build() {
        return builder.build();
    }

    private static final class Counting<V> extends ContextualFixedKeyProcessor<String, V, V> {
        private final AtomicLong taken;

        Counting(AtomicLong taken) {
            this.taken = taken;
        }

        @Override
        public void process(FixedKeyRecord<String, V> record) {
            context().forward(record);
            taken.incrementAndGet();
        }
    }
}
