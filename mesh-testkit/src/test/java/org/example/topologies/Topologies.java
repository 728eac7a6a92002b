package org.example.topologies;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.CityActivity;
import io.kappamesh.contracts.shop.CitySales;
import io.kappamesh.contracts.shop.CityTotal;
import io.kappamesh.contracts.shop.Price;
import io.kappamesh.contracts.shop.Result;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.join.Facts;
import io.kappamesh.topology.Ports;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Small topologies of a shop. */
final class Topologies {
    // tag::ports[]
    /** Facts: a sale that happened stays so. */
    static final EventSource<Sale> SALES = SourcePort.events("shop.sales.v1", Sale.class)
            .eventTime("at")
            .key("id")
            .describedAs("What is sold")
            .build();

    /** Rows: the shop corrects and deletes them. */
    static final SourcePort<Sale> SALE_ROWS = SourcePort.table("shop.sale-rows.v1", Sale.class)
            .eventTime("at")
            .key("id")
            .describedAs("What is sold, as it is known now")
            .build();

    /** Facts that can be taken back: a null retracts the order with that key. */
    static final SourcePort<Sale> ORDERS = SourcePort.retractableEvents("shop.orders.v1", Sale.class)
            .eventTime("at")
            .key("id")
            .describedAs("What is ordered, unless it is cancelled")
            .build();

    static final EventSource<Price> PRICES = SourcePort.events("shop.prices.v1", Price.class)
            .eventTime("at")
            .describedAs("What a product costs from a time on, by product")
            .build();
    // end::ports[]

    // tag::total-port[]
    static final OutputPort<CityTotal> CITY_TOTALS = OutputPort.table("shop.city-totals.v1", CityTotal.class)
            .withoutEventTime()
            .key("city")
            .describedAs("What was sold in each city")
            .build();
    // end::total-port[]

    static final OutputPort<CityActivity> CITY_ACTIVITY = OutputPort.table("shop.city-activity.v1", CityActivity.class)
            .eventTime("lastSaleAt")
            .key("city")
            .describedAs("What was sold in each city, and when last")
            .build();
    static final OutputPort<Sale> LARGE_SALES = sales("shop.large-sales.v1");
    static final OutputPort<Sale> SMALL_SALES = sales("shop.small-sales.v1");
    static final OutputPort<Sale> WITHOUT_CITY = sales("shop.sales-without-city.v1");
    static final OutputPort<Result> RESULTS = OutputPort.table("shop.results.v1", Result.class)
            .eventTime("day")
            .describedAs("What a topology makes of them")
            .build();

    // tag::versions[]
    static final OutputPort<Sale> CITY_SALES_V2 = OutputPort.events("shop.city-sales.v2", Sale.class)
            .eventTime("at")
            .key("id")
            .describedAs("Sales, with the time of day")
            .build();

    /** As it was before: the day and the city. A sale in no city has no form here. */
    static final OutputPort<Result> CITY_SALES_V1 = OutputPort.events("shop.city-sales.v1", Result.class)
            .eventTime("day")
            .describedAs("The city of each sale")
            .build()
            .convertedFrom(
                    CITY_SALES_V2,
                    sale -> sale.getCity().isEmpty() ? null : new Result(day(sale.getAt()), sale.getCity()),
                    sale -> sale.getAt().truncatedTo(ChronoUnit.DAYS)) // the event time of a deletion
            .deprecated("shop.city-sales.v2", LocalDate.of(2027, 6, 30));
    // end::versions[]

    static final LocalDate DAY = LocalDate.of(2026, 3, 1);

    private Topologies() {}

    static void check(Ports ports) {
        // tag::check[]
        KStream<String, Result> cities = ports
                .read(SALES)
                .check(sale -> sale.getAmount().signum() < 0 ? Optional.of("the amount is negative") : Optional.empty())
                .becomes(RESULTS, sale -> new Result(day(sale.getAt()), sale.getCity()))
                .stream();
        ports.publish(RESULTS, cities);
        // end::check[]
    }

    static void totals(Ports ports) {
        // tag::totals[]
        KTable<String, CityTotal> totals = ports.read(SALE_ROWS)
                .table("sales")
                .groupBy(
                        (id, sale) ->
                                KeyValue.pair(sale.getCity(), new CityTotal(sale.getCity(), 1L, sale.getAmount())),
                        ports.grouped("sales-by-city", CityTotal.class))
                .aggregate(
                        () -> null,
                        (city, sale, sum) -> sum == null ? sale : plus(sum, sale.getSales(), sale.getAmount()),
                        (city, sale, sum) -> sum.getSales() == 1
                                ? null
                                : plus(sum, -1, sale.getAmount().negate()),
                        Named.as("sum"),
                        ports.store("totals", CityTotal.class));
        ports.publish(CITY_TOTALS, totals.toStream(Named.as("total-changes")));
        // end::totals[]
    }

    static void activity(Ports ports) {
        // tag::activity[]
        KTable<String, CityActivity> activity = ports.read(SALE_ROWS)
                .table("sales")
                .groupBy(
                        (id, sale) -> KeyValue.pair(
                                sale.getCity(),
                                new CitySales(
                                        sale.getAmount(), Map.of(sale.getAt().toString(), 1))),
                        ports.grouped("sales-by-city", CitySales.class))
                .aggregate(
                        () -> null,
                        (city, sale, all) -> all == null ? sale : together(all, sale, 1),
                        (city, sale, all) -> together(all, sale, -1),
                        Named.as("sum"),
                        ports.store("city-sales", CitySales.class))
                .mapValues(Topologies::lastSale, Named.as("last-sale"));
        ports.publish(CITY_ACTIVITY, activity.toStream(Named.as("activity-changes")));
        // end::activity[]
    }

    // tag::activity-steps[]
    /** Adds one sale to all of a city, or takes it away; null when none is left. */
    static CitySales together(CitySales all, CitySales sale, int sign) {
        Map<String, Integer> salesAt = new HashMap<>(all.getSalesAt());
        sale.getSalesAt()
                .forEach((at, count) ->
                        salesAt.merge(at, sign * count, (one, more) -> one + more == 0 ? null : one + more));
        BigDecimal amount = sign > 0
                ? all.getAmount().add(sale.getAmount())
                : all.getAmount().subtract(sale.getAmount());
        return salesAt.isEmpty() ? null : new CitySales(amount, salesAt);
    }

    static CityActivity lastSale(String city, CitySales sales) {
        Instant last = sales.getSalesAt().keySet().stream()
                .map(Instant::parse)
                .max(Instant::compareTo)
                .orElseThrow();
        return new CityActivity(city, sales.getAmount(), last);
    }
    // end::activity-steps[]

    static void derive(Ports ports) {
        // tag::derive[]
        KStream<String, Result> rows = ports.derive(
                "words",
                ports.read(SALE_ROWS).changes(),
                Result.class,
                sale -> Map.of(
                        sale.getId() + "/product", new Result(day(sale.getAt()), sale.getProduct()),
                        sale.getId() + "/city", new Result(day(sale.getAt()), sale.getCity())));
        ports.publish(RESULTS, rows);
        // end::derive[]
    }

    static void asOf(Ports ports) {
        // tag::as-of[]
        KStream<String, Sale> byProduct = ports.read(SALES).stream()
                .selectKey((id, sale) -> sale.getProduct(), Named.as("product"))
                .repartition(Repartitioned.<String, Sale>as("sales-by-product")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(ports.serde(Sale.class)));
        KStream<String, String> priced = ports.asOf(
                "prices",
                new Facts<>(byProduct, Sale.class, Sale::getId),
                ports.read(PRICES).versions(Price.class),
                (sale, price) -> price == null ? "no price yet" : "at " + price.getAmount());
        // end::as-of[]
        publish(ports, priced);
    }

    static void distinct(Ports ports) {
        // tag::distinct[]
        KTable<String, Long> salesByCity = ports.read(SALES)
                .distinct("seen", Sale::getId)
                .groupBy((id, sale) -> sale.getCity(), ports.grouped("sales-by-city", Sale.class))
                .count(Named.as("count"), longs("counts"));
        // end::distinct[]
        publish(ports, salesByCity.toStream(Named.as("count-changes")));
    }

    // tag::bounded[]
    static final EventSource<Sale> SALES_IN_TIME = SALES.allowingLateness(Duration.ofDays(2));
    static final EventSource<Price> PRICES_IN_TIME = PRICES.allowingLateness(Duration.ofDays(7));

    static void boundedState(Ports ports) {
        KStream<String, Sale> byProduct = ports.read(SALES_IN_TIME)
                .distinct("seen", Sale::getId)
                .selectKey((id, sale) -> sale.getProduct(), Named.as("product"))
                .repartition(Repartitioned.<String, Sale>as("sales-by-product")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(ports.serde(Sale.class)));
        KStream<String, String> priced = ports.asOf(
                "prices",
                new Facts<>(byProduct, Sale.class, Sale::getId),
                ports.read(PRICES_IN_TIME).versions(Price.class),
                (sale, price) -> price == null ? "no price yet" : "at " + price.getAmount());
        publish(ports, priced);
    }
    // end::bounded[]

    static void latest(Ports ports) {
        // tag::latest[]
        KTable<String, Price> prices = ports.latest("prices", ports.read(PRICES).stream(), Price.class, Price::getAt);
        // end::latest[]
        publish(ports, prices.toStream(Named.as("price-changes")).mapValues(Price::getAmount, Named.as("amount")));
    }

    static void retract(Ports ports) {
        // tag::retract[]
        KTable<String, Sale> orders = ports.read(ORDERS).table("orders");
        // end::retract[]
        publish(ports, orders.toStream(Named.as("order-changes")).mapValues(Topologies::city, Named.as("city")));
    }

    static void branches(Ports ports) {
        // tag::branches[]
        Map<String, KStream<String, Sale>> sales = ports.read(SALES).stream()
                .split(Named.as("sales-"))
                .branch((id, sale) -> sale.getCity().isEmpty(), Branched.as("without-city"))
                .branch((id, sale) -> sale.getAmount().compareTo(new BigDecimal("0.50")) >= 0, Branched.as("large"))
                .defaultBranch(Branched.as("small"));
        ports.publish(LARGE_SALES, sales.get("sales-large"));
        ports.publish(SMALL_SALES, sales.get("sales-small"));
        ports.publish(WITHOUT_CITY, sales.get("sales-without-city")); // what others call a side output
        // end::branches[]
    }

    static void versions(Ports ports) {
        // tag::versions-published[]
        ports.publish(CITY_SALES_V2, ports.read(ORDERS).changes()); // and with it CITY_SALES_V1
        // end::versions-published[]
    }

    static void processor(Ports ports) {
        // tag::processor[]
        KStream<String, Price> records =
                ports.read(PRICES).stream().processValues(new HighestPrice(ports), Named.as("highest"));
        // end::processor[]
        publish(ports, records.mapValues(Price::getAmount, Named.as("amount")));
    }

    // tag::processor-class[]
    /** Forwards a price that is higher than all before it of its product. */
    record HighestPrice(Ports ports) implements FixedKeyProcessorSupplier<String, Price, Price> {
        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore("highest-prices"), Serdes.String(), ports.serde(Price.class)));
        }

        @Override
        public FixedKeyProcessor<String, Price, Price> get() {
            return new ContextualFixedKeyProcessor<>() {
                private KeyValueStore<String, Price> highest;

                @Override
                public void init(FixedKeyProcessorContext<String, Price> context) {
                    super.init(context);
                    highest = context.getStateStore("highest-prices");
                }

                @Override
                public void process(FixedKeyRecord<String, Price> record) {
                    Price known = highest.get(record.key());
                    if (known == null || record.value().getAmount().compareTo(known.getAmount()) > 0) {
                        highest.put(record.key(), record.value());
                        context().forward(record);
                    }
                }
            };
        }
    }
    // end::processor-class[]

    private static CityTotal plus(CityTotal sum, long sales, BigDecimal amount) {
        return new CityTotal(
                sum.getCity(), sum.getSales() + sales, sum.getAmount().add(amount));
    }

    private static String city(Sale sale) {
        return sale == null ? null : sale.getCity();
    }

    private static LocalDate day(Instant at) {
        return at.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static void publish(Ports ports, KStream<String, ?> texts) {
        ports.publish(
                RESULTS,
                texts.mapValues(text -> text == null ? null : new Result(DAY, text.toString()), Named.as("result")));
    }

    private static OutputPort<Sale> sales(String address) {
        return OutputPort.events(address, Sale.class)
                .eventTime("at")
                .key("id")
                .describedAs("Some of the sales")
                .build();
    }

    private static Materialized<String, Long, KeyValueStore<Bytes, byte[]>> longs(String store) {
        return Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as(store)
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long());
    }
}
