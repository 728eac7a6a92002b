package io.kappamesh.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.fixture.Products;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the files of a domain's contracts after each look at the catalogue. */
class NeededFilesTest {
    private static final String ORDERS = "sales.orders.v1";
    private static final String SHIPMENTS = "logistics.shipments.v1";

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();
    private final List<String> warned = new ArrayList<>();
    private ContractFiles files;

    @BeforeEach
    void theDirectory() {
        files = new ContractFiles(directory);
    }

    @Test
    void whoReadsIsWrittenAndWhoReadsNoMoreIsRemoved() {
        assertThat(update("sales", false, reader("finance.sums", ORDERS), reader("books.notes", ORDERS)))
                .isTrue();
        assertThat(said).containsExactly("books.notes  written", "finance.sums  written");
        assertThat(inputs("finance.sums")).containsExactly(ORDERS);

        assertThat(update("sales", false, reader("finance.sums", SHIPMENTS), reader("books.notes", ORDERS)))
                .isTrue();

        assertThat(said)
                .containsExactly("books.notes  as it was", "finance.sums  removed: it reads no port of sales any more");
        assertThat(files.needs("finance.sums")).isEmpty();
        assertThat(files.needs("books.notes")).isPresent();
        assertThat(update("sales", false)).isFalse();
        assertThat(files.needs()).isEmpty();
    }

    /** A reader that cannot be seen may be there. */
    @Test
    void nothingIsRemovedWhileSomethingCannotBeSeen() {
        update("sales", false, reader("finance.sums", ORDERS));

        update("sales", true);

        assertThat(said).isEmpty();
        assertThat(warned)
                .singleElement()
                .asString()
                .startsWith("finance.sums: is kept, although nothing is seen of it");
        assertThat(inputs("finance.sums")).containsExactly(ORDERS);
    }

    @Test
    void inADirectoryOfSeveralDomainsTheNeedsOfTheOthersStay() {
        files.keep(ContractFiles.Needs.of(reader("finance.sums", ORDERS, SHIPMENTS)));

        update("sales", false, reader("finance.sums", ORDERS, SHIPMENTS));
        assertThat(said).containsExactly("finance.sums  as it was");
        assertThat(inputs("finance.sums")).containsExactly(SHIPMENTS, ORDERS);

        update("sales", false, reader("finance.sums", SHIPMENTS));
        assertThat(inputs("finance.sums")).as("what it needs of logistics").containsExactly(SHIPMENTS);
    }

    /** Those are written by the domain's own build. */
    @Test
    void filesOfTheDomainsOwnProductsAreLeftAlone() {
        files.keep(ContractFiles.Needs.of(reader("sales.daily", ORDERS)));

        assertThat(update("sales", false, reader("sales.daily", SHIPMENTS))).isFalse();

        assertThat(said).isEmpty();
        assertThat(inputs("sales.daily")).containsExactly(ORDERS);
    }

    private boolean update(String domain, boolean isIncomplete, ProductDescription... products) {
        said.clear();
        warned.clear();
        return new NeededFiles(domain, files, said::add, warned::add).update(List.of(products), isIncomplete);
    }

    private List<String> inputs(String product) {
        return files.needs(product).orElseThrow().inputs().stream()
                .map(InputDescription::address)
                .sorted()
                .toList();
    }

    private static ProductDescription reader(String name, String... ports) {
        DataProduct.Builder product = DataProduct.named(name)
                .ownedBy("team", "team@example.org")
                .describedAs("A product of a test.")
                .publishes(Products.table(name + ".v1").build());
        Arrays.stream(ports)
                .forEach(port -> product.reads(Products.table(port).build().asInput()));
        return ProductDescription.of(product.build(), "b", "test", Map.of());
    }
}
