package io.kappamesh.runtime;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.OwnedPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.SourcePort;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;

/** Declarations for tests. */
final class Products {
    private static final Schema SCHEMA = SchemaBuilder.record("test.Fact")
            .fields()
            .name("at")
            .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .endRecord();

    private Products() {}

    static PortBuilder<GenericRecord, SourcePort<GenericRecord>> source(String address) {
        return filled(SourcePort.events(address, GenericRecord.class));
    }

    static PortBuilder<GenericRecord, OutputPort<GenericRecord>> table(String address) {
        return filled(OutputPort.table(address, GenericRecord.class));
    }

    static PortBuilder<GenericRecord, OutputPort<GenericRecord>> events(String address) {
        return filled(OutputPort.events(address, GenericRecord.class));
    }

    static DataProduct product(String name, InputPort<?> input, OutputPort<?> output) {
        return DataProduct.named(name)
                .ownedBy("team", "team@example.org")
                .describedAs("A product of a test.")
                .reads(input)
                .publishes(output)
                .build();
    }

    private static <P extends OwnedPort<GenericRecord>> PortBuilder<GenericRecord, P> filled(
            PortBuilder<GenericRecord, P> port) {
        return port.schema(SCHEMA).eventTime("at").describedAs("A port of a test.");
    }
}
