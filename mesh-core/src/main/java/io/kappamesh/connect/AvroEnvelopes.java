package io.kappamesh.connect;

import io.kappamesh.mapping.MisfitException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Reads messages of Debezium in Avro that have one writer's schema. Immutable and thread-safe. */
final class AvroEnvelopes {
    private final FramedAvro<Object> raw;
    private final boolean isRecord;
    private final int operation;
    private final int after;
    private final int source;
    private final int time;
    private final boolean changesSchema;
    private final @Nullable ConnectRows rows;

    /** @param filled fields of the port's record that somebody else fills */
    AvroEnvelopes(Schema writer, Schema reader, Set<String> filled) {
        raw = FramedAvro.raw(writer);
        isRecord = writer.getType() == Schema.Type.RECORD;
        operation = position(writer, "op");
        after = position(writer, "after");
        source = position(writer, "source");
        @Nullable
        Schema origin =
                source < 0 ? null : record(writer.getFields().get(source).schema());
        time = origin == null ? -1 : position(origin, "ts_ms");
        changesSchema = operation < 0 && position(writer, "ddl") >= 0;
        @Nullable
        Schema row = after < 0 ? null : record(writer.getFields().get(after).schema());
        rows = row == null ? null : new ConnectRows(row, reader, filled);
    }

    Envelope read(byte[] bytes) throws MisfitException {
        Object message = raw.read(bytes);
        if (!isRecord) {
            throw new MisfitException("is no record");
        }
        IndexedRecord envelope = (IndexedRecord) message;
        @Nullable Object row = after < 0 ? null : envelope.get(after);
        @Nullable
        GenericRecord mapped =
                row instanceof IndexedRecord record && rows != null ? rows.of(record, bytes.length) : null;
        @Nullable Object op = operation < 0 ? null : envelope.get(operation);
        return new Envelope(op == null ? "" : op.toString(), mapped, changed(envelope), changesSchema);
    }

    private @Nullable Long changed(IndexedRecord envelope) {
        return time >= 0 && envelope.get(source) instanceof IndexedRecord origin && origin.get(time) instanceof Long at
                ? at
                : null;
    }

    private static int position(Schema writer, String field) {
        return writer.getType() == Schema.Type.RECORD && writer.getField(field) != null
                ? writer.getField(field).pos()
                : -1;
    }

    /** The record that a field holds, which may be null in the data. */
    private static @Nullable Schema record(Schema type) {
        return (type.getType() == Schema.Type.UNION ? type.getTypes().stream() : Stream.of(type))
                .filter(branch -> branch.getType() == Schema.Type.RECORD)
                .findFirst()
                .orElse(null);
    }
}
