package io.kappamesh.console.ingest;

import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.condition.Condition;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourceBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A source port as the catalogue describes it, and a product that reads it.
 *
 * @param product whose dead letters take what is refused
 * @param port with the rules that are conditions
 * @param functions names of rules that are functions in the product's code, and are not tested here
 * @param isKeyKnown whether the description says where the keys of records come from; an earlier version's does not
 */
record DescribedSource(
        ProductName product, SourcePort<GenericRecord> port, List<String> functions, boolean isKeyKnown) {

    /** What a product reads. */
    private record Reader(ProductName product, InputDescription input) {}

    /**
     * Finds a port.
     *
     * @param products of the port's domain
     * @param address of the port
     * @param wanted the product whose dead letters take what is refused; null = the only one that reads the port
     * @param retention for how long the port's topic keeps records; empty = for ever
     * @throws StartupException when nobody reads it, several do and none is named, or its description does not say enough
     */
    static DescribedSource find(
            Stream<ProductDescription> products,
            String address,
            @Nullable String wanted,
            Optional<Duration> retention) {
        List<Reader> readers = products.flatMap(product -> product.inputs().stream()
                        .filter(input -> input.address().equals(address) && input.source() != null)
                        .map(input -> new Reader(product.name(), input)))
                .toList();
        if (readers.isEmpty()) {
            throw refused(
                    address,
                    "no product in the catalogue reads a source of this address; check it with `mesh"
                            + " products`, and start the product that reads it once: it describes itself when it runs, and not when"
                            + " it is provisioned");
        }
        List<Reader> meant = readers.stream()
                .filter(reader -> wanted == null || reader.product().toString().equals(wanted))
                .toList();
        if (meant.size() != 1) {
            throw refused(
                    address,
                    (wanted == null ? "several products read it" : "product " + wanted + " does not read it")
                            + "; name the one whose dead letters take what is refused with --product: "
                            + readers.stream()
                                    .map(reader -> reader.product().toString())
                                    .toList());
        }
        return of(meant.get(0), retention);
    }

    private static DescribedSource of(Reader reader, Optional<Duration> retention) {
        InputDescription input = reader.input();
        RecordDescription records = input.needs();
        if (records.schemaId() == null || !input.topic().equals(input.address())) {
            throw refused(
                    input.address(),
                    "its topic belongs to somebody else, or has a format of its own, which the"
                            + " catalogue does not describe; ingest from the domain's own program, see docs/ingest.md");
        }
        if (records.schema() == null) {
            throw refused(
                    input.address(),
                    "its schema is too large for the catalogue; ingest from the domain's own"
                            + " program, see docs/ingest.md");
        }
        if (records.key() != null && records.keyField() == null) {
            throw refused(
                    input.address(),
                    "its key " + records.key() + " is a function in the product's code; ingest from"
                            + " the domain's own program, see docs/ingest.md");
        }
        @Nullable String keys = input.keys();
        boolean isKeyedByValue = InputDescription.VALUE.equals(keys);
        if (keys != null && !isKeyedByValue && !keys.equals(InputDescription.TEXT)) {
            throw refused(
                    input.address(),
                    "the keys of its records are not text"
                            + (keys.equals(InputDescription.FORMAT)
                                    ? ", which is all that is written here"
                                    : ": they are of a kind that only a later version of this library knows"));
        }
        Schema schema = new Schema.Parser().parse(records.schema());
        SourceBuilder<GenericRecord, ? extends SourcePort<GenericRecord>> port =
                input.kind().equals("table")
                        ? SourcePort.table(input.address(), GenericRecord.class)
                        : SourcePort.events(input.address(), GenericRecord.class);
        port.schema(schema).maxRecordBytes(records.maxBytes()).describedAs(String.valueOf(input.source()));
        eventTime(port, input, schema);
        if (records.keyField() != null && !isKeyedByValue) {
            port.key(records.keyField());
        }
        if (input.needs().eventTime() != null) {
            retention.ifPresent(port::keptFor);
        }
        List<String> functions = new ArrayList<>();
        for (RecordDescription.Rule rule : records.rules()) {
            if (rule.condition() == null) {
                functions.add(rule.name());
            } else {
                port.promises(rule.name(), rule.description(), Condition.of(rule.condition()));
            }
        }
        SourcePort<GenericRecord> built = port.build();
        return new DescribedSource(
                reader.product(),
                isKeyedByValue && built instanceof EventSource<GenericRecord> events
                        ? events.keyedBy(String.valueOf(records.keyField()))
                        : built,
                functions,
                keys != null);
    }

    private static void eventTime(
            SourceBuilder<GenericRecord, ? extends SourcePort<GenericRecord>> port,
            InputDescription input,
            Schema schema) {
        @Nullable String field = input.needs().eventTime();
        if (field == null) {
            if (input.kind().equals("table")) {
                port.withoutEventTime();
            } else {
                port.recordTimestamp();
            }
            return;
        }
        Optional<Schema> type = type(schema, field);
        if (type.filter(one -> one.getType() == Schema.Type.STRING).isPresent()) {
            port.eventTimeText(field);
        } else if (type.filter(one -> one.getLogicalType() == null).isPresent()) {
            throw refused(
                    input.address(),
                    "its event time " + field + " counts a unit that the catalogue does not"
                            + " describe; ingest from the domain's own program, see docs/ingest.md");
        } else {
            port.eventTime(field);
        }
    }

    private static Optional<Schema> type(Schema schema, String path) {
        @Nullable Schema at = schema;
        for (String step : path.split("\\.", -1)) {
            Schema.@Nullable Field field = at != null && at.getType() == Schema.Type.RECORD ? at.getField(step) : null;
            at = field == null ? null : field.schema();
        }
        return Optional.ofNullable(at);
    }

    private static StartupException refused(String address, String why) {
        return new StartupException(ExitCode.CONFIGURATION, List.of("port " + address + ": " + why));
    }
}
