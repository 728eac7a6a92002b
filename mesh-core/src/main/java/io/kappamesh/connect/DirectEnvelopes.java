package io.kappamesh.connect;

import io.kappamesh.avro.AvroType;
import io.kappamesh.mapping.MisfitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of Debezium in Avro of one writer whose columns have the types of the port's fields: its bytes are read straight into the port's
 * class, and what else is in the message is passed over. Immutable and thread-safe.
 */
final class DirectEnvelopes<V extends IndexedRecord> {
    /** What is of interest in a message. */
    record Change<V>(String operation, @Nullable V after) {}

    private final FramedAvro<GenericRecord> messages;

    private DirectEnvelopes(FramedAvro<GenericRecord> messages) {
        this.messages = messages;
    }

    /** Empty = its columns have other types, or it is no envelope. */
    static <V extends IndexedRecord> Optional<DirectEnvelopes<V>> of(Schema writer, AvroType<V> port) {
        if (writer.getType() != Schema.Type.RECORD
                || !isText(writer.getField("op"))
                || writer.getField("after") == null
                || row(writer.getField("after").schema()).isEmpty()) {
            return Optional.empty();
        }
        Schema after = writer.getField("after").schema();
        try {
            return SameColumns.of(row(after).orElseThrow(), port.schema())
                    .map(row -> new DirectEnvelopes<>(
                            new FramedAvro<>(port.inside(envelope(port.schema())), renamed(writer, after, row))));
        } catch (SchemaParseException strangeName) {
            return Optional
                    .empty(); // databases have columns with names that registries keep, and Avro does not let anybody
            // make
        }
    }

    private static boolean isText(Schema.@Nullable Field field) {
        return field != null && field.schema().getType() == Schema.Type.STRING;
    }

    /** The record in a union of null and a record. */
    private static Optional<Schema> row(Schema after) {
        return after.getType() == Schema.Type.UNION && after.getTypes().size() == 2 && after.isNullable()
                ? after.getTypes().stream()
                        .filter(branch -> branch.getType() == Schema.Type.RECORD)
                        .findFirst()
                : Optional.empty();
    }

    private static Schema envelope(Schema row) {
        return record(List.of(
                new Schema.Field("op", Schema.create(Schema.Type.STRING)),
                new Schema.Field("after", Schema.createUnion(Schema.create(Schema.Type.NULL), row))));
    }

    /** Both have one name, so that Avro reads one as the other; the writer's may be none that Avro allows. */
    private static Schema record(List<Schema.Field> fields) {
        return Schema.createRecord("Envelope", null, "io.kappamesh.connect", false, fields);
    }

    private static Schema renamed(Schema writer, Schema after, Schema row) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : writer.getFields()) {
            Schema schema = field.name().equals("after")
                    ? Schema.createUnion(after.getTypes().stream()
                            .map(branch -> branch.getType() == Schema.Type.RECORD ? row : branch)
                            .toList())
                    : field.schema();
            fields.add(new Schema.Field(field.name(), schema));
        }
        return record(fields);
    }

    @SuppressWarnings("unchecked") // the data model makes what its schema says, and that is V
    Change<V> read(byte[] bytes) throws MisfitException {
        GenericRecord message = messages.read(bytes);
        return new Change<>(String.valueOf(message.get(0)), (V) message.get(1));
    }
}
