package io.kappamesh.benchmarks.arm;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.testkit.ProductLint;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacedOrdersTest {

    @Test
    void everyEventBecomesItsOrder() {
        ProductLint.of(PlacedOrders.product()).passes();
        Map<String, Order> expected = new HashMap<>();
        try (ProductDriver driver = ProductDriver.of(PlacedOrders.product())) {
            for (TpchEvent event : TpchEvents.atScale(0.0001).only(EventStream.ORDERS)) {
                OrderPlaced placed = (OrderPlaced) event.value();
                expected.put(event.key(), OrderSteps.order(placed));
                driver.pipe(SalesPorts.ORDER_EVENTS, event.key(), placed);
            }

            assertThat(driver.table(PlacedOrders.PORT)).isEqualTo(expected).isNotEmpty();
        }
    }
}
