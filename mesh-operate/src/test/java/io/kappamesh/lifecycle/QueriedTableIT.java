package io.kappamesh.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.cut.Progress;
import io.kappamesh.fixture.Stall;
import io.kappamesh.fixture.TestMesh;
import io.kappamesh.generation.Role;
import io.kappamesh.query.Lookup;
import io.kappamesh.query.PublishedTable;
import io.kappamesh.query.TableNotReadyException;
import io.kappamesh.query.TableRows;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.topology.StreamingProduct;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A published table that is asked while another build takes the place of the one that serves. */
@Timeout(180)
class QueriedTableIT {
    @RegisterExtension
    static final TestMesh mesh = TestMesh.create();

    /** Publishes the first item of each basket, so many times. */
    private static final class Wiring {
        private final Stall stall = new Stall("promoted-table");
        private final OutputPort<BasketItem> items = stall.totals.queryable();

        StreamingProduct times(int factor) {
            return new StreamingProduct(
                    DataProduct.named("promoted-table.items")
                            .ownedBy("team", "team@example.org")
                            .describedAs("A product of a test.")
                            .reads(stall.raw)
                            .publishes(items)
                            .build(),
                    ports -> ports.publish(
                            items,
                            ports.read(stall.raw)
                                    .changes()
                                    .mapValues(basket -> first(basket, factor), Named.as("first-item"))));
        }

        private static BasketItem first(Basket basket, int factor) {
            BasketItem item = basket.getItems().get(0);
            return new BasketItem(item.getAt(), item.getSku(), item.getQuantity() * factor);
        }
    }

    @Test
    void theRowsAreThoseOfTheServingGenerationBeforeAndAfterAPromotion() {
        Wiring wiring = new Wiring();
        MeshRuntime serving = mesh.run("b1", wiring.times(1));
        mesh.writePens(wiring.stall, 0, 20);
        PublishedTable<BasketItem> before = serving.table(wiring.items);
        awaitQuantity(before, 1);

        try (MeshRuntime candidate = mesh.replay("b2", wiring.times(7));
                Lifecycle lifecycle = Lifecycle.connect(mesh.settings("operator"))) {
            PublishedTable<BasketItem> after = candidate.table(wiring.items);
            assertThatThrownBy(() -> after.get("b0"))
                    .isInstanceOf(TableNotReadyException.class)
                    .hasMessageContaining("this process does not run the serving generation");
            awaitQuantity(before, 1);

            lifecycle.promote(ProductName.of("promoted-table.items"), OptionalInt.empty(), true, Progress.SILENT);
            TestMesh.awaitRole(candidate, Role.SERVING);

            awaitQuantity(after, 7);
            assertThat(after.get("b19")
                            .<Optional<Integer>>fold(
                                    row -> row.map(BasketItem::getQuantity), elsewhere -> Optional.empty()))
                    .contains(7);
            await().atMost(TestMesh.TIMEOUT)
                    .untilAsserted(() ->
                            assertThatThrownBy(() -> before.get("b0")).isInstanceOf(TableNotReadyException.class));
        }
    }

    private static void awaitQuantity(PublishedTable<BasketItem> table, int quantity) {
        await().atMost(TestMesh.TIMEOUT)
                .ignoreException(TableNotReadyException.class)
                .untilAsserted(() -> {
                    try (TableRows<BasketItem> rows = table.all()) {
                        assertThat(rows)
                                .toIterable()
                                .hasSize(20)
                                .allSatisfy(row ->
                                        assertThat(row.value.getQuantity()).isEqualTo(quantity));
                    }
                    assertThat(table.get("b0")).isInstanceOf(Lookup.Here.class);
                });
    }
}
