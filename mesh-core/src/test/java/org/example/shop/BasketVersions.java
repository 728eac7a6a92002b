package org.example.shop;

import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.topology.StreamingProduct;
import java.util.function.UnaryOperator;

/** One product in several builds, for tests of how they are told apart. */
public final class BasketVersions {
    private BasketVersions() {}

    static final class Plain {
        private Plain() {}

        static Basket noted(Basket basket) {
            return basket;
        }
    }

    static final class Marked {
        private Marked() {}

        static Basket noted(Basket basket) {
            return new Basket(basket.getAt(), "marked", basket.getItems());
        }
    }

    static final class Given implements UnaryOperator<Basket> {
        @Override
        public Basket apply(Basket basket) {
            return basket;
        }
    }

    static final class OtherwiseGiven implements UnaryOperator<Basket> {
        @Override
        public Basket apply(Basket basket) {
            return Marked.noted(basket);
        }
    }

    public static StreamingProduct plain() {
        return Shop.product(ports -> Shop.through(ports, Plain::noted), Shop.EVENTS);
    }

    public static StreamingProduct marked() {
        return Shop.product(ports -> Shop.through(ports, Marked::noted), Shop.EVENTS);
    }

    public static StreamingProduct given() {
        return with(new Given());
    }

    public static StreamingProduct otherwiseGiven() {
        return with(new OtherwiseGiven());
    }

    private static StreamingProduct with(UnaryOperator<Basket> step) {
        return Shop.product(ports -> Shop.through(ports, step), Shop.EVENTS);
    }
}
