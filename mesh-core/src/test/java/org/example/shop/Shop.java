package org.example.shop;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** A domain that is not the library's own, for tests of what the linter sees of a domain. */
public final class Shop {
    public static final EventSource<Basket> EVENTS = SourcePort.events("shop.events.v1", Basket.class)
            .eventTime("at")
            .describedAs("Baskets as they come.")
            .build();
    public static final EventSource<Basket> MORE_EVENTS = SourcePort.events("shop.more-events.v1", Basket.class)
            .eventTime("at")
            .describedAs("More of them.")
            .build();
    public static final InputPort<Basket> TABLE =
            InputPort.table("mall.baskets.v1", Basket.class).eventTime("at").build();
    public static final SourcePort<Basket> ROWS = SourcePort.table("shop.rows.v1", Basket.class)
            .eventTime("at")
            .describedAs("Baskets as they are now.")
            .build();
    public static final SourcePort<Basket> RETURNS = SourcePort.retractableEvents("shop.returns.v1", Basket.class)
            .eventTime("at")
            .describedAs("Baskets that may be taken back.")
            .build();
    public static final InputPort<Basket> FACTS =
            InputPort.events("mall.facts.v1", Basket.class).eventTime("at").build();
    public static final OutputPort<Basket> BASKETS = OutputPort.table("shop.baskets.v1", Basket.class)
            .eventTime("at")
            .describedAs("Baskets.")
            .build();

    private Shop() {}

    public static DataProduct.Builder declared(ReadablePort<?>... inputs) {
        DataProduct.Builder product = DataProduct.named("shop.test")
                .ownedBy("shop", "shop@example.org")
                .describedAs("A product of a test.")
                .publishes(BASKETS);
        for (ReadablePort<?> input : inputs) {
            product.reads(input);
        }
        return product;
    }

    public static StreamingProduct product(ProductTopology topology, ReadablePort<?>... inputs) {
        return new StreamingProduct(declared(inputs).build(), topology);
    }

    /** Events in, a step, baskets out. */
    static void through(Ports ports, UnaryOperator<Basket> step) {
        publish(ports, ports.read(EVENTS).stream().mapValues(step::apply, Named.as("step")));
    }

    static void publish(Ports ports, KStream<?, Basket> baskets) {
        ports.publish(BASKETS, baskets.selectKey((key, basket) -> basket.getNote(), Named.as("note")));
    }
}
