package io.kappamesh.system;

import io.kappamesh.condition.Condition;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.topology.StreamingProduct;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Demands a note of each order. */
final class NoteReader {
    private final String domain;
    private final InputPort<GenericRecord> orders;
    private final OutputPort<GenericRecord> notes;

    NoteReader(String domain, String address) {
        this.domain = domain;
        Schema needed = NotedShop.order(domain, NotedShop.ID, NotedShop.AT, NotedShop.NOTE);
        orders = InputPort.table(address, GenericRecord.class)
                .schema(needed)
                .eventTime("at")
                .demands("has-note", "an order has a note", Condition.of("note is not empty"))
                .build();
        notes = OutputPort.table(domain + ".notes.v1", GenericRecord.class)
                .schema(needed)
                .eventTime("at")
                .describedAs("Notes")
                .build();
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
