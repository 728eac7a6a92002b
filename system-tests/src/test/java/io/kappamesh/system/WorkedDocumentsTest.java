package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.build.LibraryVersion;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.document.Document;
import io.kappamesh.document.ProductDocuments;
import io.kappamesh.document.Standard;
import io.kappamesh.fixture.OfficialSchemas;
import io.kappamesh.logistics.LogisticsProducts;
import io.kappamesh.masterdata.MasterdataProducts;
import io.kappamesh.sales.SalesProducts;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The worked domains as documents of open standards. */
class WorkedDocumentsTest {
    private static final List<StreamingProduct> PRODUCTS = Stream.of(
                    SalesProducts.all(), LogisticsProducts.all(), MasterdataProducts.all())
            .flatMap(List::stream)
            .toList();
    private static final ProductDocuments DOCUMENTS = ProductDocuments.of(PRODUCTS);

    @Test
    void contractsOfAllPortsAreValid() {
        OfficialSchemas odcs = OfficialSchemas.odcs();

        assertThat(DOCUMENTS.as(Standard.ODCS))
                .hasSize(9)
                .allSatisfy(one ->
                        assertThat(odcs.problems(one.yaml())).as(one.file()).isEmpty());
    }

    @Test
    void allProductsAreValid() {
        OfficialSchemas odps = OfficialSchemas.odps();
        OfficialSchemas asyncApi = OfficialSchemas.asyncApi();

        assertThat(DOCUMENTS.as(Standard.ODPS))
                .hasSize(9)
                .allSatisfy(one ->
                        assertThat(odps.problems(one.yaml())).as(one.file()).isEmpty());
        assertThat(DOCUMENTS.as(Standard.ASYNCAPI))
                .hasSize(9)
                .allSatisfy(one ->
                        assertThat(asyncApi.problems(one.yaml())).as(one.file()).isEmpty());
    }

    @Test
    void allProductsComeBackOutOfTheirDocuments() {
        ProductDescription[] products = PRODUCTS.stream()
                .map(one -> ProductDescription.of(one.product(), null, LibraryVersion.text(), Map.of()))
                .toArray(ProductDescription[]::new);

        assertThat(ProductDocuments.read(texts(Standard.ASYNCAPI))).containsExactly(products);
        assertThat(ProductDocuments.read(Stream.of(texts(Standard.ODPS), texts(Standard.ODCS))
                        .flatMap(List::stream)
                        .toList()))
                .containsExactly(products);
    }

    @Test
    void aContractSaysWhatItsPortPromises() {
        assertThat(DOCUMENTS.as(Standard.ODCS).stream().map(Document::yaml))
                .anySatisfy(contract -> assertThat(contract)
                        .contains("id: sales.orders.v1", "property: freshness", "primaryKey: true", "- event-time"));
    }

    private static List<String> texts(Standard standard) {
        return DOCUMENTS.as(standard).stream().map(Document::yaml).toList();
    }
}
