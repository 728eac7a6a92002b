package org.example.shop;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Price;
import io.kappamesh.contracts.shop.Result;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** Sales and prices by product, from two lists of prices, and one day of them. */
final class Shop {
    static final EventSource<Sale> SALES = SourcePort.events("shop.sales.v1", Sale.class)
            .eventTime("at")
            .describedAs("What is sold, by product.")
            .build();
    static final EventSource<Sale> SALES_IN_TIME = SALES.allowingLateness(Duration.ofHours(1));
    static final EventSource<Price> PRICES = prices("shop.prices.v1");
    static final EventSource<Price> PRICES_IN_TIME = PRICES.allowingLateness(Duration.ofHours(1));
    static final EventSource<Price> OFFERS = prices("shop.offers.v1");

    /** What another domain asks for a product now. */
    static final InputPort<Price> MARKET =
            InputPort.table("mall.prices.v1", Price.class).eventTime("at").build();

    private static final OutputPort<Result> RESULTS = OutputPort.table("shop.results.v1", Result.class)
            .eventTime("day")
            .describedAs("What a topology makes of them.")
            .build();
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final List<String> PRODUCTS = List.of("tea", "rice", "salt", "milk");
    private static final List<String> CITIES = List.of("Oslo", "Rome");

    private Shop() {}

    /** What comes out is about the day: no result differs in its time alone. */
    static void publish(Ports ports, KStream<String, ?> texts) {
        ports.publish(
                RESULTS, texts.mapValues(text -> text == null ? null : result(text.toString()), Named.as("result")));
    }

    static Result result(String text) {
        return new Result(DAY, text);
    }

    static StreamingProduct product(ProductTopology topology, List<ReadablePort<?>> inputs) {
        DataProduct.Builder product = DataProduct.named("shop.control")
                .ownedBy("shop", "shop@example.org")
                .describedAs("A product of a test.")
                .publishes(RESULTS);
        inputs.forEach(product::reads);
        return new StreamingProduct(product.build(), topology);
    }

    /** Records a quarter of an hour apart on the average and up to two hours out of order. */
    static History day(List<? extends ReadablePort<?>> inputs, int records, RandomGenerator random) {
        Instant opening = DAY.atTime(8, 0).toInstant(ZoneOffset.UTC);
        History history = History.empty();
        for (int number = 1; number <= records; number++) {
            Instant at = opening.plus(Duration.ofMinutes(15L * number - random.nextInt(8) * 15L));
            String product = PRODUCTS.get(random.nextInt(PRODUCTS.size()));
            BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(9), 1).setScale(2);
            ReadablePort<?> port = inputs.get(random.nextInt(inputs.size()));
            if (port.asInput().type() == Sale.class) {
                String city = CITIES.get(random.nextInt(CITIES.size()));
                history.put(port, product, new Sale("sale-" + number, product, city, at, amount));
            } else {
                history.put(port, product, new Price(at, amount));
            }
        }
        return history;
    }

    private static EventSource<Price> prices(String address) {
        return SourcePort.events(address, Price.class)
                .eventTime("at")
                .describedAs("What a product costs from a time on.")
                .build();
    }
}
