package io.kappamesh.display;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.discovery.SampledRecord;
import io.kappamesh.generation.RetiredPort;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is found, for a program. What is not known is null; times are ISO-8601 in UTC, durations seconds or ISO-8601. Stateless. */
public final class CatalogJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CatalogJson() {}

    /** One object for each product. */
    public static ArrayNode products(Catalog catalog) {
        ArrayNode all = JSON.createArrayNode();
        catalog.products().forEach(one -> all.add(product(one)));
        return all;
    }

    /** A product. */
    public static ObjectNode product(FoundProduct one) {
        ObjectNode to = JSON.createObjectNode();
        to.put("product", one.name().toString())
                .put("state", one.state())
                .put("running", one.running())
                .put("heardAt", one.heardAt().map(Instant::toString).orElse(null));
        Optional<ProductDescription> known = one.description();
        to.set("owner", JSON.valueToTree(known.map(ProductDescription::owner).orElse(null)));
        to.put("description", known.map(ProductDescription::description).orElse(null));
        to.put("build", known.map(it -> it.software().build()).orElse(null));
        to.put("library", known.map(it -> it.software().library()).orElse(null));
        ArrayNode outputs = to.putArray("outputs");
        known.ifPresent(
                it -> it.outputs().stream().map(OutputDescription::address).forEach(outputs::add));
        ArrayNode inputs = to.putArray("inputs");
        known.ifPresent(
                it -> it.inputs().stream().map(InputDescription::address).forEach(inputs::add));
        to.set(
                "exemptions",
                JSON.valueToTree(known.map(ProductDescription::exemptions).orElse(List.of())));
        to.set("processes", JSON.valueToTree(one.processes()));
        return to;
    }

    /**
     * A port.
     *
     * @param noSample why there is no sample; null = there is no reason
     */
    public static ObjectNode port(
            Catalog.PublishedPort port, List<Edge> readers, List<SampledRecord> sample, @Nullable String noSample) {
        OutputDescription output = port.output();
        ObjectNode to = JSON.createObjectNode();
        to.put("address", output.address())
                .put("topic", output.address())
                .put("product", port.product().name().toString())
                .put("kind", output.kind())
                .put("description", output.description())
                .put("partitions", output.partitions())
                .put("state", port.product().state())
                .put("freshnessSeconds", CatalogText.measured(port.product()).orElse(null));
        to.set(
                "owner",
                JSON.valueToTree(port.product()
                        .description()
                        .map(ProductDescription::owner)
                        .orElse(null)));
        to.set("levels", JSON.valueToTree(output.levels()));
        to.put("convertedFrom", output.convertedFrom().orElse(null));
        to.set("deprecation", JSON.valueToTree(output.ending().orElse(null)));
        to.set("records", JSON.valueToTree(output.records()));
        ArrayNode fields = to.putArray("fields");
        Optional.ofNullable(output.records().schema())
                .map(FieldMeaning::of)
                .orElse(List.of())
                .forEach(field -> fields.addObject()
                        .put("path", field.path())
                        .put("type", field.type())
                        .put("doc", field.doc())
                        .put("classification", field.classification().orElse(null)));
        ArrayNode edges = to.putArray("readers");
        readers.forEach(edge -> edges.add(edge(edge)));
        ArrayNode records = to.putArray("sample");
        sample.forEach(one -> records.addObject()
                .put("partition", one.partition())
                .put("offset", one.offset())
                .put("timestamp", one.at().toString())
                .put("key", one.key())
                .set("value", one.value()));
        to.put("noSample", noSample);
        return to;
    }

    /** That nobody may rely on a port any more. */
    public static ObjectNode retired(RetiredPort port) {
        return JSON.valueToTree(port);
    }

    /** Who reads whom: products with their states, and edges. */
    public static ObjectNode lineage(Catalog catalog) {
        ObjectNode to = JSON.createObjectNode();
        ArrayNode products = to.putArray("products");
        catalog.products()
                .forEach(one -> products.addObject()
                        .put("product", one.name().toString())
                        .put("state", one.state())
                        .put("running", one.running()));
        ArrayNode edges = to.putArray("edges");
        catalog.edges().forEach(edge -> {
            Optional<Catalog.PublishedPort> port = catalog.port(edge.port());
            edges.add(edge(edge)
                    .put(
                            "publisher",
                            port.map(known -> known.product().name().toString()).orElse(null))
                    .set(
                            "deprecation",
                            JSON.valueToTree(
                                    port.flatMap(known -> known.output().ending())
                                            .orElse(null))));
        });
        return to;
    }

    private static ObjectNode edge(Edge edge) {
        Edge.Figures figures = edge.figures();
        return JSON.createObjectNode()
                .put("port", edge.port())
                .put("reader", edge.reader())
                .put("status", edge.status().name())
                .put("source", edge.isSource())
                .put("lag", figures.lag().isPresent() ? figures.lag().getAsLong() : null)
                .put(
                        "ratePerSecond",
                        figures.ratePerSecond().isPresent()
                                ? figures.ratePerSecond().getAsDouble()
                                : null)
                .put("lastReadAt", figures.lastReadAt().map(Instant::toString).orElse(null));
    }
}
