package io.kappamesh.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.fixture.Products;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LineageSvgTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String HOSTILE = "<script>\"&'\u0007\u001b[31m\uD800 ]]>";

    @Test
    void everyProductPortAndEdgeIsInThePicture() throws Exception {
        Document picture = parsed(LineageSvg.of(catalog(), NOON));

        assertThat(texts(picture))
                .contains(
                        "sales.orders",
                        "sales.orders.v1",
                        "logistics.shipments",
                        "reports",
                        "a consumer group",
                        "a private source",
                        "a port of no product in the catalogue",
                        "v1 · lag 1,200 · 2.5/s",
                        "v1 · undeclared",
                        "v1 · silent",
                        "2026-01-01T12:00:00Z");
        assertThat(edges(picture))
                .containsExactlyInAnyOrder("edge ACTIVE", "edge SILENT", "edge UNDECLARED", "edge SILENT");
    }

    @Test
    void whatIsReadIsToTheLeftOfWhoReadsItAndNothingCoversAnything() {
        LineageLayout layout = LineageLayout.of(catalog());

        assertThat(x(layout, "sales.raw.v1")).isLessThan(x(layout, "sales.orders"));
        assertThat(x(layout, "sales.orders")).isLessThan(x(layout, "logistics.shipments"));
        assertThat(x(layout, "logistics.shipments")).isEqualTo(x(layout, "reports"));
        for (LineageLayout.Box one : layout.boxes()) {
            assertThat(one.x() + LineageLayout.BOX_WIDTH).isLessThan(layout.width());
            assertThat(one.y() + one.height()).isLessThan(layout.height());
            assertThat(layout.boxes())
                    .filteredOn(other -> !other.name().equals(one.name()) && other.x() == one.x())
                    .noneMatch(other -> other.y() < one.y() + one.height() && one.y() < other.y() + other.height());
        }
    }

    @Test
    void textOfOthersIsTextAndNothingElse() throws Exception {
        DataProduct hostile = DataProduct.named("evil.copy")
                .ownedBy(HOSTILE, HOSTILE)
                .describedAs(HOSTILE)
                .reads(Products.source("evil.raw.v1").build())
                .publishes(Products.table("evil.copy.v1").build())
                .build();
        Catalog catalog = new Catalog(
                List.of(found(hostile, true)),
                List.of(new Edge("evil.copy.v1", HOSTILE, Edge.Status.UNDECLARED, false, Edge.Figures.UNKNOWN)),
                List.of());

        Document picture = parsed(LineageSvg.of(catalog, NOON));

        assertThat(picture.getElementsByTagName("script").getLength()).isZero();
        assertThat(texts(picture)).anyMatch(text -> text.startsWith("<script>"));
        assertThat(CatalogText.products(catalog, NOON))
                .allSatisfy(line -> assertThat(line).doesNotContain("\u001b"));
        assertThat(CatalogText.lineage(catalog))
                .allSatisfy(line -> assertThat(line).doesNotContain("\u001b"));
    }

    @Test
    void circlesAndLongChainsAreDrawn() throws Exception {
        List<FoundProduct> products = new ArrayList<>();
        List<Edge> edges = new ArrayList<>();
        int length = 3_000;
        for (int i = 0; i < length; i++) {
            products.add(product("chain.p" + i, Products.table("other.x.v1").build(), "chain.p" + i + ".v1"));
            edges.add(new Edge(
                    "chain.p" + i + ".v1",
                    "chain.p" + (i + 1) % length,
                    Edge.Status.ACTIVE,
                    false,
                    Edge.Figures.UNKNOWN));
        }

        Document picture = parsed(LineageSvg.of(new Catalog(products, edges, List.of()), NOON));

        assertThat(edges(picture)).hasSize(length);
    }

    @Test
    void nothingIsAPictureToo() throws Exception {
        assertThat(edges(parsed(LineageSvg.of(new Catalog(List.of(), List.of(), List.of()), NOON))))
                .isEmpty();
    }

    private static Catalog catalog() {
        return new Catalog(
                List.of(
                        product(
                                "logistics.shipments",
                                Products.table("sales.orders.v1").build(),
                                "logistics.shipments.v1"),
                        product("sales.orders", Products.source("sales.raw.v1").build(), "sales.orders.v1")),
                List.of(
                        new Edge(
                                "sales.orders.v1",
                                "logistics.shipments",
                                Edge.Status.ACTIVE,
                                false,
                                new Edge.Figures(OptionalLong.of(1200), OptionalDouble.of(2.5), Optional.empty())),
                        new Edge("sales.orders.v1", "reports", Edge.Status.UNDECLARED, false, Edge.Figures.UNKNOWN),
                        new Edge("sales.raw.v1", "sales.orders", Edge.Status.SILENT, true, Edge.Figures.UNKNOWN),
                        new Edge("gone.away.v1", "reports", Edge.Status.SILENT, false, Edge.Figures.UNKNOWN)),
                List.of());
    }

    private static FoundProduct product(String name, ReadablePort<?> input, String output) {
        OutputPort<?> port = Products.table(output).build();
        return found(Products.product(name, input, port), true);
    }

    private static FoundProduct found(DataProduct product, boolean running) {
        return new FoundProduct(
                product.name(),
                Optional.of(ProductDescription.of(product, "b", "0.1.0", Map.of())),
                List.of(),
                running,
                Optional.of(NOON));
    }

    private static int x(LineageLayout layout, String name) {
        return layout.boxes().stream()
                .filter(box -> box.name().equals(name))
                .findFirst()
                .orElseThrow()
                .x();
    }

    private static Document parsed(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Document picture) {
        List<String> texts = new ArrayList<>();
        NodeList found = picture.getElementsByTagName("text");
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent());
        }
        return texts;
    }

    private static List<String> edges(Document picture) {
        List<String> classes = new ArrayList<>();
        NodeList found = picture.getElementsByTagName("path");
        for (int i = 0; i < found.getLength(); i++) {
            String type = ((Element) found.item(i)).getAttribute("class");
            if (type.startsWith("edge")) {
                classes.add(type);
            }
        }
        return classes;
    }
}
