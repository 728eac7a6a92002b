package io.kappamesh.capture;

import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.captured.OrderRow;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.json.JsonKey;
import io.kappamesh.topology.StreamingProduct;
import java.time.temporal.ChronoUnit;

/** A product that publishes the rows of a captured table. */
final class CapturedOrders {
    private CapturedOrders() {}

    static final SourcePort<OrderRow> ROWS = SourcePort.table("shop.order-rows.v1", OrderRow.class)
            .keys(JsonKey.of("id"))
            .format(DebeziumFormat.json(JsonFormat.json()
                            .epoch(ChronoUnit.MICROS)
                            .epochDays()
                            .timesOfDay(ChronoUnit.MICROS))
                    .changedAt("changedAt"))
            .eventTime("changedAt")
            .key("id")
            .describedAs("Rows of the shop's table of orders")
            .build();

    static final OutputPort<OrderRow> ORDERS = OutputPort.table("shop.orders.v1", OrderRow.class)
            .eventTime("changedAt")
            .key("id")
            .describedAs("Orders")
            .build();

    static final StreamingProduct PRODUCT = new StreamingProduct(
            DataProduct.named("shop.orders")
                    .ownedBy("shop", "shop@example.org")
                    .describedAs("Orders of the shop")
                    .reads(ROWS)
                    .publishes(ORDERS)
                    .build(),
            ports -> ports.publish(ORDERS, ports.read(ROWS).changes()));
}
