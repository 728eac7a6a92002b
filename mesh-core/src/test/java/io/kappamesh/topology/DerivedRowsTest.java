package io.kappamesh.topology;

import static io.kappamesh.topology.Bench.utf8;
import static io.kappamesh.topology.Shop.FOREIGN;
import static io.kappamesh.topology.Shop.ITEMS;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every item of a basket is a row, and its name is the row's key. */
class DerivedRowsTest {
    private final Bench bench = new Bench(
            Shop.product(FOREIGN, ITEMS),
            ports -> ports.publish(
                    ITEMS,
                    ports.derive("items", ports.read(FOREIGN).changes(), BasketItem.class, DerivedRowsTest::rows)));

    private static Map<String, BasketItem> rows(Basket basket) {
        Map<String, BasketItem> rows = new LinkedHashMap<>();
        basket.getItems().forEach(item -> rows.put(item.getSku(), item));
        return rows;
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void rowsOfANewParentComeInTheirOrder() {
        pipe("p", NOON, "c", "a", "b");

        assertThat(changes()).containsExactly("c=1", "a=1", "b=1");
    }

    @Test
    void onlyWhatDiffersIsForwarded() {
        pipe("p", NOON, "gone", "same", "changed*1");
        changes();

        pipe("p", NOON, "same", "changed*2", "new");

        assertThat(changes()).containsExactly("gone=null", "changed=2", "new=1");
    }

    @Test
    void aParentThatStayedTheSameSaysNothing() {
        pipe("p", NOON, "a", "b");
        changes();

        pipe("p", NOON, "b", "a");

        assertThat(changes()).isEmpty();
    }

    @Test
    void theDeletionOfAParentRetractsItsRowsWithItsOwnTime() {
        pipe("p", NOON, "a", "b");
        bench.records(ITEMS);

        bench.pipe(FOREIGN, utf8("p"), null, new RecordHeaders(), 4_242);

        assertThat(bench.records(ITEMS)).hasSize(2).allSatisfy(row -> {
            assertThat(row.value()).isNull();
            assertThat(row.timestamp()).isEqualTo(4_242);
        });
        assertThat(bench.driver.getKeyValueStore("items").get("p")).isNull();
    }

    @Test
    void theDeletionOfAnUnknownParentSaysNothing() {
        bench.pipe(FOREIGN, utf8("p"), null, new RecordHeaders(), 1);

        assertThat(changes()).isEmpty();
    }

    @Test
    void aParentThatLosesAllItsRowsKeepsNoState() {
        pipe("p", NOON, "a");
        pipe("p", NOON);
        assertThat(changes()).containsExactly("a=1", "a=null");
        assertThat(bench.driver.getKeyValueStore("items").get("p")).isNull();

        pipe("p", NOON, "a");

        assertThat(changes()).containsExactly("a=1");
    }

    @Test
    void parentsDoNotTouchEachOthersRows() {
        pipe("p", NOON, "a");
        pipe("q", NOON, "b");
        changes();

        pipe("p", NOON, "c");

        assertThat(changes()).containsExactly("a=null", "c=1");
    }

    private void pipe(String key, Instant at, String... items) {
        bench.pipe(FOREIGN, key, basket(at, "", items));
    }

    private List<String> changes() {
        return bench.records(ITEMS).stream()
                .map(row -> row.key() + "="
                        + (row.value() == null ? null : row.value().getQuantity()))
                .toList();
    }
}
