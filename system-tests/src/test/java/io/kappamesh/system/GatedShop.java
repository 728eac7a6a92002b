package io.kappamesh.system;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** A product whose ports a test declares. */
final class GatedShop {
    static final String ID = "{\"name\":\"id\",\"type\":\"string\"}";
    static final String NO = "{\"name\":\"no\",\"type\":\"string\"}";
    static final String AT = "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}";

    private GatedShop() {}

    /** Publishes each order under all of these names. */
    static StreamingProduct product(
            String domain,
            List<String> names,
            Schema schema,
            UnaryOperator<PortBuilder<GenericRecord, OutputPort<GenericRecord>>> more) {
        EventSource<GenericRecord> raw = SourcePort.events(domain + ".raw.v1", GenericRecord.class)
                .schema(order(AT))
                .eventTime("at")
                .describedAs("Orders as they come")
                .build();
        List<OutputPort<GenericRecord>> ports = names.stream()
                .map(name -> more.apply(OutputPort.table(domain + "." + name + ".v1", GenericRecord.class)
                                .schema(schema)
                                .eventTime("at")
                                .describedAs("Orders"))
                        .build())
                .toList();
        DataProduct.Builder product = DataProduct.named(domain + ".orders")
                .ownedBy(domain, domain + "@example.org")
                .describedAs("Orders")
                .reads(raw);
        ports.forEach(product::publishes);
        return new StreamingProduct(product.build(), wired -> {
            KStream<String, GenericRecord> orders = wired.read(raw).stream()
                    .mapValues(
                            one -> new GenericRecordBuilder(schema)
                                    .set("id", "o")
                                    .set("no", "n")
                                    .set("at", one.get("at"))
                                    .build(),
                            Named.as("orders"));
            ports.forEach(port -> wired.publish(port, orders));
        });
    }

    static Schema order(String... fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":["
                        + String.join(",", fields) + "]}");
    }
}
