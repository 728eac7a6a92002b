package io.kappamesh.system;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.faults.Sale;
import io.kappamesh.contracts.faults.Sold;
import io.kappamesh.topology.StreamingProduct;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/**
 * A small product that has all there is to lose: an input of two partitions, a repartition, a store, a table that it publishes. Quantities
 * are positive, so that what it says of an item only ever grows.
 */
final class SoldItems {
    final EventSource<Sale> sales;
    final OutputPort<Sold> sold;
    final ProductName name;
    private final String domain;

    SoldItems(String domain) {
        this.domain = domain;
        this.name = ProductName.of(domain + ".sold-items");
        sales = SourcePort.events(domain + ".sales.v1", Sale.class)
                .eventTime("at")
                .describedAs("Sales as they happen.")
                .partitions(2)
                .build();
        sold = OutputPort.table(domain + ".sold-items.v1", Sold.class)
                .eventTime("at")
                .describedAs("How much of each item was sold.")
                .partitions(2)
                .build();
    }

    StreamingProduct product() {
        return new StreamingProduct(
                DataProduct.named(name.toString())
                        .ownedBy(domain, "team@example.org")
                        .describedAs("How much of each item was sold.")
                        .reads(sales)
                        .publishes(sold)
                        .build(),
                ports -> {
                    KStream<String, Sold> byItem = ports.read(sales)
                            .changes()
                            .map(
                                    (key, sale) ->
                                            KeyValue.pair(sale.getItem(), new Sold(sale.getAt(), sale.getQuantity())),
                                    Named.as("by-item"));
                    ports.publish(
                            sold,
                            byItem.groupByKey(ports.grouped("sales-by-item", Sold.class))
                                    .reduce(SoldItems::plus, Named.as("sum"), ports.store("sums", Sold.class))
                                    .toStream(Named.as("sum-changes")));
                });
    }

    private static Sold plus(Sold sum, Sold more) {
        return new Sold(
                sum.getAt().isAfter(more.getAt()) ? sum.getAt() : more.getAt(), sum.getQuantity() + more.getQuantity());
    }
}
