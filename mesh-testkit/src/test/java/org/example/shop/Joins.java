package org.example.shop;

import static org.example.shop.Shop.OFFERS;
import static org.example.shop.Shop.PRICES;
import static org.example.shop.Shop.SALES;
import static org.example.shop.Shop.publish;

import io.kappamesh.contracts.shop.Price;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.topology.Ports;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** Sales meet prices, and prices meet prices. */
final class Joins {
    private Joins() {}

    static void streamWithTable(Ports ports) {
        // tag::stream-table-join-broken[]
        KTable<String, Price> prices = ports.read(PRICES).table("prices");
        KStream<String, String> priced = ports.read(SALES).stream().join(prices, Joins::priced, Joined.as("priced"));
        // end::stream-table-join-broken[]
        publish(ports, priced);
    }

    static void tableWithTable(Ports ports) {
        // tag::stream-table-join-right[]
        KTable<String, Price> prices = ports.read(PRICES).table("prices");
        KTable<String, Sale> lastSales = ports.read(SALES).table("last-sales");
        KStream<String, String> priced =
                lastSales.join(prices, Joins::priced, Named.as("priced")).toStream(Named.as("changes"));
        // end::stream-table-join-right[]
        publish(ports, priced);
    }

    static void versionsWithoutGrace(Ports ports) {
        // tag::join-without-grace-broken[]
        KTable<String, Price> prices = ports.read(PRICES).stream().toTable(Named.as("versions"), versioned(ports));
        KStream<String, String> priced = ports.read(SALES).stream().join(prices, Joins::priced, Joined.as("priced"));
        // end::join-without-grace-broken[]
        publish(ports, priced);
    }

    static void versionsWithGrace(Ports ports) {
        // tag::join-beyond-grace-broken[]
        KTable<String, Price> prices = ports.read(PRICES).stream().toTable(Named.as("versions"), versioned(ports));
        KStream<String, String> priced = ports.read(SALES).stream()
                .join(
                        prices,
                        Joins::priced,
                        Joined.with(Serdes.String(), ports.serde(Sale.class), ports.serde(Price.class))
                                .withName("priced")
                                .withGracePeriod(Duration.ofHours(1)));
        // end::join-beyond-grace-broken[]
        publish(ports, priced);
    }

    static void asOf(Ports ports) {
        // tag::as-of-right[]
        KStream<String, String> priced = ports.asOf(
                "priced",
                ports.read(SALES).facts(Sale.class, Sale::getId),
                ports.read(PRICES).versions(Price.class),
                Joins::priced);
        // end::as-of-right[]
        publish(ports, priced);
    }

    static void lastToArrive(Ports ports) {
        // tag::last-arrival-broken[]
        KStream<String, Price> latest =
                ports.read(PRICES).stream().merge(ports.read(OFFERS).stream(), Named.as("both"));
        // end::last-arrival-broken[]
        publish(ports, latest.mapValues(Price::getAmount, Named.as("amount")));
    }

    static void latestByEventTime(Ports ports) {
        // tag::last-arrival-right[]
        KStream<String, Price> both = ports.read(PRICES).stream().merge(ports.read(OFFERS).stream(), Named.as("both"));
        KStream<String, Price> latest =
                ports.latest("latest", both, Price.class, Price::getAt).toStream(Named.as("changes"));
        // end::last-arrival-right[]
        publish(ports, latest.mapValues(Price::getAmount, Named.as("amount")));
    }

    private static @Nullable String priced(Sale sale, @Nullable Price price) {
        return price == null ? null : sale.getId() + " at " + price.getAmount();
    }

    private static Materialized<String, Price, KeyValueStore<Bytes, byte[]>> versioned(Ports ports) {
        return Materialized.<String, Price>as(
                        Stores.persistentVersionedKeyValueStore("prices", Duration.ofDays(36_500)))
                .withKeySerde(Serdes.String())
                .withValueSerde(ports.serde(Price.class));
    }
}
