package io.kappamesh.testkit;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.topology.StreamingProduct;
import org.apache.kafka.streams.kstream.Named;

/** A product over a topic that exists already, with JSON values and numbers as keys, joined with a table of its own. */
final class TillOrders {
    private TillOrders() {}

    static final OutputPort<Sale> TOTALS = OutputPort.table("till.totals.v1", Sale.class)
            .eventTime("at")
            .describedAs("Orders with what is added.")
            .build();
    static final SourcePort<Sale> ORDERS = SourcePort.table("till.orders.v1", Sale.class)
            .topic("ORDERS")
            .format(JsonFormat.json())
            .keys(KeyFormat.int64())
            .eventTime("at")
            .key("id")
            .describedAs("Orders as an older system writes them.")
            .build();
    static final SourcePort<Sale> CITIES = SourcePort.table("till.additions.v1", Sale.class)
            .eventTime("at")
            .describedAs("What is added, under the same keys.")
            .build();

    static StreamingProduct product() {
        return new StreamingProduct(
                DataProduct.named("till.totals")
                        .ownedBy("till", "till@example.org")
                        .describedAs("Orders with what is added.")
                        .reads(ORDERS)
                        .reads(CITIES)
                        .publishes(TOTALS)
                        .build(),
                ports -> ports.publish(
                        TOTALS,
                        ports.read(ORDERS)
                                .table("orders")
                                .join(
                                        ports.read(CITIES).table("cities"),
                                        (order, city) -> Sale.newBuilder(order)
                                                .setAmount(order.getAmount().add(city.getAmount()))
                                                .build(),
                                        Named.as("join"),
                                        ports.store("joined", Sale.class))
                                .toStream(Named.as("changes"))));
    }
}
