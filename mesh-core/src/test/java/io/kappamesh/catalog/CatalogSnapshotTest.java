package io.kappamesh.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ProductName;
import io.kappamesh.fixture.Products;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CatalogSnapshotTest {
    private static final ProductName BEFORE = ProductName.of("sales.a-former-owner");
    private static final ProductName OWNER = ProductName.of("sales.orders");

    @Test
    void aPortThatMovedIsComparedWithTheFormerOwnersWordUntilTheNewOneHasServed() {
        ProductDescription former = described(BEFORE, "as it was", "sales.orders.v1");
        ProductDescription own = described(OWNER, "as it is", "sales.orders.v1");
        ProductDescription other = described(OWNER, "as it is", "sales.returns.v1");

        assertThat(word(snapshot(former, other))).isEqualTo("as it was");
        assertThat(word(snapshot(former, own))).isEqualTo("as it is");
        assertThat(snapshot(other).portOf("sales.orders.v1", OWNER)).isEmpty();
    }

    private static String word(CatalogSnapshot snapshot) {
        return snapshot.portOf("sales.orders.v1", OWNER).orElseThrow().description();
    }

    private static CatalogSnapshot snapshot(ProductDescription... products) {
        TreeMap<ProductName, ProductDescription> all = new TreeMap<>();
        List.of(products).forEach(one -> all.put(one.name(), one));
        return new CatalogSnapshot(all, List.of(), List.of());
    }

    private static ProductDescription described(ProductName name, String word, String address) {
        OutputPort<?> port = Products.table(address).describedAs(word).build();
        return ProductDescription.of(
                Products.product(
                        name.toString(), Products.source("sales.raw.v1").build(), port),
                null,
                "test",
                Map.of());
    }
}
