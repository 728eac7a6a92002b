package io.kappamesh.runtime;

import io.kappamesh.avro.AvroEncoder;
import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.topology.Facts;
import io.kappamesh.topology.StreamingProduct;
import io.kappamesh.topology.Versions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.TableJoined;

/** Small products of one domain, for tests on a real broker. Each test has a domain of its own. */
public final class Stall {
    public static final Instant NOON = Instant.parse("1995-03-15T12:00:00Z");

    public final SourcePort<Basket> raw;
    public final SourcePort<Basket> prices;
    public final SourcePort<Basket> rates;
    public final OutputPort<Basket> baskets;
    public final OutputPort<BasketItem> totals;
    public final String domain;

    public Stall(String domain) {
        this.domain = domain;
        raw = SourcePort.events(domain + ".raw.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets as they come.")
                .partitions(2)
                .build();
        prices = SourcePort.events(domain + ".prices.v1", Basket.class)
                .eventTime("at")
                .describedAs("What an item costs now, as a basket of it.")
                .partitions(3)
                .build();
        rates = SourcePort.events(domain + ".rates.v1", Basket.class)
                .eventTime("at")
                .describedAs("What all items cost from a time on, as a basket.")
                .partitions(2)
                .build();
        baskets = OutputPort.table(domain + ".baskets.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets.")
                .lookingBack(Duration.ZERO)
                .partitions(2)
                .build();
        totals = OutputPort.table(domain + ".totals.v1", BasketItem.class)
                .eventTime("at")
                .describedAs("How much of each item there is in all baskets.")
                .partitions(2)
                .build();
    }

    /** Hands baskets on. */
    public StreamingProduct copy(InputPort<Basket> input) {
        return new StreamingProduct(
                declared("copy").reads(input).publishes(baskets).build(),
                ports -> ports.publish(baskets, ports.read(input).changes()));
    }

    /** Sums up quantities per item, behind a repartition. */
    public StreamingProduct totals(InputPort<Basket> input, UnaryOperator<BasketItem> behindTheRepartition) {
        return new StreamingProduct(
                declared("totals").reads(input).publishes(totals).build(), ports -> {
                    KStream<String, BasketItem> items = ports.read(input)
                            .changes()
                            .flatMap(
                                    (key, basket) -> basket.getItems().stream()
                                            .map(item -> KeyValue.pair(item.getSku(), item))
                                            .toList(),
                                    Named.as("items"));
                    ports.publish(
                            totals,
                            items.groupByKey(ports.grouped("items-by-sku", BasketItem.class))
                                    .aggregate(
                                            () -> null,
                                            (sku, item, sum) -> plus(sum, behindTheRepartition.apply(item)),
                                            Named.as("sum"),
                                            ports.store("sums", BasketItem.class))
                                    .toStream(Named.as("sum-changes")));
                });
    }

    /** Sums up quantities of the first items of baskets, behind a repartition; what a basket no longer has is taken back. */
    public StreamingProduct firstTotals(InputPort<Basket> input) {
        return new StreamingProduct(
                declared("first-totals").reads(input).publishes(totals).build(),
                ports -> ports.publish(
                        totals,
                        ports.read(input)
                                .table("baskets")
                                .groupBy(
                                        (key, basket) -> KeyValue.pair(
                                                basket.getItems().get(0).getSku(),
                                                basket.getItems().get(0)),
                                        ports.grouped("items-by-sku", BasketItem.class))
                                .aggregate(
                                        () -> null,
                                        (sku, item, sum) -> plus(sum, item),
                                        (sku, item, sum) -> new BasketItem(
                                                sum.getAt(), sku, sum.getQuantity() - item.getQuantity()),
                                        Named.as("sum"),
                                        ports.store("sums", BasketItem.class))
                                .toStream(Named.as("sum-changes"))));
    }

    /** The first item of each basket as it is now, under the basket's key. */
    public StreamingProduct firstItems(InputPort<Basket> input) {
        return new StreamingProduct(
                declared("first-items").reads(input).publishes(totals).build(),
                ports -> ports.publish(
                        totals,
                        ports.read(input)
                                .changes()
                                .mapValues(
                                        basket -> basket == null
                                                ? null
                                                : basket.getItems().get(0),
                                        Named.as("first-item"))));
    }

    /** Lets the first basket of each time pass and none that comes later, which corrections do: a deliberate exception. */
    public StreamingProduct firsts(InputPort<Basket> input) {
        return new StreamingProduct(
                declared("firsts")
                        .reads(input)
                        .publishes(baskets)
                        .exempts("corrected-input", "firsts-first", "a test wants one")
                        .build(),
                ports -> ports.publish(
                        baskets,
                        ports.distinct(
                                "firsts",
                                ports.read(input).changes(),
                                basket -> basket.getAt().toString())));
    }

    /** The first item of each basket with the quantity of the price's basket, whose key is the item's: a foreign-key join. */
    public StreamingProduct priced() {
        return new StreamingProduct(
                declared("priced")
                        .reads(raw.asInput())
                        .reads(prices.asInput())
                        .publishes(totals)
                        .build(),
                ports -> ports.publish(
                        totals,
                        ports.read(raw.asInput())
                                .table("baskets")
                                .join(
                                        ports.read(prices.asInput()).table("prices"),
                                        basket -> basket.getItems().get(0).getSku(),
                                        (basket, price) -> new BasketItem(
                                                basket.getAt(),
                                                basket.getItems().get(0).getSku(),
                                                price.getItems().get(0).getQuantity()),
                                        TableJoined.as("basket-price"),
                                        ports.store("priced", BasketItem.class))
                                .toStream(Named.as("priced-changes"))));
    }

    /** Hands baskets on to one output, and then, after a step of the test's, their first items to another. */
    StreamingProduct both(UnaryOperator<Basket> betweenTheOutputs) {
        return new StreamingProduct(
                declared("both")
                        .reads(raw.asInput())
                        .publishes(baskets)
                        .publishes(totals)
                        .build(),
                ports -> {
                    KStream<String, Basket> in = ports.read(raw.asInput()).stream();
                    ports.publish(baskets, in);
                    ports.publish(
                            totals,
                            in.mapValues(
                                    basket -> betweenTheOutputs
                                            .apply(basket)
                                            .getItems()
                                            .get(0),
                                    Named.as("first-item")));
                });
    }

    /** The same product, of another build that says something else of every basket. */
    StreamingProduct bothWithNotes(String note) {
        return new StreamingProduct(
                declared("both")
                        .reads(raw.asInput())
                        .publishes(baskets)
                        .publishes(totals)
                        .build(),
                ports -> {
                    KStream<String, Basket> in = ports.read(raw.asInput()).stream();
                    ports.publish(
                            baskets,
                            in.mapValues(
                                    basket -> new Basket(basket.getAt(), note, basket.getItems()), Named.as("noted")));
                    ports.publish(
                            totals,
                            in.mapValues(
                                    basket -> new BasketItem(
                                            basket.getAt(),
                                            note,
                                            basket.getItems().get(0).getQuantity()),
                                    Named.as("noted-item")));
                });
    }

    /** The same product, of another build that hands baskets on and nothing else. */
    StreamingProduct bothWithoutTotals() {
        return new StreamingProduct(
                declared("both").reads(raw.asInput()).publishes(baskets).build(),
                ports -> ports.publish(baskets, ports.read(raw.asInput()).stream()));
    }

    DataProduct.Builder declared(String name) {
        return DataProduct.named(domain + "." + name)
                .ownedBy(domain, "team@example.org")
                .describedAs("A product of a test.");
    }

    /** The rate of each basket's key that was valid at its time, under the basket's note: an as-of join. */
    public StreamingProduct charged() {
        return new StreamingProduct(
                declared("charged")
                        .reads(raw.asInput())
                        .reads(rates.asInput())
                        .publishes(totals)
                        .build(),
                ports -> ports.publish(
                        totals,
                        ports.asOf(
                                "charges",
                                new Facts<>(ports.read(raw.asInput()).stream(), Basket.class, Basket::getNote),
                                new Versions<>(ports.read(rates.asInput()).stream(), Basket.class),
                                (basket, rate) -> new BasketItem(
                                        basket.getAt(),
                                        basket.getNote(),
                                        rate == null
                                                ? 0
                                                : rate.getItems().get(0).getQuantity()))));
    }

    /** Baskets of one key for {@link #charged}, each with a note of its own: f0, f1, and so on. */
    public List<ProducerRecord<byte[], byte[]>> facts(FakeRegistry registry, String key, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> {
                    Instant at = NOON.plusSeconds(i);
                    return record(registry, key, new Basket(at, "f" + i, List.of(new BasketItem(at, "pen", 1))));
                })
                .toList();
    }

    private static BasketItem plus(BasketItem sum, BasketItem item) {
        return sum == null
                ? item
                : new BasketItem(
                        sum.getAt().isAfter(item.getAt()) ? sum.getAt() : item.getAt(),
                        item.getSku(),
                        sum.getQuantity() + item.getQuantity());
    }

    public static Basket basket(Instant at, String sku, int quantity) {
        return new Basket(at, "", List.of(new BasketItem(at, sku, quantity)));
    }

    public ProducerRecord<byte[], byte[]> record(FakeRegistry registry, String key, Basket basket) {
        return record(raw, registry, key, basket);
    }

    public ProducerRecord<byte[], byte[]> record(
            SourcePort<Basket> port, FakeRegistry registry, String key, Basket basket) {
        int id = registry.register(port.address().valueSubject(), Basket.getClassSchema());
        return new ProducerRecord<>(
                port.address().topic(),
                key.getBytes(StandardCharsets.UTF_8),
                new AvroEncoder<>(AvroType.of(Basket.class), id).encode(basket));
    }
}
