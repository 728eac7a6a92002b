package org.example.shop;

import static org.example.shop.Shop.MARKET;
import static org.example.shop.Shop.publish;

import io.kappamesh.contracts.shop.Price;
import io.kappamesh.topology.Ports;
import java.math.BigDecimal;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueStore;

/** The rows of another domain's table are counted and chosen. */
final class Rows {
    private static final BigDecimal DEAR = new BigDecimal("0.50");

    private Rows() {}

    static void countOfChanges(Ports ports) {
        // tag::count-of-changes-broken[]
        KTable<String, Long> count = ports.read(MARKET)
                .changes()
                .filter((product, price) -> price != null, Named.as("present"))
                .groupBy((product, price) -> level(price), ports.grouped("by-level", Price.class))
                .count(Named.as("counting"), counts());
        // end::count-of-changes-broken[]
        publish(ports, count.toStream(Named.as("levels")));
    }

    static void countOfRows(Ports ports) {
        // tag::count-of-changes-right[]
        KTable<String, Long> count = ports.read(MARKET)
                .table("prices")
                .groupBy((product, price) -> KeyValue.pair(level(price), price), ports.grouped("by-level", Price.class))
                .count(Named.as("counting"), counts());
        // end::count-of-changes-right[]
        publish(ports, count.toStream(Named.as("levels")).mapValues(Rows::unlessNone, Named.as("some")));
    }

    static void dearChanges(Ports ports) {
        // tag::filtered-changes-broken[]
        KStream<String, Price> dear = ports.read(MARKET)
                .changes()
                .filter((product, price) -> price == null || isDear(price), Named.as("dear"));
        // end::filtered-changes-broken[]
        publish(ports, dear.mapValues(Rows::text, Named.as("text")));
    }

    static void dearRows(Ports ports) {
        // tag::filtered-changes-right[]
        KTable<String, Price> dear =
                ports.read(MARKET).table("prices").filter((product, price) -> isDear(price), Named.as("dear"));
        // end::filtered-changes-right[]
        publish(ports, dear.toStream(Named.as("changes")).mapValues(Rows::text, Named.as("text")));
    }

    private static String level(Price price) {
        return isDear(price) ? "dear" : "cheap";
    }

    private static boolean isDear(Price price) {
        return price.getAmount().compareTo(DEAR) > 0;
    }

    private static String text(Price price) {
        return price == null ? null : price.getAmount().toPlainString();
    }

    private static Long unlessNone(Long count) {
        return count == null || count == 0 ? null : count;
    }

    private static Materialized<String, Long, KeyValueStore<Bytes, byte[]>> counts() {
        return Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts")
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long());
    }
}
