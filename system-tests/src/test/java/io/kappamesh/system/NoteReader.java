package io.kappamesh.system;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.condition.Condition;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Demands a note of each order. */
final class NoteReader {
    private final String domain;
    private final InputPort<GenericRecord> orders;
    private final OutputPort<GenericRecord> notes;

    NoteReader(String domain, String address) {
        this(domain, address, RulePolicy.DEAD_LETTER, port -> port);
    }

    /**
     * @param policy what becomes of an order without a note
     * @param promising adds promises to what it publishes
     */
    NoteReader(
            String domain,
            String address,
            RulePolicy policy,
            UnaryOperator<PortBuilder<GenericRecord, OutputPort<GenericRecord>>> promising) {
        this.domain = domain;
        Schema needed = NotedShop.order(domain, NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        orders = InputPort.table(address, GenericRecord.class)
                .schema(needed)
                .eventTime("at")
                .demands("has-note", "an order has a note", Condition.of("note is not empty"), policy)
                .build();
        notes = promising
                .apply(OutputPort.table(domain + ".notes.v1", GenericRecord.class)
                        .schema(needed)
                        .eventTime("at")
                        .describedAs("Notes"))
                .build();
    }

    OutputPort<GenericRecord> notes() {
        return notes;
    }

    List<ProductDescription> described(String build) {
        return List.of(ProductDescription.of(product().product(), build, "test", Map.of()));
    }

    StreamingProduct product() {
        return new StreamingProduct(
                DataProduct.named(domain + ".notes")
                        .ownedBy(domain, domain + "@example.org")
                        .describedAs("Notes of orders")
                        .reads(orders)
                        .publishes(notes)
                        .build(),
                ports -> ports.publish(notes, ports.read(orders).changes()));
    }
}
