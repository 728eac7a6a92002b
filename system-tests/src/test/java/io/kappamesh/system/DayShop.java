package io.kappamesh.system;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.faults.Sale;
import io.kappamesh.contracts.faults.Sold;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/**
 * Three products of one domain, which one process runs: what was sold of each item, the same by shelf, which reads it, and the largest
 * sale of each item. Builds differ in the first one only.
 */
final class DayShop {
    private static final String DOMAIN = "day";
    private static final int SHELVES = 7;

    static final EventSource<Sale> SALES = SourcePort.events(DOMAIN + ".sales.v1", Sale.class)
            .eventTime("at")
            .describedAs("Sales as they happen.")
            .partitions(2)
            .build();
    static final OutputPort<Sold> ITEMS = port("items", "How much of each item was sold.");
    static final OutputPort<Sold> SHELVES_SOLD = port("shelves", "How much was sold from each shelf.");
    static final OutputPort<Sold> LARGEST = port("largest", "The largest sale of each item.");

    /** What a build makes of the sales of an item. */
    enum Build {
        /** Takes them as they are. */
        FIRST {
            @Override
            Optional<Long> quantity(String item, long quantity) {
                return Optional.of(quantity);
            }
        },
        /** Knows that every third item is sold in pairs. */
        PAIRS {
            @Override
            Optional<Long> quantity(String item, long quantity) {
                return Optional.of(number(item) % 3 == 0 ? 2 * quantity : quantity);
            }
        },
        /** Means to leave out samples and loses half of all items. */
        BAD {
            @Override
            Optional<Long> quantity(String item, long quantity) {
                return number(item) % 2 == 0 ? Optional.empty() : PAIRS.quantity(item, quantity);
            }
        };

        /** How much was sold; empty = does not count. */
        abstract Optional<Long> quantity(String item, long quantity);
    }

    private DayShop() {}

    static List<StreamingProduct> products(Build build) {
        return List.of(items(build), shelves(), largest());
    }

    static StreamingProduct items(Build build) {
        return product("items", SALES, ITEMS, ports -> {
            KStream<String, Sold> counted = ports.read(SALES).stream()
                    .flatMap(
                            (key, sale) -> build
                                    .quantity(sale.getItem(), sale.getQuantity())
                                    .map(quantity -> KeyValue.pair(sale.getItem(), new Sold(sale.getAt(), quantity)))
                                    .stream()
                                    .toList(),
                            Named.as("by-item"));
            ports.publish(
                    ITEMS,
                    counted.groupByKey(ports.grouped("sales-by-item", Sold.class))
                            .reduce(DayShop::plus, Named.as("sum"), ports.store("sums", Sold.class))
                            .toStream(Named.as("sum-changes")));
        });
    }

    private static StreamingProduct shelves() {
        InputPort<Sold> items = InputPort.table(ITEMS.address().topic(), Sold.class)
                .eventTime("at")
                .build();
        return product(
                "shelves",
                items,
                SHELVES_SOLD,
                ports -> ports.publish(
                        SHELVES_SOLD,
                        ports.read(items)
                                .table("items")
                                .groupBy(
                                        (item, sold) -> KeyValue.pair(shelf(item), sold),
                                        ports.grouped("items-by-shelf", Sold.class))
                                .aggregate(
                                        () -> null,
                                        (shelf, sold, sum) -> sum == null
                                                ? onShelf(sold.getQuantity())
                                                : onShelf(sum.getQuantity() + sold.getQuantity()),
                                        (shelf, sold, sum) -> sum.getQuantity() == sold.getQuantity()
                                                ? null
                                                : onShelf(sum.getQuantity() - sold.getQuantity()),
                                        Named.as("sum-shelves"),
                                        ports.store("shelf-sums", Sold.class))
                                .toStream(Named.as("shelf-changes"))));
    }

    private static StreamingProduct largest() {
        return product("largest", SALES, LARGEST, ports -> {
            KStream<String, Sold> byItem = ports.read(SALES).stream()
                    .map(
                            (key, sale) -> KeyValue.pair(sale.getItem(), new Sold(sale.getAt(), sale.getQuantity())),
                            Named.as("by-item"));
            ports.publish(
                    LARGEST,
                    byItem.groupByKey(ports.grouped("sales-by-item", Sold.class))
                            .reduce(DayShop::larger, Named.as("larger"), ports.store("largest", Sold.class))
                            .toStream(Named.as("largest-changes")));
        });
    }

    static String shelf(String item) {
        return "shelf-" + number(item) % SHELVES;
    }

    /** What is on a shelf has no time that a correction could take back. */
    private static Sold onShelf(long quantity) {
        return new Sold(Instant.EPOCH, quantity);
    }

    private static Sold plus(Sold sum, Sold more) {
        return new Sold(later(sum, more).getAt(), sum.getQuantity() + more.getQuantity());
    }

    /** With the time of the latest sale, so that it is told as long as anything is sold. */
    private static Sold larger(Sold one, Sold other) {
        return new Sold(later(one, other).getAt(), Math.max(one.getQuantity(), other.getQuantity()));
    }

    private static Sold later(Sold one, Sold other) {
        return one.getAt().isAfter(other.getAt()) ? one : other;
    }

    private static int number(String item) {
        return Integer.parseInt(item.substring(item.indexOf('-') + 1));
    }

    private static OutputPort<Sold> port(String name, String description) {
        return OutputPort.table(DOMAIN + "." + name + ".v1", Sold.class)
                .eventTime("at")
                .describedAs(description)
                .partitions(2)
                .build();
    }

    private static StreamingProduct product(
            String name, ReadablePort<?> input, OutputPort<?> output, ProductTopology wiring) {
        return new StreamingProduct(
                DataProduct.named(DOMAIN + "." + name)
                        .ownedBy(DOMAIN, "day@example.org")
                        .describedAs(output.contract().description())
                        .reads(input)
                        .publishes(output)
                        .build(),
                wiring);
    }

    static ProductName itemsProduct() {
        return ProductName.of(DOMAIN + ".items");
    }
}
