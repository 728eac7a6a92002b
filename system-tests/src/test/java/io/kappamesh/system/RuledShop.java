package io.kappamesh.system;

import io.kappamesh.condition.Condition;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.topology.StreamingProduct;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** A shop whose source promises that each order has a note. */
final class RuledShop {
    private static final Schema ORDER = NotedShop.order("shopp", NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
    static final OutputPort<GenericRecord> ORDERS = OutputPort.table("shopp.orders.v1", GenericRecord.class)
            .schema(ORDER)
            .eventTime("at")
            .describedAs("Orders")
            .build();

    final EventSource<GenericRecord> raw;

    /** @param policy what becomes of an order without a note */
    RuledShop(RulePolicy policy) {
        raw = SourcePort.events("shopp.raw.v1", GenericRecord.class)
                .schema(ORDER)
                .eventTime("at")
                .describedAs("Orders as they come")
                .promises("has-note", "an order has a note", Condition.of("note is not empty"), policy)
                .build();
    }

    StreamingProduct product() {
        return new StreamingProduct(
                DataProduct.named("shopp.orders")
                        .ownedBy("shopp", "shopp@example.org")
                        .describedAs("Orders")
                        .reads(raw)
                        .publishes(ORDERS)
                        .build(),
                ports -> ports.publish(ORDERS, ports.read(raw).stream()));
    }

    static GenericRecord told(String id, String note) {
        return new GenericRecordBuilder(ORDER)
                .set("id", id)
                .set("at", Instant.parse("2026-03-01T10:00:00Z"))
                .set("note", note)
                .build();
    }
}
