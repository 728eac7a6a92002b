package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.Internal;
import io.kappamesh.build.LibraryVersion;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.topology.StreamingProduct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Data products as documents of open standards, made of their declarations: fields with their types, documentation and classification, owner,
 * levels of service, quality rules, keys, event times, inputs. What a standard has no word for stands in the fields that it has for that, so
 * that a document loses nothing. Immutable and thread-safe. See {@code docs/documents.md}.
 */
public final class ProductDocuments {
    private final List<ProductDescription> products;
    private final Place place;

    private ProductDocuments(List<ProductDescription> products, Place place) {
        this.products = List.copyOf(products);
        this.place = place;
    }

    /** Of products as a build declares them. It needs no platform. */
    public static ProductDocuments of(List<StreamingProduct> products) {
        return describing(products.stream()
                .map(one -> ProductDescription.of(one.product(), null, LibraryVersion.text(), Map.of()))
                .toList());
    }

    /** Of products as a catalogue describes them. */
    @Internal
    public static ProductDocuments describing(List<ProductDescription> products) {
        return new ProductDocuments(products, Place.UNKNOWN);
    }

    /**
     * The same, with the servers in them.
     *
     * @param brokers {@code host:port} of each
     * @param registry the address of the schema registry; empty = it stands in no document
     */
    public ProductDocuments servedAt(List<String> brokers, Optional<String> registry) {
        return new ProductDocuments(products, new Place(brokers, registry, place.readers()));
    }

    /**
     * The same, with who reads what in them.
     *
     * @param readers by the address of a port
     */
    public ProductDocuments readBy(Map<String, List<String>> readers) {
        return new ProductDocuments(products, new Place(place.brokers(), place.registry(), readers));
    }

    /** The documents of a standard, in the order of the products. */
    public List<Document> as(Standard standard) {
        List<Document> documents = new ArrayList<>();
        for (ProductDescription product : products) {
            switch (standard) {
                case ODCS -> {
                    JsonNode owner = Descriptions.tree(product.owner());
                    product.outputs()
                            .forEach(port -> documents.add(new Document(
                                    standard.fileOf(port.address()),
                                    List.of(OdcsContract.of(product.product(), owner, port, place)))));
                }
                case ODPS -> documents.add(document(standard, product, List.of(OdpsProduct.of(product, place))));
                case ASYNCAPI -> documents.add(document(standard, product, List.of(AsyncApi.of(product, place))));
                case BACKSTAGE -> documents.add(document(standard, product, BackstageEntities.of(product, place)));
            }
        }
        return documents;
    }

    private static Document document(Standard standard, ProductDescription product, List<? extends JsonNode> parts) {
        return new Document(standard.fileOf(product.product()), parts);
    }

    /**
     * The products that documents describe, in any order: AsyncAPI, or ODPS together with the ODCS of each of its ports.
     *
     * @param texts in YAML or in JSON
     * @throws DeclarationException if a text is neither, is of another standard, or lacks what this library writes
     */
    @Internal
    public static List<ProductDescription> read(List<String> texts) {
        Map<String, OutputDescription> contracts = new HashMap<>();
        Map<String, JsonNode> odps = new LinkedHashMap<>();
        List<ProductDescription> products = new ArrayList<>();
        for (String text : texts) {
            JsonNode tree = DocumentText.tree(text);
            String kind = tree.path("kind").asText();
            if (kind.equals(OdcsContract.KIND)) {
                contracts.put(tree.path("id").asText(), OdcsContract.port(tree));
            } else if (kind.equals(OdpsProduct.KIND)) {
                odps.put(tree.path("id").asText(), tree);
            } else if (AsyncApi.isOne(tree)) {
                products.add(AsyncApi.product(tree));
            } else {
                throw new DeclarationException(List.of("expected a document of ODCS, ODPS or AsyncAPI"));
            }
        }
        odps.values().forEach(tree -> products.add(OdpsProduct.product(tree, contracts)));
        return products;
    }
}
