package io.kappamesh.testkit;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.topology.StreamingProduct;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** A tiny product of generic records: it hands facts on, except those of no text. */
public final class Facts {
    public static final Instant NOON = Instant.parse("1995-03-15T12:00:00Z");
    private static final Schema SCHEMA = SchemaBuilder.record("test.Fact")
            .fields()
            .name("at")
            .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .requiredString("text")
            .endRecord();

    public final EventSource<GenericRecord> raw;
    public final OutputPort<GenericRecord> facts;
    private final String domain;

    public Facts(String domain) {
        this.domain = domain;
        raw = SourcePort.events(domain + ".raw.v1", GenericRecord.class)
                .schema(SCHEMA)
                .eventTime("at")
                .describedAs("Facts as they come.")
                .build();
        facts = OutputPort.table(domain + ".facts.v1", GenericRecord.class)
                .schema(SCHEMA)
                .eventTime("at")
                .describedAs("Facts.")
                .build();
    }

    public StreamingProduct product() {
        EventSource<GenericRecord> input = raw;
        return new StreamingProduct(
                declared("copy", input),
                ports -> ports.publish(
                        facts,
                        ports
                                .read(input)
                                .check(fact -> fact.get("text").toString().isEmpty()
                                        ? Optional.of("there is no text")
                                        : Optional.empty())
                                .stream()));
    }

    /** Reads a table of another domain, where keys may be deleted. */
    public StreamingProduct reader(OutputPort<GenericRecord> theirs) {
        return new StreamingProduct(
                declared("reader", theirs),
                ports -> ports.publish(facts, ports.read(theirs).changes()));
    }

    private DataProduct declared(String name, ReadablePort<?> input) {
        return DataProduct.named(domain + "." + name)
                .ownedBy(domain, "team@example.org")
                .describedAs("A product of a test.")
                .reads(input)
                .publishes(facts)
                .build();
    }

    public static GenericRecord fact(String text) {
        return fact(NOON, text);
    }

    public static GenericRecord fact(Instant at, String text) {
        return new GenericRecordBuilder(SCHEMA).set("at", at).set("text", text).build();
    }
}
