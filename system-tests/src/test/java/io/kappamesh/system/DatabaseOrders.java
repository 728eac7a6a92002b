package io.kappamesh.system;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.faults.OrderRow;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.topology.StreamingProduct;

/** A product that publishes the rows of a table of a database, as Debezium writes them into a topic. */
record DatabaseOrders(OutputPort<OrderRow> rows, StreamingProduct product) {

    /** @param topic without {@code .public.orders} */
    static DatabaseOrders of(String topic, KeyFormat keys, ValueFormat format) {
        SourcePort<OrderRow> source = SourcePort.table(topic + ".database-orders.v1", OrderRow.class)
                .topic(topic + ".public.orders")
                .keys(keys)
                .format(format)
                .eventTime("changedAt")
                .key("id")
                .describedAs("Orders as they are in the database.")
                .build();
        OutputPort<OrderRow> rows = OutputPort.table(topic + ".orders.v1", OrderRow.class)
                .eventTime("changedAt")
                .key("id")
                .describedAs("Orders.")
                .build();
        return new DatabaseOrders(
                rows,
                new StreamingProduct(
                        DataProduct.named(topic + ".orders")
                                .ownedBy(topic, "team@example.org")
                                .describedAs("Orders of a database.")
                                .reads(source)
                                .publishes(rows)
                                .build(),
                        ports -> ports.publish(rows, ports.read(source).changes())));
    }
}
