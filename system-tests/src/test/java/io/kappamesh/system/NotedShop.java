package io.kappamesh.system;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.topology.StreamingProduct;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** Hands on what it is told. */
final class NotedShop {
    static final String ID = "{\"name\":\"id\",\"type\":\"string\"}";
    static final String AT = "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}";
    static final String NOTE = "{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}";

    private final String domain;
    private final Schema schema;
    final EventSource<GenericRecord> raw;
    final OutputPort<GenericRecord> orders;

    NotedShop(String domain, String... fields) {
        this.domain = domain;
        this.schema = order(domain, fields);
        raw = SourcePort.events(domain + ".raw.v1", GenericRecord.class)
                .schema(order(domain, ID, AT, NOTE))
                .eventTime("at")
                .describedAs("Orders as they come")
                .build();
        orders = OutputPort.table(domain + ".orders.v1", GenericRecord.class)
                .schema(schema)
                .eventTime("at")
                .describedAs("Orders")
                .build();
    }

    DataProduct declared() {
        return DataProduct.named(domain + ".orders")
                .ownedBy(domain, domain + "@example.org")
                .describedAs("Orders")
                .reads(raw)
                .publishes(orders)
                .build();
    }

    List<ProductDescription> described(String build) {
        return List.of(ProductDescription.of(declared(), build, "test", Map.of()));
    }

    /** A product of its domain that reads what it reads, and publishes one port. */
    ProductDescription publishing(String product, String port) {
        return ProductDescription.of(
                DataProduct.named(product)
                        .ownedBy(domain, domain + "@example.org")
                        .describedAs("Orders")
                        .reads(raw)
                        .publishes(OutputPort.table(port, GenericRecord.class)
                                .schema(schema)
                                .eventTime("at")
                                .describedAs("Orders")
                                .build())
                        .build(),
                "b2",
                "test",
                Map.of());
    }

    StreamingProduct product() {
        return new StreamingProduct(
                declared(), ports -> ports.publish(orders, ports.read(raw).becomes(orders, this::same).stream()));
    }

    StreamingProduct withoutLostNotes() {
        return new StreamingProduct(
                declared(),
                ports -> ports.publish(orders, ports.read(raw).becomes(orders, this::withoutLost).stream()));
    }

    private GenericRecord same(GenericRecord raw) {
        return new GenericRecordBuilder(schema)
                .set("id", raw.get("id"))
                .set("at", raw.get("at"))
                .set("note", raw.get("note"))
                .build();
    }

    private GenericRecord withoutLost(GenericRecord raw) {
        GenericRecord order = same(raw);
        if (order.get("note").toString().equals("lost")) {
            order.put("note", "");
        }
        return order;
    }

    /** An order as it comes. */
    GenericRecord told(String id, String note) {
        return new GenericRecordBuilder(order(domain, ID, AT, NOTE))
                .set("id", id)
                .set("at", Instant.parse("2026-03-01T10:00:00Z"))
                .set("note", note)
                .build();
    }

    static Schema order(String namespace, String... fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"" + namespace + "\",\"fields\":["
                        + String.join(",", fields) + "]}");
    }
}
