package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.sales.SalesProducts;
import io.kappamesh.serde.AvroSerde;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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

/**
 * What people write by hand: plain Kafka Streams, one thread, exactly once. The store is not cached, because hardly any order comes twice,
 * and a cache on such keys costs a third of the speed.
 */
final class HandMade {
    private HandMade() {}

    /**
     * Starts it.
     *
     * @param output the topic for orders
     * @param stateful whether the latest order of each key is kept in a store
     * @param tuned with the settings that our runtime gives Kafka Streams, its clients and RocksDB, in place of Kafka's defaults
     */
    static Pipeline start(Job job, String output, boolean stateful, boolean tuned) {
        OrderCodecs codecs = new OrderCodecs(job.registryUrl());
        AtomicLong taken = new AtomicLong();
        return new PlainStreams(
                job,
                "bench." + output,
                Set.of(SalesPorts.ORDER_EVENTS.topic()),
                topology(codecs, output, stateful, new Counter(taken, job.records())),
                taken,
                tuned ? Optional.of(SalesProducts.orders().product()) : Optional.empty(),
                codecs);
    }

    private static Topology topology(OrderCodecs codecs, String output, boolean stateful, Counter counter) {
        Serde<OrderPlaced> events =
                Serdes.serdeFrom((topic, value) -> new byte[0], codecs.events().asDeserializer());
        AvroSerde<Order> orders = codecs.orderSerde();
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Order> placed = builder.stream(
                        SalesPorts.ORDER_EVENTS.topic(), Consumed.with(Serdes.String(), events))
                .processValues(() -> new Counting(counter))
                .filter((key, event) -> OrderSteps.objection(event).isEmpty())
                .mapValues(OrderSteps::order);
        KStream<String, Order> results = stateful
                ? placed.groupByKey(Grouped.with(Serdes.String(), orders))
                        .reduce(
                                OrderSteps::later,
                                Materialized.<String, Order, KeyValueStore<Bytes, byte[]>>as("orders")
                                        .withKeySerde(Serdes.String())
                                        .withValueSerde(orders)
                                        .withCachingDisabled())
                        .toStream()
                : placed;
        results.to(output, Produced.with(Serdes.String(), orders));
        return builder.build();
    }

    /** How many records were taken, of how many. */
    private record Counter(AtomicLong taken, long all) {}

    /** Counts events, and asks for a commit behind the last one: the clock would wait for the end of a long interval. */
    private static final class Counting extends ContextualFixedKeyProcessor<String, OrderPlaced, OrderPlaced> {
        private final Counter counter;

        Counting(Counter counter) {
            this.counter = counter;
        }

        @Override
        public void process(FixedKeyRecord<String, OrderPlaced> record) {
            context().forward(record);
            if (counter.taken().incrementAndGet() == counter.all()) {
                context().commit();
            }
        }
    }
}
