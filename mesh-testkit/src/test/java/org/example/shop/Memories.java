package org.example.shop;

import static org.example.shop.Shop.SALES;
import static org.example.shop.Shop.publish;

import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.topology.Ports;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/** How many sales there were, remembered in places that a replay or a restart does not know. */
final class Memories {
    private Memories() {}

    // tag::static-state-broken[]
    private static long sold;

    static void inAStaticField(Ports ports) {
        KStream<String, Long> numbers = sales(ports).mapValues(sale -> ++sold, Named.as("number"));
        publish(ports, numbers);
    }
    // end::static-state-broken[]

    static void inAField(Ports ports) {
        publish(ports, sales(ports).processValues(Numbering::new, Named.as("number")));
    }

    // tag::field-of-a-processor-broken[]
    private static final class Numbering extends ContextualFixedKeyProcessor<String, Sale, Long> {
        private final Map<String, Long> sold = new HashMap<>();

        @Override
        public void process(FixedKeyRecord<String, Sale> sale) {
            context().forward(sale.withValue(sold.merge(sale.key(), 1L, Long::sum)));
        }
    }
    // end::field-of-a-processor-broken[]

    static void inAStore(Ports ports) {
        // tag::memory-right[]
        KTable<String, Long> numbers = sales(ports)
                .groupByKey(ports.grouped("by-product", Sale.class))
                .count(
                        Named.as("number"),
                        Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("sold")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.Long()));
        // end::memory-right[]
        publish(ports, numbers.toStream(Named.as("changes")));
    }

    /** Each sale once, so that what is shown is not what a second delivery does. */
    private static KStream<String, Sale> sales(Ports ports) {
        return ports.read(SALES).distinct("sale-ids", Sale::getId);
    }
}
