package org.example.shop;

import static org.example.shop.Shop.SALES;
import static org.example.shop.Shop.publish;

import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.topology.Ports;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Steps that ask for the time and for chance. */
final class Questions {
    static final Duration HOUR = Duration.ofHours(1);

    private Questions() {}

    static void timeOfTheMachine(Ports ports) {
        publish(ports, ports.read(SALES).stream().processValues(Stamp::new, Named.as("stamp")));
    }

    // tag::clock-broken[]
    private static final class Stamp extends ContextualFixedKeyProcessor<String, Sale, String> {
        @Override
        public void process(FixedKeyRecord<String, Sale> sale) {
            Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
            context().forward(sale.withValue(sale.value().getId() + " sold at " + now));
        }
    }
    // end::clock-broken[]

    static void timeOfTheSale(Ports ports) {
        // tag::clock-right[]
        KStream<String, String> stamped = ports.read(SALES).stream()
                .mapValues(sale -> sale.getId() + " sold at " + sale.getAt(), Named.as("stamp"));
        // end::clock-right[]
        publish(ports, stamped);
    }

    static void lateByStreamTime(Ports ports) {
        publish(
                ports,
                ports.read(SALES).stream()
                        .selectKey((product, sale) -> sale.getCity(), Named.as("city"))
                        .repartition(Repartitioned.<String, Sale>as("by-city")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(ports.serde(Sale.class)))
                        .processValues(Punctual::new, Named.as("punctual"))
                        .map((city, sale) -> KeyValue.pair(sale.getId(), city), Named.as("by-id")));
    }

    // tag::stream-time-broken[]
    private static final class Punctual extends ContextualFixedKeyProcessor<String, Sale, Sale> {
        @Override
        public void process(FixedKeyRecord<String, Sale> sale) {
            if (sale.timestamp() >= context().currentStreamTimeMs() - HOUR.toMillis()) {
                context().forward(sale);
            }
        }
    }
    // end::stream-time-broken[]

    static void lateAtThePort(Ports ports) {
        // tag::stream-time-right[]
        KStream<String, Sale> punctual = ports.read(SALES.allowingLateness(HOUR)).stream();
        // end::stream-time-right[]
        publish(ports, punctual.map((product, sale) -> KeyValue.pair(sale.getId(), sale.getCity()), Named.as("by-id")));
    }

    static void sampleByChance(Ports ports) {
        // tag::randomness-broken[]
        Random random = new Random(42);
        KStream<String, Sale> sample =
                ports.read(SALES).stream().filter((product, sale) -> random.nextInt(2) == 0, Named.as("half"));
        // end::randomness-broken[]
        publish(ports, sample.map((product, sale) -> KeyValue.pair(sale.getId(), product), Named.as("by-id")));
    }

    static void sampleById(Ports ports) {
        // tag::randomness-right[]
        KStream<String, Sale> sample = ports.read(SALES).stream()
                .filter((product, sale) -> Math.floorMod(sale.getId().hashCode(), 2) == 0, Named.as("half"));
        // end::randomness-right[]
        publish(ports, sample.map((product, sale) -> KeyValue.pair(sale.getId(), product), Named.as("by-id")));
    }
}
