package io.kappamesh.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.fixture.OfficialSchemas;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Descriptions of products come back out of their documents as they were. {@code -Dmesh.seed=N} repeats a failure. */
class RoundTripTest {
    private static final int PRODUCTS = 60;

    private final long seed = Optional.ofNullable(Long.getLong("mesh.seed")).orElseGet(() -> new Random().nextLong());
    private final GeneratedProducts products = new GeneratedProducts(new Random(seed));

    @Test
    void nothingIsLostInContractsAndProduct() {
        for (int n = 0; n < PRODUCTS; n++) {
            ProductDescription product = products.any();
            ProductDocuments documents = served(product);
            for (boolean json : List.of(true, false)) {
                List<String> texts = new ArrayList<>(Stream.of(Standard.ODCS, Standard.ODPS)
                        .flatMap(standard -> documents.as(standard).stream())
                        .map(document -> json ? document.json() : document.yaml())
                        .toList());
                Collections.shuffle(texts, new Random(n));

                assertThat(ProductDocuments.read(texts))
                        .as("mesh.seed=%d", seed)
                        .containsExactly(product);
            }
        }
    }

    @Test
    void textOfAnyLengthIsWrittenInLines() {
        String text = "A line.\n\n  Another, set in.\n".repeat(20_000) + "x".repeat(100_000);

        String yaml = DocumentText.yaml(Descriptions.node().put("text", text));

        assertThat(yaml).startsWith("text: |-\n  A line.\n\n    Another, set in.\n");
        assertThat(DocumentText.tree(yaml).path("text").asText()).isEqualTo(text);
    }

    @Test
    void nothingIsLostInAsyncApi() {
        for (int n = 0; n < PRODUCTS; n++) {
            ProductDescription product = products.any();
            Document document = served(product).as(Standard.ASYNCAPI).get(0);

            assertThat(ProductDocuments.read(List.of(document.yaml(), document.json())))
                    .as("mesh.seed=%d", seed)
                    .containsExactly(product, product);
        }
    }

    @Test
    void documentsAreValid() {
        OfficialSchemas odcs = OfficialSchemas.odcs();
        OfficialSchemas odps = OfficialSchemas.odps();
        OfficialSchemas asyncApi = OfficialSchemas.asyncApi();
        for (int n = 0; n < PRODUCTS / 2; n++) {
            ProductDocuments documents = served(products.any());

            assertThat(documents.as(Standard.ODCS))
                    .as("mesh.seed=%d", seed)
                    .allSatisfy(one ->
                            assertThat(odcs.problems(one.yaml())).as(one.file()).isEmpty());
            assertThat(documents.as(Standard.ODPS))
                    .as("mesh.seed=%d", seed)
                    .allSatisfy(one ->
                            assertThat(odps.problems(one.yaml())).as(one.file()).isEmpty());
            assertThat(documents.as(Standard.ASYNCAPI))
                    .as("mesh.seed=%d", seed)
                    .allSatisfy(one -> assertThat(asyncApi.problems(one.yaml()))
                            .as(one.file())
                            .isEmpty());
        }
    }

    @Test
    void theOfficialSchemasRefuseWhatIsWrong() {
        OfficialSchemas odcs = OfficialSchemas.odcs();
        OfficialSchemas odps = OfficialSchemas.odps();
        OfficialSchemas asyncApi = OfficialSchemas.asyncApi();

        assertThat(odcs.problems(
                        "apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: '1'\nstatus: active\ntopic: a\n"))
                .isNotEmpty();
        assertThat(odps.problems("apiVersion: v1.0.0\nkind: DataProduct\nid: a\nstatus: active\ntopic: a\n"))
                .isNotEmpty();
        assertThat(asyncApi.problems("asyncapi: 3.0.0\ninfo: {title: a, version: '1'}\nchannels: {a: {topic: a}}\n"))
                .isNotEmpty();
    }

    @Test
    void whatIsDeprecatedIsSoInTheWordsOfTheStandards() {
        List<String> words = new ArrayList<>();
        for (int n = 0; n < PRODUCTS; n++) {
            ProductDescription product = products.any();
            List<String> apis = BackstageEntities.of(product, Place.UNKNOWN).stream()
                    .filter(entity -> entity.path("kind").asText().equals("API"))
                    .map(entity -> entity.path("spec").path("lifecycle").asText())
                    .toList();
            List<String> contracts = product.outputs().stream()
                    .map(port -> OdcsContract.of(
                                    product.product(), Descriptions.tree(product.owner()), port, Place.UNKNOWN)
                            .path("status")
                            .asText())
                    .toList();

            assertThat(apis)
                    .as("mesh.seed=%d", seed)
                    .isEqualTo(product.outputs().stream()
                            .map(port -> port.ending().isPresent() ? "deprecated" : "production")
                            .toList());
            assertThat(contracts)
                    .as("mesh.seed=%d", seed)
                    .isEqualTo(product.outputs().stream()
                            .map(port -> port.ending().isPresent() ? "deprecated" : "active")
                            .toList());
            words.addAll(contracts);
        }
        assertThat(words).contains("deprecated", "active");
    }

    @Test
    void everyEntityOfBackstageHasANameOfItsForm() {
        for (int n = 0; n < PRODUCTS; n++) {
            List<? extends JsonNode> entities = BackstageEntities.of(products.any(), Place.UNKNOWN);

            assertThat(entities).as("mesh.seed=%d", seed).allSatisfy(entity -> {
                assertThat(entity.path("metadata").path("name").asText())
                        .matches("[a-z0-9]+([-._][a-z0-9]+)*")
                        .hasSizeLessThanOrEqualTo(63);
                assertThat(entity.path("spec").path("owner").asText()).matches("group:[a-z0-9]+([-._][a-z0-9]+)*");
            });
        }
    }

    private static ProductDocuments served(ProductDescription product) {
        return ProductDocuments.describing(List.of(product))
                .servedAt(
                        List.of("one.example.org:9092", "two.example.org:9092"),
                        Optional.of("https://schemas.example.org"));
    }
}
