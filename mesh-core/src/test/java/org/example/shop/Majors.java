package org.example.shop;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.time.Instant;
import java.util.function.Function;
import org.apache.kafka.streams.kstream.Named;

/** A port in two major versions. The wiring publishes the later one, and does not name the earlier one. */
public final class Majors {
    private static final OutputPort<Basket> V2 = port("shop.notes.v2");

    private Majors() {}

    /** Declared apart from the wiring. */
    private static final class ByALambda {
        static final OutputPort<Basket> V1 = port("shop.notes.v1").convertedFrom(V2, basket -> Majors.stamped(basket));
    }

    private static final class ByAMethod {
        static final OutputPort<Basket> V1 = port("shop.notes.v1").convertedFrom(V2, Majors::stamped);
    }

    private static final class ByAClass {
        static final OutputPort<Basket> V1 = port("shop.notes.v1").convertedFrom(V2, new Stamping());
    }

    private static final class Pure {
        static final OutputPort<Basket> V1 =
                port("shop.notes.v1").convertedFrom(V2, basket -> new Basket(basket.getAt(), "v1", basket.getItems()));
    }

    private static final class Stamping implements Function<Basket, Basket> {
        @Override
        public Basket apply(Basket basket) {
            return stamped(basket);
        }
    }

    public static StreamingProduct byALambda() {
        return product(ByALambda.V1);
    }

    public static StreamingProduct byAMethod() {
        return product(ByAMethod.V1);
    }

    public static StreamingProduct byAClass() {
        return product(ByAClass.V1);
    }

    public static StreamingProduct pure() {
        return product(Pure.V1);
    }

    private static StreamingProduct product(OutputPort<Basket> earlier) {
        DataProduct declared = DataProduct.named("shop.majors")
                .ownedBy("shop", "shop@example.org")
                .describedAs("A product of a test.")
                .reads(Shop.EVENTS)
                .publishes(V2)
                .publishes(earlier)
                .build();
        return new StreamingProduct(declared, Wiring::wire);
    }

    private static final class Wiring {
        static void wire(Ports ports) {
            ports.publish(
                    V2,
                    ports.read(Shop.EVENTS).stream().selectKey((key, basket) -> basket.getNote(), Named.as("note")));
        }
    }

    private static Basket stamped(Basket basket) {
        return new Basket(Instant.now(), basket.getNote(), basket.getItems());
    }

    private static OutputPort<Basket> port(String address) {
        return OutputPort.table(address, Basket.class)
                .eventTime("at")
                .describedAs("Baskets by note.")
                .build();
    }
}
