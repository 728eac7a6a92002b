package org.example.shop;

import static org.example.shop.Shop.SALES;
import static org.example.shop.Shop.publish;
import static org.example.shop.Shop.result;

import io.kappamesh.contracts.shop.Result;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.contracts.shop.Total;
import io.kappamesh.topology.Ports;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueStore;

/** Sales are added up, counted, and listed. */
final class Sums {
    private static final Total NOTHING = new Total(new BigDecimal("0.00"));

    private Sums() {}

    static void ofDoubles(Ports ports) {
        // tag::sum-of-doubles-broken[]
        KTable<String, Double> sums = byCity(ports)
                .aggregate(
                        () -> 0.0,
                        (city, sale, sum) -> sum + sale.getAmount().doubleValue(),
                        Named.as("adding"),
                        kept("sums", Serdes.Double()));
        // end::sum-of-doubles-broken[]
        publish(ports, sums.toStream(Named.as("changes")));
    }

    static void ofDecimals(Ports ports) {
        // tag::sum-of-doubles-right[]
        KTable<String, Total> sums = byCity(ports)
                .aggregate(
                        () -> NOTHING,
                        (city, sale, sum) -> new Total(sum.getAmount().add(sale.getAmount())),
                        Named.as("adding"),
                        ports.store("sums", Total.class));
        // end::sum-of-doubles-right[]
        publish(ports, sums.toStream(Named.as("changes")).mapValues(Total::getAmount, Named.as("amount")));
    }

    static void countOfDeliveries(Ports ports) {
        // tag::count-of-deliveries-broken[]
        KTable<String, Long> count = ports.read(SALES).stream()
                .groupByKey(ports.grouped("by-product", Sale.class))
                .count(Named.as("counting"), kept("count", Serdes.Long()));
        // end::count-of-deliveries-broken[]
        publish(ports, count.toStream(Named.as("changes")));
    }

    static void countOfSales(Ports ports) {
        // tag::count-of-deliveries-right[]
        KStream<String, Sale> sales = ports.read(SALES).distinct("sale-ids", Sale::getId);
        KTable<String, Long> count = sales.groupByKey(ports.grouped("by-product", Sale.class))
                .count(Named.as("counting"), kept("count", Serdes.Long()));
        // end::count-of-deliveries-right[]
        publish(ports, count.toStream(Named.as("changes")));
    }

    static void rowsThatStay(Ports ports) {
        // tag::rows-that-stay-broken[]
        KTable<String, Sale> latest = latestSales(ports);
        KStream<String, Result> byCity = latest.toStream(Named.as("changes"))
                .map((product, sale) -> KeyValue.pair(cityAndProduct(sale), result(sale.getId())), Named.as("by-city"));
        // end::rows-that-stay-broken[]
        publish(ports, byCity.mapValues(Result::getText, Named.as("text")));
    }

    static void rowsThatGo(Ports ports) {
        // tag::rows-that-stay-right[]
        KTable<String, Sale> latest = latestSales(ports);
        KStream<String, Result> byCity = ports.derive(
                "by-city",
                latest.toStream(Named.as("changes")),
                Result.class,
                sale -> Map.of(cityAndProduct(sale), result(sale.getId())));
        // end::rows-that-stay-right[]
        publish(ports, byCity.mapValues(row -> row == null ? null : row.getText(), Named.as("text")));
    }

    /** Per product, through the record cache, which skips what is replaced before a commit. */
    private static KTable<String, Sale> latestSales(Ports ports) {
        return ports.read(SALES).stream()
                .groupByKey(ports.grouped("sales", Sale.class))
                .reduce(
                        (before, now) -> now.getAt().isBefore(before.getAt()) ? before : now,
                        Named.as("latest-sale"),
                        ports.store("latest", Sale.class));
    }

    /** Each sale once, so that what is shown is not what a second delivery does. */
    private static KGroupedStream<String, Sale> byCity(Ports ports) {
        return ports.read(SALES)
                .distinct("sale-ids", Sale::getId)
                .groupBy((product, sale) -> sale.getCity(), ports.grouped("by-city", Sale.class));
    }

    private static String cityAndProduct(Sale sale) {
        return sale.getCity() + " " + sale.getProduct();
    }

    private static <V> Materialized<String, V, KeyValueStore<Bytes, byte[]>> kept(String store, Serde<V> serde) {
        return Materialized.<String, V, KeyValueStore<Bytes, byte[]>>as(store)
                .withKeySerde(Serdes.String())
                .withValueSerde(serde);
    }
}
