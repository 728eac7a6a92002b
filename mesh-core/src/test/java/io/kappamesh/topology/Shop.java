package io.kappamesh.topology;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Ports, products and records for tests of topologies. */
final class Shop {
    static final Instant NOON = Instant.parse("1995-03-15T12:00:00Z");

    static final EventSource<Basket> RAW = SourcePort.events("shop.raw.v1", Basket.class)
            .eventTime("at")
            .describedAs("Baskets as they come.")
            .maxRecordBytes(2_000)
            .promises(
                    "few-items",
                    "a basket has at most ten items",
                    basket -> basket.getItems().size() <= 10)
            .build();

    static final InputPort<Basket> FOREIGN =
            InputPort.table("mall.baskets.v1", Basket.class).eventTime("at").build();

    static final OutputPort<Basket> BASKETS = OutputPort.table("shop.baskets.v1", Basket.class)
            .eventTime("at")
            .describedAs("Baskets.")
            .maxRecordBytes(400)
            .promises(
                    "has-items",
                    "a basket has an item",
                    basket -> !basket.getItems().isEmpty())
            .build();

    static final OutputPort<BasketItem> ITEMS = OutputPort.table("shop.items.v1", BasketItem.class)
            .eventTime("at")
            .describedAs("Items.")
            .build();

    private Shop() {}

    static DataProduct product(ReadablePort<?> input, OutputPort<?> output) {
        return declared().reads(input).publishes(output).build();
    }

    static DataProduct.Builder declared() {
        return DataProduct.named("shop.test")
                .ownedBy("shop", "shop@example.org")
                .describedAs("A product of a test.");
    }

    /** A basket with items named {@code sku} or {@code sku*quantity}. */
    static Basket basket(Instant at, String note, String... items) {
        List<BasketItem> rows = new ArrayList<>();
        for (String item : items) {
            int star = item.indexOf('*');
            rows.add(new BasketItem(
                    at,
                    star < 0 ? item : item.substring(0, star),
                    star < 0 ? 1 : Integer.parseInt(item.substring(star + 1))));
        }
        return new Basket(at, note, rows);
    }
}
