package io.kappamesh.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.fixture.Products;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who reads which field. */
class FieldLineageTest {
    private static final String ADDRESS = "sales.orders.v1";
    private static final String LINE = "{\"type\":\"record\",\"name\":\"Line\",\"fields\":[%s]}";
    private static final String SKU = "{\"name\":\"sku\",\"type\":\"string\"}";
    private static final String TAX = "{\"name\":\"tax\",\"type\":\"int\"}";

    @Test
    void eachFieldNamesItsReadersAndThoseThatNobodyReadsStandOut() {
        OutputPort<GenericRecord> orders = OutputPort.table(ADDRESS, GenericRecord.class)
                .schema(order("id", "clerk", LINE.formatted(SKU + "," + TAX)))
                .withoutEventTime()
                .describedAs("Orders")
                .build();
        Catalog catalog = new Catalog(
                List.of(
                        found("finance.sums", input(order("id", null, null))),
                        found("logistics.shipments", input(order("id", null, LINE.formatted(SKU)))),
                        found("sales.orders", Products.source("sales.raw.v1").build(), orders)),
                List.of(edge("finance.sums"), edge("logistics.shipments"), edge("reports")),
                List.of());

        assertThat(FieldLineage.text(catalog))
                .containsExactly(
                        "sales.orders.v1",
                        "  id  <- finance.sums, logistics.shipments",
                        "  lines[].sku  <- logistics.shipments",
                        "  clerk  of nobody who says so",
                        "  lines[].tax  of nobody who says so",
                        "  ?  <- reports, whose fields are not known");
        assertThat(FieldLineage.json(catalog).toString())
                .isEqualTo(
                        "[{\"port\":\"sales.orders.v1\",\"reader\":\"finance.sums\",\"fields\":[\"id\"]},"
                                + "{\"port\":\"sales.orders.v1\",\"reader\":\"logistics.shipments\",\"fields\":[\"id\",\"lines[].sku\"]}]");
    }

    private static InputPort<GenericRecord> input(Schema schema) {
        return InputPort.table(ADDRESS, GenericRecord.class)
                .schema(schema)
                .withoutEventTime()
                .build();
    }

    private static Schema order(String id, @Nullable String clerk, @Nullable String line) {
        StringBuilder fields = new StringBuilder("{\"name\":\"" + id + "\",\"type\":\"string\"}");
        if (clerk != null) {
            fields.append(",{\"name\":\"").append(clerk).append("\",\"type\":\"string\"}");
        }
        if (line != null) {
            fields.append(",{\"name\":\"lines\",\"type\":{\"type\":\"array\",\"items\":")
                    .append(line)
                    .append("}}");
        }
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"Order\",\"fields\":[" + fields + "]}");
    }

    private static FoundProduct found(String name, ReadablePort<?> input, OutputPort<?>... outputs) {
        DataProduct product = Products.product(
                name,
                input,
                outputs.length == 0
                        ? new OutputPort<?>[] {Products.table(name + ".v1").build()}
                        : outputs);
        return new FoundProduct(
                product.name(),
                Optional.of(ProductDescription.of(product, null, "1", Map.of())),
                List.of(),
                false,
                Optional.empty());
    }

    private static Edge edge(String reader) {
        return new Edge(ADDRESS, reader, Edge.Status.SILENT, false, Edge.Figures.UNKNOWN);
    }
}
