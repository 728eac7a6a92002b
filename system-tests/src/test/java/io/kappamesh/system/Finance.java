package io.kappamesh.system;

import io.kappamesh.application.MeshApplication;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** A third domain, of which sales knows nothing: it hands on the day of each order. */
final class Finance {
    private static final Schema ORDER = new Schema.Parser().parse("""
            {"type":"record","name":"Order","namespace":"finance","doc":"An order, as finance reads it.","fields":[
              {"name":"orderId","type":"string","doc":"The order."},
              {"name":"orderDate","type":{"type":"int","logicalType":"date"},"doc":"Its day."},
              {"name":"placedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it was placed."}]}""");

    private Finance() {}

    static StreamingProduct product() {
        InputPort<GenericRecord> orders = InputPort.table("sales.orders.v1", GenericRecord.class)
                .schema(ORDER)
                .eventTime("placedAt")
                .build();
        OutputPort<GenericRecord> days = OutputPort.table("finance.order-days.v1", GenericRecord.class)
                .schema(ORDER)
                .eventTime("placedAt")
                .describedAs("The day of each order.")
                .build();
        return new StreamingProduct(
                DataProduct.named("finance.order-days")
                        .ownedBy("finance", "finance@example.org")
                        .describedAs("The day of each order")
                        .reads(orders)
                        .publishes(days)
                        .build(),
                ports -> ports.publish(days, ports.read(orders).changes()));
    }

    public static void main(String[] arguments) {
        System.exit(MeshApplication.of(List.of(product())).run(arguments, System.getenv()));
    }
}
