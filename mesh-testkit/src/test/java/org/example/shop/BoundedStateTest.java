package org.example.shop;

import static org.example.shop.Shop.PRICES_IN_TIME;
import static org.example.shop.Shop.SALES_IN_TIME;
import static org.example.shop.Shop.publish;

import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contracts.shop.Price;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.testkit.ProductLint;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A join of which both sides are forgotten ends the same live, in a replay, after restarts and in any order of its topics. */
class BoundedStateTest {
    private static final List<ReadablePort<?>> INPUTS = List.of(SALES_IN_TIME, PRICES_IN_TIME);

    @Test
    void whatAJoinForgetsIsForgottenInAReplayToo() {
        StreamingProduct product = Shop.product(
                ports -> publish(
                        ports,
                        ports.asOf(
                                "priced",
                                ports.read(SALES_IN_TIME).facts(Sale.class, Sale::getId),
                                ports.read(PRICES_IN_TIME).versions(Price.class),
                                (sale, price) -> price == null ? "no price yet" : "at " + price.getAmount())),
                INPUTS);

        ProductLint.of(product).passes();
        ReplayProof.of(product)
                .inputs(random -> Shop.day(INPUTS, 600, random))
                .schedules(40)
                .holds();
    }
}
